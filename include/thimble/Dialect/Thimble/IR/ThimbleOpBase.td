//===- ThimbleOpBase.td - Base classes of the ops ----------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every graph op has in common.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEOPBASE_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEOPBASE_TD

include "mlir/Interfaces/SideEffectInterfaces.td"
include "thimble/Dialect/Thimble/IR/ThimbleAttributes.td"
include "thimble/Dialect/Thimble/IR/ThimbleInterfaces.td"

/// Rows of the operands are declared by the op (not read whole).
def Thimble_Windowed : DeclareOpInterfaceMethods<Thimble_WindowedOp>;
/// The same, of an op whose attributes count rows.
def Thimble_WindowedSlice
    : DeclareOpInterfaceMethods<Thimble_WindowedOp, ["rebuildWithRows"]>;
/// The op may have its rows added up one at a time.
def Thimble_Absorbing : DeclareOpInterfaceMethods<Thimble_AbsorbingOp>;
def Thimble_Weighted : DeclareOpInterfaceMethods<Thimble_WeightedOp>;
def Thimble_HasMacs : DeclareOpInterfaceMethods<Thimble_CostOp, ["getMacs"]>;

def Thimble_FixedQuantization
    : DeclareOpInterfaceMethods<Thimble_FixedQuantizationOp>;
def Thimble_Tabulated : DeclareOpInterfaceMethods<Thimble_TabulatedOp>;
/// How channels flow: as through an element-by-element op, but for the methods
/// named.
class Thimble_Channelwise<list<string> methods>
    : DeclareOpInterfaceMethods<Thimble_ChannelwiseOp, methods>;

/// The result's shape follows from the operand's number of channels.
def Thimble_ChannelwiseView
    : Thimble_Channelwise<["inferChannelRanges", "keepNeededChannels"]>;
/// Attributes count channels.
def Thimble_ChannelwiseMove
    : Thimble_Channelwise<["inferChannelRanges", "keepNeededChannels",
                           "rebuildWithChannels"]>;
def Thimble_ChannelwiseJoin
    : Thimble_Channelwise<["inferChannelRanges", "keepNeededChannels",
                           "rebuildWithChannels", "canLoseOperand"]>;

/// An op of the graph: pure, and exact on any core through its step function.
class Thimble_GraphOp<string mnemonic, list<Trait> traits = []>
    : Op<Thimble_Dialect, mnemonic,
         [Pure, DeclareOpInterfaceMethods<Thimble_ReferenceSemantics>] #
             traits> {
  let results = (outs Thimble_Tensor:$output);
  let hasVerifier = 1;
}

/// One operand, element by element.
class Thimble_UnaryOp<string mnemonic, list<Trait> traits = []>
    : Thimble_GraphOp<mnemonic, [Thimble_Windowed] # traits> {
  let arguments = (ins Thimble_Tensor:$input);
  let assemblyFormat =
      "$input attr-dict `:` functional-type(operands, results)";
}

/// The same, a table for int8 (not for int16).
class Thimble_TabulatedUnaryOp<string mnemonic, list<Trait> traits = []>
    : Thimble_UnaryOp<mnemonic,
                      [Thimble_Tabulated, Thimble_ChannelwiseOp] # traits>;

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEOPBASE_TD
