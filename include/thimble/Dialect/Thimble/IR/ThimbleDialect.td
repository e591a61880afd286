//===- ThimbleDialect.td - The thimble dialect --------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect itself and the types that its ops accept.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEDIALECT_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEDIALECT_TD

include "mlir/IR/OpBase.td"

def Thimble_Dialect : Dialect {
  let name = "thimble";
  let cppNamespace = "::thimble";
  let summary = "Neural networks for microcontrollers, weights as compressed tensors";
  let description = [{
    Graph ops on ranked, static tensors of `f32`, `i32` or `!quant.uniform`
    types (int8, or int16 with zero point 0) in NHWC order, and `thimble.kernel`, the unit that kernel selection,
    memory planning and code emission work on.

    Discardable attributes that the dialect defines:

    | attribute | on | meaning |
    |---|---|---|
    | `thimble.id` | graph ops, kernels, layer functions | the stable name of a source op |
    | `thimble.cpu` | module | the core that is compiled for, as LLVM names it, or `host` |
    | `thimble.name` | arguments, results of the model's function | the tensor's name in the source file |
    | `thimble.placement` | arguments of the model's function | where the planner put the argument |
    | `thimble.range` | results of float graph ops, arguments of the model's function | [least, greatest] real number that is to be represented |
    | `thimble.moments` | float ops with a weight | second moments of what the weight is multiplied with |
    | `thimble.recipe` | ops with a weight | how the weight is to be compressed |
    | `thimble.arena_bytes`, `thimble.arena_alignment` | the model's function | the memory plan |
    | `thimble.live_bytes`, `thimble.peak_layer` | the model's function | bytes of the arena that are live at once at most, and in which layer |
    | `thimble.bound_bytes`, `thimble.row_bound_bytes` | the model's function | bytes of the arena that any such plan needs, and any plan of rows |
    | `thimble.histogram` | graph ops, arguments of the model's function | how often the real numbers between its least and its greatest one occur |
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect"];
  let extraClassDeclaration = [{
    /// Adds one scheme of encodings; see registerSchemes.
    template <typename Scheme>
    void registerScheme() { addAttributes<Scheme>(); }
    ::mlir::Attribute parseAttribute(::mlir::DialectAsmParser &parser,
                                     ::mlir::Type type) const override;
    void printAttribute(::mlir::Attribute attr,
                        ::mlir::DialectAsmPrinter &printer) const override;
  }];
}

/// A tensor of the graph: ranked, static.
def Thimble_Tensor : Type<
    CPred<"::thimble::isGraphTensorType($_self)">,
    "ranked static tensor of f32, i32, i64 or a uniform quantized type",
    "::mlir::RankedTensorType">;

/// A tensor whose numbers may be encoded: what constants make, kernels pass on,
/// and thimble.decode or a kernel that fuses the decoding reads.
def Thimble_WeightTensor : Type<
    CPred<"::thimble::isWeightTensorType($_self)">,
    "tensor of the graph, or a weight of 8 bits with #thimble.encoding",
    "::mlir::RankedTensorType">;

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEDIALECT_TD
