//===- WordLanes.cpp - Four symbols in a word -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With the DSP extension by its instructions, elsewhere so that no lane carries
// into the next.
//
//===----------------------------------------------------------------------===//

#include "WordLanes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace thimble;

Value thimble::buildIntrinsic(StepBuilder &b, StringRef name,
                              ValueRange arguments) {
  auto call = LLVM::CallIntrinsicOp::create(
      b.builder, b.loc, b.i32(), b.builder.getStringAttr(name), arguments);
  return call.getResult(0);
}

Value thimble::buildAddLanes(StepBuilder &b, Value word, uint8_t addend,
                             uint8_t most) {
  if (addend == 0)
    return word;
  if (unsigned(most) + addend < 256)
    return b.add(word, b.constant(lanesOf(addend)));
  if (b.target.hasDSP)
    return buildIntrinsic(b, "llvm.arm.uadd8",
                          {word, b.constant(lanesOf(addend))});
  auto flip = [&](Value x) {
    return b.builder.createOrFold<arith::XOrIOp>(b.loc, x,
                                                 b.constant(lanesOf(0x80)));
  };
  // x + addend = (x + (addend ^ 128)) ^ 128 where that does not carry.
  uint8_t flipped = addend ^ 0x80;
  if (unsigned(most) + flipped < 256)
    return flip(b.add(word, b.constant(lanesOf(flipped))));
  // Seven bits at a time, then the highest by itself.
  Value low = b.add(b.bitAnd(word, b.constant(lanesOf(0x7F))),
                    b.constant(lanesOf(addend & 0x7F)));
  Value high = b.bitAnd(word, b.constant(lanesOf(0x80)));
  Value sum = b.builder.createOrFold<arith::XOrIOp>(b.loc, low, high);
  return addend & 0x80 ? flip(sum) : sum;
}

Value thimble::buildLoadWord(StepBuilder &b, Value pointer,
                             unsigned alignment) {
  return LLVM::LoadOp::create(b.builder, b.loc, b.i32(), pointer, alignment);
}

void thimble::buildStoreWord(StepBuilder &b, Value word, Value pointer,
                             unsigned alignment) {
  LLVM::StoreOp::create(b.builder, b.loc, word, pointer, alignment);
}

Value thimble::buildQuotient(StepBuilder &b, Value count, int64_t divisor) {
  return b.builder.createOrFold<arith::DivUIOp>(b.loc, count,
                                                b.constant(divisor));
}

Value thimble::buildDistance(StepBuilder &b, Value from, Value to) {
  auto address = [&](Value pointer) -> Value {
    return LLVM::PtrToIntOp::create(b.builder, b.loc, b.i32(), pointer);
  };
  return b.sub(address(to), address(from));
}
