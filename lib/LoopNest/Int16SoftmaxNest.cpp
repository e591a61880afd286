//===- Int16SoftmaxNest.cpp - Softmax loops for int16 ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::SoftmaxInt16; in plain C++ in
// Support/Int16Parameters.cpp.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/Int16SoftmaxNest.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/LoopNest/Requantize.h"

using namespace mlir;
using namespace thimble;

static ConstantTable toConstants(StringRef name, const Int16Table &entries) {
  ConstantTable table{name.str(), {}, 2};
  for (int16_t entry : entries) {
    table.bytes.push_back(static_cast<uint16_t>(entry) & 0xFF);
    table.bytes.push_back(static_cast<uint16_t>(entry) >> 8);
  }
  return table;
}

SmallVector<ConstantTable> thimble::softmaxInt16Tables() {
  return {toConstants("exponentials", expInt16Table()),
          toConstants("reciprocals", reciprocalInt16Table())};
}

/// The entry of `table` for an i32 that is saturated to int16, between two.
static Value lookUp(StepBuilder &b, Value table, Value x) {
  Value saturated = b.clamp(x, int16Range.min, int16Range.max);
  Value index = b.add(b.ashr(saturated, 7), 256);
  Value entry = b.at(table, b.shl(index, 1));
  Value base = b.loadI16(entry), next = b.loadI16(b.at(entry, 2));
  Value offset = b.bitAnd(saturated, b.constant(0x7F));
  Value delta = b.ashr(b.add(b.mul(b.sub(next, base), offset), 64), 7);
  return b.add(base, delta);
}

static Value buildMaximum(StepBuilder &b, Value in, Value bytes) {
  return b.loop(b.constant(0), bytes, 2, {b.constant(int16Range.min)},
                [&](Value i, ValueRange m) {
                  return StepBuilder::Values{
                      b.smax(m[0], b.loadI16(b.at(in, i)))};
                })[0];
}

static void buildGroup(StepBuilder &b, Value in, Value out, int64_t size,
                       QuantizedMultiplier inputMultiplier) {
  Value begin = b.constant(0), end = b.constant(2 * size);
  Value maximum = buildMaximum(b, in, end);
  Value sum = b.loop(begin, end, 2, {begin}, [&](Value i, ValueRange s) {
    Value difference = b.sub(b.loadI16(b.at(in, i)), maximum);
    Value scaled = buildRequantize(b, difference, inputMultiplier,
                                   /*zeroPoint=*/0, /*bound=*/65535);
    Value e = lookUp(b, b.tables[0], b.add(scaled, 32767));
    b.store(b.truncate(e, b.i16()), b.at(out, i));
    return StepBuilder::Values{b.add(s[0], e)};
  })[0];
  Value zeros = LLVM::CountLeadingZerosOp::create(
      b.builder, b.loc, b.i32(), sum, /*is_zero_poison=*/false);
  // From [1, 2) to [-32768, 32767]. The sum is below 2^31 and its rounding
  // below 2^32: unsigned.
  Value shifted =
      b.lshr(b.add(b.shl(sum, b.add(zeros, -1)), int64_t(1) << 13), 14);
  Value reciprocal =
      lookUp(b, b.tables[1], b.add(shifted, -((1 << 15) + (1 << 16))));
  Value shift = b.sub(b.constant(31), zeros);
  Value half = b.shl(b.constant(1), b.add(shift, -1));
  b.loop(begin, end, 2, [&](Value i) {
    Value product = b.mul(b.loadI16(b.at(out, i)), reciprocal);
    Value y = b.clamp(b.ashr(b.add(product, half), shift), 0, int16Range.max);
    b.store(b.truncate(y, b.i16()), b.at(out, i));
  });
}

void thimble::buildInt16Softmax(StepBuilder &b, int64_t size,
                                QuantizedMultiplier inputMultiplier) {
  b.loop(b.constant(0), b.pixels, 1, [&](Value group) {
    Value offset = b.mul(group, 2 * size);
    buildGroup(b, b.at(b.operands[0], offset), b.at(b.output, offset), size,
               inputMultiplier);
  });
}
