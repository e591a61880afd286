//===- SoftmaxNest.cpp - Integer softmax loops ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_ops::Softmax with int8 output and GetReciprocal.
// A left-out difference has exponential 0, which adds nothing to the sum and
// yields the least output, as in the reference.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/SoftmaxNest.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/LoopNest/Requantize.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace thimble;

/// Integer bits of the sum of exponentials (TFLite's kAccumulationIntegerBits).
static constexpr int64_t sumIntegerBits = 12;

ConstantTable thimble::softmaxTable(const SoftmaxParameters &parameters) {
  ConstantTable table{"exponentials", {}, 4};
  std::array<int32_t, 256> values = softmaxExpTable(parameters);
  for (int32_t difference = 0; difference < 256; ++difference) {
    int32_t value =
        -difference < parameters.minDifference ? 0 : values[difference];
    uint8_t bytes[4];
    llvm::support::endian::write32le(bytes, static_cast<uint32_t>(value));
    table.bytes.insert(table.bytes.end(), bytes, bytes + 4);
  }
  return table;
}

/// x * y in gemmlowp's fixed point.
static Value multiply(StepBuilder &b, Value x, Value y) {
  return buildHighMul(b, x, y);
}

/// 1 / (1 + a), Q0.31, by three Newton steps (gemmlowp
/// one_over_one_plus_x_for_x_in_0_1).
static Value buildOneOverOnePlus(StepBuilder &b, Value a) {
  constexpr int64_t start = 1515870810, slope = -1010580540, one = 1 << 29;
  // (a + 1) / 2 with 1 = 2^31 - 1, rounded: an unsigned halving.
  Value half = b.lshr(b.add(a, std::numeric_limits<int32_t>::min()), 1);
  Value x = b.add(multiply(b, half, b.constant(slope)), start);
  for (int step = 0; step < 3; ++step) {
    Value error = b.sub(b.constant(one), multiply(b, half, x));
    x = b.add(x, b.shl(multiply(b, x, error), 2));
  }
  Value saturates =
      b.compare(arith::CmpIPredicate::sge, x, b.constant(1 << 30));
  return b.select(saturates, b.constant(std::numeric_limits<int32_t>::max()),
                  b.shl(x, 1));
}

static Value lookUp(StepBuilder &b, Value maximum, Value address) {
  Value difference = b.sub(maximum, b.loadI8(address));
  return b.loadI32(b.at(b.tables[0], b.shl(difference, 2)));
}

static void buildGroup(StepBuilder &b, Value in, Value out, int64_t size) {
  Value begin = b.constant(0), end = b.constant(size);
  Value maximum =
      b.loop(begin, end, 1, {b.constant(-128)}, [&](Value i, ValueRange m) {
        return StepBuilder::Values{b.smax(m[0], b.loadI8(b.at(in, i)))};
      })[0];
  Value sum =
      b.loop(begin, end, 1, {b.constant(0)}, [&](Value i, ValueRange s) {
        // Rounded to 12 integer bits; the exponential is not negative.
        Value e = b.lshr(b.add(lookUp(b, maximum, b.at(in, i)),
                               int64_t(1) << (sumIntegerBits - 1)),
                         sumIntegerBits);
        return StepBuilder::Values{b.add(s[0], e)};
      })[0];
  Value zeros = LLVM::CountLeadingZerosOp::create(
      b.builder, b.loc, b.i32(), sum, /*is_zero_poison=*/false);
  Value fraction =
      b.add(b.shl(sum, zeros), std::numeric_limits<int32_t>::min());
  Value scale = buildOneOverOnePlus(b, fraction);
  Value shift = b.sub(b.constant(sumIntegerBits + 31 - 8), zeros);
  b.loop(begin, end, 1, [&](Value i) {
    Value product = multiply(b, scale, lookUp(b, maximum, b.at(in, i)));
    Value y = b.add(buildRoundingShift(b, product, shift), -128);
    b.storeI8(b.clamp(y, -128, 127), b.at(out, i));
  });
}

void thimble::buildInt8Softmax(StepBuilder &b, int64_t size) {
  b.loop(b.constant(0), b.pixels, 1, [&](Value group) {
    Value offset = b.mul(group, size);
    buildGroup(b, b.at(b.operands[0], offset), b.at(b.output, offset), size);
  });
}
