//===- StepBuilder.cpp - Emits the body of a step function ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic folds through OpBuilder::createOrFold, so that callers may pass
// constants freely.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/StepBuilder.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace thimble;

Type StepBuilder::ptr() {
  return LLVM::LLVMPointerType::get(builder.getContext());
}

Value StepBuilder::constant(int64_t value) { return constant(value, i32()); }

Value StepBuilder::constant(int64_t value, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  APInt bits(64, value, /*isSigned=*/true);
  return arith::ConstantOp::create(
      builder, loc, type, builder.getIntegerAttr(type, bits.trunc(width)));
}

Value StepBuilder::constantF32(float value) {
  return arith::ConstantOp::create(builder, loc, f32(),
                                   builder.getF32FloatAttr(value));
}

template <typename Op>
static Value binary(StepBuilder &b, Value x, Value y) {
  return b.builder.createOrFold<Op>(b.loc, x, y);
}

Value StepBuilder::add(Value a, Value b) {
  return binary<arith::AddIOp>(*this, a, b);
}
Value StepBuilder::sub(Value a, Value b) {
  return binary<arith::SubIOp>(*this, a, b);
}
Value StepBuilder::mul(Value a, Value b) {
  return binary<arith::MulIOp>(*this, a, b);
}
Value StepBuilder::add(Value a, int64_t b) {
  return add(a, constant(b, a.getType()));
}
Value StepBuilder::mul(Value a, int64_t b) {
  return mul(a, constant(b, a.getType()));
}
Value StepBuilder::shl(Value a, Value b) {
  return binary<arith::ShLIOp>(*this, a, b);
}
Value StepBuilder::shl(Value a, int64_t b) {
  return shl(a, constant(b, a.getType()));
}
Value StepBuilder::ashr(Value a, Value b) {
  return binary<arith::ShRSIOp>(*this, a, b);
}
Value StepBuilder::ashr(Value a, int64_t b) {
  return ashr(a, constant(b, a.getType()));
}
Value StepBuilder::lshr(Value a, int64_t b) {
  return binary<arith::ShRUIOp>(*this, a, constant(b, a.getType()));
}
Value StepBuilder::bitAnd(Value a, Value b) {
  return binary<arith::AndIOp>(*this, a, b);
}
Value StepBuilder::smin(Value a, Value b) {
  return binary<arith::MinSIOp>(*this, a, b);
}
Value StepBuilder::smax(Value a, Value b) {
  return binary<arith::MaxSIOp>(*this, a, b);
}
Value StepBuilder::clamp(Value a, int64_t low, int64_t high) {
  return smin(smax(a, constant(low, a.getType())), constant(high, a.getType()));
}
Value StepBuilder::select(Value condition, Value a, Value b) {
  return builder.createOrFold<arith::SelectOp>(loc, condition, a, b);
}
Value StepBuilder::compare(arith::CmpIPredicate predicate, Value a, Value b) {
  return builder.createOrFold<arith::CmpIOp>(loc, predicate, a, b);
}
Value StepBuilder::extend(Value a, Type type) {
  return builder.createOrFold<arith::ExtSIOp>(loc, type, a);
}
Value StepBuilder::truncate(Value a, Type type) {
  return builder.createOrFold<arith::TruncIOp>(loc, type, a);
}

Value StepBuilder::at(Value pointer, Value bytes) {
  APInt value;
  if (matchPattern(bytes, m_ConstantInt(&value)))
    return at(pointer, value.getSExtValue());
  return LLVM::GEPOp::create(builder, loc, ptr(), i8(), pointer,
                             ArrayRef<LLVM::GEPArg>{bytes});
}

Value StepBuilder::at(Value pointer, int64_t bytes) {
  if (bytes == 0)
    return pointer;
  return LLVM::GEPOp::create(
      builder, loc, ptr(), i8(), pointer,
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(bytes)});
}

