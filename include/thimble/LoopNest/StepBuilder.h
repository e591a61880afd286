//===- StepBuilder.h - Emits the body of a step function --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A thin layer over OpBuilder for code on addresses: scf loops, 32-bit
// arithmetic, loads and stores of little-endian memory. Index arithmetic is
// i32 on every target, so that the same nest runs on the host.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_STEPBUILDER_H
#define THIMBLE_LOOPNEST_STEPBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "thimble/LoopNest/StepSpec.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace thimble {

class StepBuilder {
public:
  using Value = mlir::Value;
  using Values = llvm::SmallVector<mlir::Value>;

  StepBuilder(mlir::OpBuilder &builder, mlir::Location loc,
              const TargetInfo &target)
      : builder(builder), loc(loc), target(target) {}

  mlir::OpBuilder &builder;
  mlir::Location loc;
  const TargetInfo &target;

  // The arguments of the step function (see StepSpec).
  Values operands;
  Value output;
  Values tables;
  Value paddingRow;
  Value scratch;
  Value pixels;
  Value channels;
  // Of a step that adds a row to sums: its number and the sums' address.
  Value row;
  Value sums;

  // Types.
  mlir::Type i1() { return builder.getI1Type(); }
  mlir::Type i8() { return builder.getI8Type(); }
  mlir::Type i16() { return builder.getIntegerType(16); }
  mlir::Type i32() { return builder.getI32Type(); }
  mlir::Type i64() { return builder.getI64Type(); }
  mlir::Type f32() { return builder.getF32Type(); }
  mlir::Type ptr();

  // Constants.
  Value constant(int64_t value); ///< i32
  Value constant(int64_t value, mlir::Type type);
  Value constantF32(float value);

  // i32 arithmetic, wrapping. Operations on constants fold.
  Value add(Value a, Value b);
  Value sub(Value a, Value b);
  Value mul(Value a, Value b);
  Value add(Value a, int64_t b);
  Value mul(Value a, int64_t b);
  Value shl(Value a, Value b);
  Value shl(Value a, int64_t b);
  Value ashr(Value a, Value b);
  Value ashr(Value a, int64_t b);
  Value lshr(Value a, int64_t b);
  Value bitAnd(Value a, Value b);
  Value smin(Value a, Value b);
  Value smax(Value a, Value b);
  Value clamp(Value a, int64_t low, int64_t high);
  Value select(Value condition, Value a, Value b);
  Value compare(mlir::arith::CmpIPredicate predicate, Value a, Value b);
  Value extend(Value a, mlir::Type type); ///< sign-extends
  Value truncate(Value a, mlir::Type type);

  // Addresses count bytes.
  Value at(Value pointer, Value bytes);
  Value at(Value pointer, int64_t bytes);
  Value load(mlir::Type type, Value pointer);
  Value loadI8(Value pointer);  ///< sign-extended to i32
  Value loadU8(Value pointer);  ///< zero-extended to i32
  Value loadI16(Value pointer); ///< sign-extended to i32
  Value loadU16(Value pointer); ///< zero-extended to i32
  /// An i64 at a multiple of four.
  Value loadI64(Value pointer);
  Value loadI32(Value pointer) { return load(i32(), pointer); }
  Value loadF32(Value pointer) { return load(f32(), pointer); }
  /// Four int8 at any address, sign-extended to a vector of four i32.
  Value loadVectorI8(Value pointer);
  Value loadVectorI32(Value pointer); ///< word-aligned
  /// The low bytes of four i32 to any address.
  void storeVectorI8(Value vector, Value pointer);
  Value splat(Value scalar); ///< an i32 in all four lanes
  /// The same i32, of which LLVM knows nothing: where its rewriting of a loop
  /// is worse than the nest's own form. Costs no instruction.
  Value opaque(Value scalar);
  Value gather(mlir::ValueRange scalars); ///< four i32, one a lane
  mlir::VectorType vectorI32() { return mlir::VectorType::get({4}, i32()); }
  void store(Value value, Value pointer);
  void storeI8(Value value, Value pointer); ///< low byte of an i32
  /// Copies and fills compile-time or run-time counts of bytes; ranges must
  /// not overlap.
  void copy(Value to, Value from, Value bytes);
  /// The same of ranges that may overlap.
  void move(Value to, Value from, Value bytes);
  void fill(Value to, uint8_t byte, Value bytes);

  /// for (i = from; i < to; i += step) with values carried from one iteration
  /// to the next. Returns what the last iteration yields.
  Values loop(Value from, Value to, int64_t step, mlir::ValueRange init,
              llvm::function_ref<Values(Value i, mlir::ValueRange carried)>);
  void loop(Value from, Value to, int64_t step,
            llvm::function_ref<void(Value i)> body);
  /// Runs `body` for each of `count` elements from 0, without a loop if there
  /// is one.
  void loop(int64_t count, llvm::function_ref<void(Value i)> body);
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_STEPBUILDER_H
