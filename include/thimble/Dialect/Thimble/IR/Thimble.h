//===- Thimble.h - The thimble dialect --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The dialect's ops, attributes and interfaces.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLE_H
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLE_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "thimble/Dialect/Thimble/IR/Channels.h"
#include "thimble/Dialect/Thimble/IR/RowOrder.h"
#include "thimble/Dialect/Thimble/IR/Symbols.h"
#include "thimble/LoopNest/StepSpec.h"
#include "thimble/LoopNest/WindowGeometry.h"
#include "thimble/Support/ActivationTables.h"
#include "thimble/Support/QuantizedParameters.h"

namespace thimble {
class StepBuilder;
struct TargetInfo;

/// The name of the attribute that names a source op for good.
constexpr llvm::StringLiteral idAttrName = "thimble.id";
/// The name of the tensor in the source file, on arguments and results.
constexpr llvm::StringLiteral tensorNameAttrName = "thimble.name";
/// Where the planner put an argument of the model's function.
constexpr llvm::StringLiteral placementAttrName = "thimble.placement";
/// Bytes of the arena and their alignment, on the model's function.
constexpr llvm::StringLiteral arenaBytesAttrName = "thimble.arena_bytes";
constexpr llvm::StringLiteral arenaAlignmentAttrName =
    "thimble.arena_alignment";
/// What the report says about the arena, on the model's function: most bytes
/// that are live at once; what no plan of its kind (layers called in any order,
/// or rows computed in any order) needs fewer than; the id of the layer in
/// which the most are live, absent if that is before the first one; what no
/// plan of rows, as --max-ram asks for, needs fewer than, absent if layers can
/// not be computed row by row or the weights of one are decoded.
constexpr llvm::StringLiteral liveBytesAttrName = "thimble.live_bytes";
constexpr llvm::StringLiteral boundBytesAttrName = "thimble.bound_bytes";
constexpr llvm::StringLiteral peakLayerAttrName = "thimble.peak_layer";
constexpr llvm::StringLiteral rowBoundBytesAttrName = "thimble.row_bound_bytes";
/// What real numbers a value holds, [least, greatest], of float results and
/// arguments.
constexpr llvm::StringLiteral rangeAttrName = "thimble.range";
/// Second moments of what the weight of a float op is multiplied with.
constexpr llvm::StringLiteral momentsAttrName = "thimble.moments";
/// The RecipeAttr of an op with a weight.
constexpr llvm::StringLiteral recipeAttrName = "thimble.recipe";
/// The region of a placement that the caller's arena is.
constexpr llvm::StringLiteral arenaRegionName = "arena";
/// The region of what is kept from call to call, and its bytes, on the model's
/// function.
constexpr llvm::StringLiteral stateRegionName = "state";
constexpr llvm::StringLiteral stateBytesAttrName = "thimble.state_bytes";
/// How often the numbers of a value occur.
constexpr llvm::StringLiteral histogramAttrName = "thimble.histogram";

/// True for a ranked static tensor of f32, i32, i64 or a uniform quantized
/// type with i8, i16 or i32 storage.
bool isGraphTensorType(mlir::Type type);
/// The same, or such a tensor with 8-bit storage and a `#thimble.encoding`.
bool isWeightTensorType(mlir::Type type);

/// A copy of an op of one result on other operands, with another result type.
mlir::Operation *rebuildOp(mlir::Operation *op, mlir::OpBuilder &builder,
                           mlir::ValueRange operands,
                           mlir::RankedTensorType result);

/// Marks ops whose operands and result have one quantization.
template <typename ConcreteOp>
class KeepsQuantization
    : public mlir::OpTrait::TraitBase<ConcreteOp, KeepsQuantization> {};

/// Marks ops that have no form for activations of 16 bits.
template <typename ConcreteOp>
class Int8Only : public mlir::OpTrait::TraitBase<ConcreteOp, Int8Only> {};
} // namespace thimble

#include "thimble/Dialect/Thimble/IR/ThimbleDialect.h.inc"
#include "thimble/Dialect/Thimble/IR/ThimbleEncodingInterface.h.inc"
#include "thimble/Dialect/Thimble/IR/ThimbleEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "thimble/Dialect/Thimble/IR/ThimbleAttributes.h.inc"
#include "thimble/Dialect/Thimble/IR/ThimbleInterfaces.h.inc"
#define GET_OP_CLASSES
#include "thimble/Dialect/Thimble/IR/ThimbleOps.h.inc"

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLE_H