Value StepBuilder::load(Type type, Value pointer) {
  return LLVM::LoadOp::create(builder, loc, type, pointer);
}
Value StepBuilder::loadI8(Value pointer) {
  return extend(load(i8(), pointer), i32());
}
Value StepBuilder::loadU8(Value pointer) {
  return builder.createOrFold<arith::ExtUIOp>(loc, i32(), load(i8(), pointer));
}
Value StepBuilder::loadI16(Value pointer) {
  return extend(load(i16(), pointer), i32());
}
Value StepBuilder::loadU16(Value pointer) {
  return builder.createOrFold<arith::ExtUIOp>(loc, i32(), load(i16(), pointer));
}
Value StepBuilder::loadI64(Value pointer) {
  return LLVM::LoadOp::create(builder, loc, i64(), pointer, /*alignment=*/4);
}
Value StepBuilder::loadVectorI8(Value pointer) {
  Value bytes = LLVM::LoadOp::create(builder, loc, VectorType::get({4}, i8()),
                                     pointer, /*alignment=*/1);
  return extend(bytes, vectorI32());
}
Value StepBuilder::loadVectorI32(Value pointer) {
  return LLVM::LoadOp::create(builder, loc, vectorI32(), pointer,
                              /*alignment=*/4);
}
void StepBuilder::storeVectorI8(Value vector, Value pointer) {
  LLVM::StoreOp::create(builder, loc,
                        truncate(vector, VectorType::get({4}, i8())), pointer,
                        /*alignment=*/1);
}
Value StepBuilder::opaque(Value scalar) {
  return LLVM::InlineAsmOp::create(
             builder, loc, scalar.getType(), scalar, /*asm_string=*/"",
             /*constraints=*/"=r,0", /*has_side_effects=*/false,
             /*is_align_stack=*/false, LLVM::TailCallKind::None,
             /*asm_dialect=*/nullptr, /*operand_attrs=*/nullptr)
      .getRes();
}
Value StepBuilder::gather(ValueRange scalars) {
  Value vector = LLVM::PoisonOp::create(builder, loc, vectorI32());
  for (auto [lane, scalar] : llvm::enumerate(scalars))
    vector = LLVM::InsertElementOp::create(builder, loc, vector, scalar,
                                           constant(int64_t(lane)));
  return vector;
}
Value StepBuilder::splat(Value scalar) {
  Value undefined = LLVM::PoisonOp::create(builder, loc, vectorI32());
  Value first = LLVM::InsertElementOp::create(builder, loc, undefined, scalar,
                                              constant(0));
  return LLVM::ShuffleVectorOp::create(builder, loc, first, undefined,
                                       ArrayRef<int32_t>{0, 0, 0, 0});
}
void StepBuilder::store(Value value, Value pointer) {
  LLVM::StoreOp::create(builder, loc, value, pointer);
}
void StepBuilder::storeI8(Value value, Value pointer) {
  store(truncate(value, i8()), pointer);
}

void StepBuilder::copy(Value to, Value from, Value bytes) {
  LLVM::MemcpyOp::create(builder, loc, to, from, bytes, /*isVolatile=*/false);
}
void StepBuilder::move(Value to, Value from, Value bytes) {
  LLVM::MemmoveOp::create(builder, loc, to, from, bytes, /*isVolatile=*/false);
}
void StepBuilder::fill(Value to, uint8_t byte, Value bytes) {
  LLVM::MemsetOp::create(builder, loc, to,
                         constant(static_cast<int8_t>(byte), i8()), bytes,
                         /*isVolatile=*/false);
}

StepBuilder::Values
StepBuilder::loop(Value from, Value to, int64_t step, ValueRange init,
                  llvm::function_ref<Values(Value, ValueRange)> body) {
  auto loopOp = scf::ForOp::create(
      builder, loc, from, to, constant(step), init,
      [&](OpBuilder &, Location, Value i, ValueRange carried) {
        OpBuilder::InsertionGuard guard(builder);
        scf::YieldOp::create(builder, loc, body(i, carried));
      });
  return Values(loopOp.getResults());
}

void StepBuilder::loop(Value from, Value to, int64_t step,
                       llvm::function_ref<void(Value)> body) {
  loop(from, to, step, ValueRange(), [&](Value i, ValueRange) {
    body(i);
    return Values();
  });
}

void StepBuilder::loop(int64_t count, llvm::function_ref<void(Value)> body) {
  if (count == 1)
    return body(constant(0));
  loop(constant(0), constant(count), 1, body);
}
