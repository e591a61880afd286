//===- ThimbleInterfaces.td - What passes ask of ops --------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes ask these interfaces and never an op's name.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEINTERFACES_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEINTERFACES_TD

include "mlir/IR/OpBase.td"

def Thimble_ReferenceSemantics : OpInterface<"ReferenceSemantics"> {
  let cppNamespace = "::thimble";
  let description = [{
    An op that lowers itself exactly to upstream dialects, so that it runs on
    every core and on the host. The unit is the *row step*: one row of the
    output, computed from pointers to rows of the operands. Micro-kernels only
    ever replace this code by something equal.
  }];
  let methods = [
    InterfaceMethod<[{
        What the step function needs on `target`: rows per operand, constant
        tables with their bytes, scratch, what it may overwrite.
      }], "::thimble::StepSpec", "getStepSpec",
      (ins "const ::thimble::TargetInfo &":$target)>,
    InterfaceMethod<[{
        Emits the body of the step function that getStepSpec describes.
      }], "void", "buildStep", (ins "::thimble::StepBuilder &":$step)>
  ];
}

def Thimble_WindowedOp : OpInterface<"WindowedOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    How rows flow through an op. A row is one index of all dimensions but the
    last two of an NHWC tensor (W*C elements), of all but the last of any other
    rank. An op without this interface reads its operands whole.
  }];
  let methods = [
    InterfaceMethod<
      "The rows of operand `index` that the step for an output row reads.",
      "::thimble::RowWindow", "getRowWindow", (ins "unsigned":$index)>,
    InterfaceMethod<[{
        Builds the op anew for some rows of its result, of type `result`.
        `operands` hold nothing but the rows that their windows read, from the
        first to the last; none of them is padding.
      }], "::mlir::Operation *", "rebuildWithRows",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands,
           "::mlir::RankedTensorType":$result), [{}],
      [{ return ::thimble::rebuildOp($_op, builder, operands, result); }]>
  ];
}

def Thimble_AbsorbingOp : OpInterface<"AbsorbingOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    An op with one output row that may add up its input row by row, so that no
    two rows of the input need to exist at once. Exact: the numbers added are
    the same, in the same order where that matters.
  }];
  let methods = [
    InterfaceMethod<[{
        Bytes of the sums while rows are added, 0 if the op, as it stands, needs
        its rows at once.
      }], "int64_t", "getSumBytes",
      (ins "const ::thimble::TargetInfo &":$target)>,
    InterfaceMethod<[{
        Emits what a step does: adds the row at `step.operands[0]`, the
        `step.row`-th from 0, to `step.sums`, which are 0 before the first one.
      }], "void", "buildAbsorb", (ins "::thimble::StepBuilder &":$step)>,
    InterfaceMethod<[{
        Emits what the last step does then: writes the row at `step.output` that
        follows from `step.sums`.
      }], "void", "buildAbsorbed", (ins "::thimble::StepBuilder &":$step)>
  ];
}

def Thimble_WeightedOp : OpInterface<"WeightedOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    An op with a constant weight operand that is multiplied and accumulated.
  }];
  let methods = [
    InterfaceMethod<"The weight operand.", "::mlir::OpOperand &",
                    "getWeightOperand">,
    InterfaceMethod<"The weight's dimension that counts output channels.",
                    "int64_t", "getOutputChannelAxis">,
    InterfaceMethod<"The weight's dimensions that are summed over.",
                    "::llvm::SmallVector<int64_t>", "getReductionAxes">,
    InterfaceMethod<[{
        The windows of operand 0 that the weights are multiplied with, in one
        image; a matrix product reads a row of pixels through windows of one.
      }], "::thimble::WindowGeometry", "getWeightWindows">,
    InterfaceMethod<"What is added to each output channel, null if nothing.",
                    "::mlir::Value", "getBiasValue", (ins), [{}],
                    [{ return $_op.getBias(); }]>,
    InterfaceMethod<"Replaces or adds that operand.", "void", "setBiasValue",
                    (ins "::mlir::Value":$bias), [{}],
                    [{ $_op.getBiasMutable().assign(bias); }]>
  ];
}

def Thimble_ActivatedOp : OpInterface<"ActivatedOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    An op whose last step is to clamp each element to its fused activation.
  }];
  let methods = [
    InterfaceMethod<"The clamp.", "::thimble::Activation", "getActivation">,
    InterfaceMethod<"Replaces the clamp.", "void", "setActivation",
                    (ins "::thimble::Activation":$activation)>
  ];
}

def Thimble_FixedQuantizationOp : OpInterface<"FixedQuantizationOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    An op whose integer result has one scale and zero point, whatever its
    numbers.
  }];
  let methods = [
    InterfaceMethod<"The only quantization of a result of `bits` bits, 8 or 16.",
                    "::thimble::TensorQuantization", "getFixedQuantization",
                    (ins "unsigned":$bits)>
  ];
}

/// An op whose operands and result have one quantization: it moves or selects
/// elements and never rescales them.
def Thimble_KeepsQuantization : NativeOpTrait<"KeepsQuantization"> {
  let cppNamespace = "::thimble";
}

/// An op that TFLite has no form of for activations of 16 bits.
def Thimble_Int8Only : NativeOpTrait<"Int8Only"> {
  let cppNamespace = "::thimble";
}

def Thimble_TabulatedOp : OpInterface<"TabulatedOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    An op of one operand that, where operand and result are int8, maps each
    element to an entry of a table. Other types are computed.
  }];
  let methods = [
    InterfaceMethod<
      "The table; operand and result are per-tensor int8.",
      "::thimble::ActivationTable", "getTable">
  ];
}

def Thimble_ChannelwiseOp : OpInterface<"ChannelwiseOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    How channels (indices of the last dimension) flow through an op whose
    activations are per-tensor int8. Nothing is asked of other tensors. The
    defaults are those of an op that computes each element from the same
    element of its operands. An op without this interface needs all channels
    of its operands, and all of its result stay.
  }];
  let methods = [
    InterfaceMethod<[{
        Bounds of each channel of the result for operands within `operands`
        (one entry an operand), by the op's own integer arithmetic.
      }], "::thimble::ChannelRanges", "inferChannelRanges",
      (ins "::llvm::ArrayRef<::thimble::ChannelRanges>":$operands), [{}],
      [{ return ::thimble::inferElementwiseRanges($_op, operands); }]>,
    InterfaceMethod<[{
        Adds to `flow.operands` and `flow.result` what must stay because of
        what already does. A channel of an operand may go if no channel of the
        result that stays depends on it, or if it is constant and
        rebuildWithChannels accounts for its number. Never takes anything
        away, and adds the more the more was there.
      }], "void", "keepNeededChannels", (ins "::thimble::ChannelFlow &":$flow),
      [{}], [{ ::thimble::keepSameChannels(flow); }]>,
    InterfaceMethod<[{
        Builds the op anew on `operands`: activations hold the channels that
        stay according to `flow`, constants are the original ones. The result
        holds the channels of `flow.result`, bit for bit as before.
      }], "::mlir::Operation *", "rebuildWithChannels",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands,
           "const ::thimble::ChannelFlow &":$flow), [{}],
      [{ return ::thimble::rebuildElementwise($_op, builder, operands, flow);
      }]>,
    InterfaceMethod<
      "Whether operand `index` may lose all its channels.",
      "bool", "canLoseOperand", (ins "unsigned":$index), [{}],
      [{ return false; }]>
  ];
}

def Thimble_CostOp : OpInterface<"CostOp"> {
  let cppNamespace = "::thimble";
  let description = [{
    How much work one run of the op is, independent of any kernel.
  }];
  let methods = [
    InterfaceMethod<[{
        Multiply-accumulates, taps on padding included (the field's count).
      }], "int64_t", "getMacs", (ins), [{}], [{ return 0; }]>
  ];
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEINTERFACES_TD
