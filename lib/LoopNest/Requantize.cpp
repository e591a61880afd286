//===- Requantize.cpp - From accumulators to outputs ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The fast form and its proof are in Support/FastRequantize.h; LLVM makes
// SMMLAR of it.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/Requantize.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include <cstring>

using namespace mlir;
using namespace thimble;

static void appendI32(std::vector<uint8_t> &bytes, int32_t value) {
  uint8_t buffer[4];
  llvm::support::endian::write32le(buffer, static_cast<uint32_t>(value));
  bytes.insert(bytes.end(), buffer, buffer + 4);
}

/// The high half of x * m for cores whose only product is 32x32->32: the
/// schoolbook product of 16-bit halves (exact, no intermediate overflows).
static Value buildHighMulFromHalves(StepBuilder &b, Value x, Value m) {
  Value mask = b.constant(0xFFFF);
  Value xh = b.ashr(x, 16), xl = b.bitAnd(x, mask);
  Value mh = b.ashr(m, 16), ml = b.bitAnd(m, mask);
  Value low = b.mul(xl, ml);
  Value t = b.add(b.mul(xh, ml), b.lshr(low, 16));
  Value u = b.add(b.add(b.bitAnd(t, mask), b.mul(xl, mh)), 0x8000);
  return b.add(b.add(b.mul(xh, mh), b.ashr(t, 16)), b.lshr(u, 16));
}

/// round(x * m / 2^32), ties up.
static Value buildUpperHalf(StepBuilder &b, Value x, Value m) {
  if (b.target.thumb1Only)
    return buildHighMulFromHalves(b, x, m);
  Value product = b.mul(b.extend(x, b.i64()), b.extend(m, b.i64()));
  return b.truncate(b.ashr(b.add(product, int64_t(1) << 31), 32), b.i32());
}

Value thimble::buildHighMul(StepBuilder &b, Value x, Value m) {
  Value product = b.mul(b.extend(x, b.i64()), b.extend(m, b.i64()));
  return b.truncate(b.ashr(b.add(product, int64_t(1) << 30), 31), b.i32());
}

Value thimble::buildRoundingShift(StepBuilder &b, Value x, Value exponent) {
  Value mask = b.sub(b.shl(b.constant(1), exponent), b.constant(1));
  Value remainder = b.bitAnd(x, mask);
  Value threshold = b.sub(b.ashr(mask, 1), b.ashr(x, 31));
  Value up = b.compare(arith::CmpIPredicate::sgt, remainder, threshold);
  Value one = b.builder.createOrFold<arith::ExtUIOp>(b.loc, b.i32(), up);
  return b.add(b.ashr(x, exponent), one);
}

Value thimble::buildMultiplyByQuantizedMultiplier(StepBuilder &b, Value x,
                                                  Value multiplier, Value left,
                                                  Value right) {
  return buildRoundingShift(b, buildHighMul(b, b.shl(x, left), multiplier),
                            right);
}

Value thimble::buildRequantize(StepBuilder &b, Value x, QuantizedMultiplier m,
                               int32_t zeroPoint, int64_t bound) {
  Value multiplier = b.constant(m.multiplier);
  if (auto fast = fastRequantization(m, zeroPoint, bound)) {
    Value high = buildUpperHalf(b, b.shl(x, fast->preShift), multiplier);
    Value sum = b.add(high, fast->addend);
    if (fast->rightShift == 0)
      return sum;
    return b.ashr(b.add(sum, b.ashr(x, 31)), fast->rightShift);
  }
  Value scaled = buildMultiplyByQuantizedMultiplier(
      b, x, multiplier, b.constant(std::max(m.shift, 0)),
      b.constant(std::max(-m.shift, 0)));
  return b.add(scaled, zeroPoint);
}

/// True if every channel can use one form: shift left by one, multiply, add,
/// shift right.
static bool isFast(const OutputChannel &channel, int32_t zeroPoint) {
  auto fast = fastRequantization(channel.multiplier, zeroPoint,
                                 channel.accumulatorBound);
  return fast && fast->preShift == 1 && fast->rightShift >= 1;
}

Requantizer Requantizer::integer(ArrayRef<OutputChannel> channels,
                                 int32_t zeroPoint, int32_t low, int32_t high) {
  Requantizer result;
  result.channels.assign(channels.begin(), channels.end());
  result.zeroPoint = zeroPoint;
  result.low = low;
  result.high = high;
  result.fast = llvm::all_of(channels, [&](const OutputChannel &channel) {
    return isFast(channel, zeroPoint);
  });
  result.shared = channels.size() > 1 &&
                  llvm::all_of(channels, [&](const OutputChannel &channel) {
                    return channel.multiplier == channels.front().multiplier;
                  });
  return result;
}

Requantizer Requantizer::floating(ArrayRef<float> bias, float low, float high) {
  Requantizer result;
  result.floatingPoint = true;
  result.floatBias.assign(bias.begin(), bias.end());
  result.floatLow = low;
  result.floatHigh = high;
  return result;
}

std::array<int32_t, 4>
Requantizer::parametersOf(const OutputChannel &channel) const {
  QuantizedMultiplier m = channel.multiplier;
  if (!fast)
    return {channel.bias, m.multiplier, std::max(m.shift, 0),
            std::max(-m.shift, 0)};
  return {channel.bias, m.multiplier,
          fastRequantization(m, zeroPoint, 0)->addend, -m.shift};
}

void Requantizer::addTables(StepSpec &spec) {
  firstTable = spec.tables.size();
  ConstantTable records{"parameters", {}, 4};
  if (floatingPoint) {
    for (float bias : floatBias)
      appendI32(records.bytes, llvm::bit_cast<int32_t>(bias));
    recordBytes = records.channelBytes = 4;
    spec.tables.push_back(std::move(records));
    return;
  }
  SmallVector<std::array<int32_t, 4>> rows;
  for (const OutputChannel &channel : channels)
    rows.push_back(parametersOf(channel));
  unsigned fields = shared ? 1 : 4;
  unsigned outer = planar ? fields : rows.size();
  unsigned inner = planar ? rows.size() : fields;
  for (unsigned i = 0; i < outer; ++i)
    for (unsigned j = 0; j < inner; ++j)
      appendI32(records.bytes, planar ? rows[j][i] : rows[i][j]);
  recordBytes = planar ? 4 : fields * 4;
  fieldBytes = planar ? rows.size() * 4 : 4;
  records.channelBytes = recordBytes;
  spec.tables.push_back(std::move(records));
  if (!shared)
    return;
  ConstantTable common{"multiplier", {}, 4};
  for (int32_t value : ArrayRef<int32_t>(rows.front()).drop_front())
    appendI32(common.bytes, value);
  spec.tables.push_back(std::move(common));
}

Value Requantizer::multiplyAdd(StepBuilder &b, Value sum, Value x,
                               Value w) const {
  if (!floatingPoint)
    return b.add(sum, b.mul(x, w));
  Value product = arith::MulFOp::create(b.builder, b.loc, x, w);
  return arith::AddFOp::create(b.builder, b.loc, sum, product);
}

Value Requantizer::record(StepBuilder &b, Value channel) const {
  return b.at(b.tables[firstTable], b.mul(channel, recordBytes));
}

Value Requantizer::initial(StepBuilder &b, Value record, int64_t index) const {
  if (floatingPoint)
    return b.constantF32(0.0f);
  return b.loadI32(b.at(record, index * recordBytes));
}

Value Requantizer::finishInteger(StepBuilder &b, Value acc, Value parameters,
                                 int64_t pitch) const {
  Value multiplier = b.loadI32(parameters);
  Value y;
  if (fast) {
    Value addend = b.loadI32(b.at(parameters, pitch));
    Value shift = b.loadI32(b.at(parameters, 2 * pitch));
    Value sum = b.add(buildUpperHalf(b, b.shl(acc, 1), multiplier), addend);
    // Negative accumulators round half away from zero; where everything below
    // the zero point is clamped to it, their rounding cannot be seen.
    if (low != zeroPoint)
      sum = b.add(sum, b.ashr(acc, 31));
    y = b.ashr(sum, shift);
  } else {
    Value left = b.loadI32(b.at(parameters, pitch));
    Value right = b.loadI32(b.at(parameters, 2 * pitch));
    y = b.add(
        buildMultiplyByQuantizedMultiplier(b, acc, multiplier, left, right),
        zeroPoint);
  }
  return b.clamp(y, low, high);
}

Value thimble::buildFloatClamp(StepBuilder &b, Value x, float low, float high) {
  if (low > -std::numeric_limits<float>::infinity()) {
    Value bound = b.constantF32(low);
    Value below = arith::CmpFOp::create(b.builder, b.loc,
                                        arith::CmpFPredicate::OLT, x, bound);
    x = b.select(below, bound, x);
  }
  if (high < std::numeric_limits<float>::infinity()) {
    Value bound = b.constantF32(high);
    Value above = arith::CmpFOp::create(b.builder, b.loc,
                                        arith::CmpFPredicate::OGT, x, bound);
    x = b.select(above, bound, x);
  }
  return x;
}

Value Requantizer::finish(StepBuilder &b, Value accumulator, Value record,
                          int64_t index) const {
  Value own = b.at(record, index * recordBytes);
  if (floatingPoint) {
    Value sum =
        arith::AddFOp::create(b.builder, b.loc, accumulator, b.loadF32(own));
    return buildFloatClamp(b, sum, floatLow, floatHigh);
  }
  Value y =
      shared ? finishInteger(b, accumulator, b.tables[firstTable + 1], 4)
             : finishInteger(b, accumulator, b.at(own, fieldBytes), fieldBytes);
  return b.truncate(y, b.i8());
}

Value Requantizer::initialVector(StepBuilder &b, Value record) const {
  return b.loadVectorI32(record);
}

void Requantizer::storeVector(StepBuilder &b, Value accumulators, Value record,
                              Value address) const {
  assert(planar && fast && "the tables are not laid out for vectors");
  auto parameter = [&](int64_t field) {
    if (shared)
      return b.splat(b.loadI32(b.at(b.tables[firstTable + 1], field * 4)));
    return b.loadVectorI32(b.at(record, (field + 1) * fieldBytes));
  };
  // VQRDMULH is (2 x m + 2^31) >> 32, as the fast form wants it.
  Value high = LLVM::CallIntrinsicOp::create(
                   b.builder, b.loc, b.vectorI32(),
                   b.builder.getStringAttr("llvm.arm.mve.vqrdmulh.v4i32"),
                   ValueRange{accumulators, parameter(0)})
                   .getResult(0);
  Value sum = b.add(high, parameter(1));
  if (low != zeroPoint)
    sum = b.add(sum, b.ashr(accumulators, b.splat(b.constant(31))));
  Value y = b.ashr(sum, parameter(2));
  y = b.smax(y, b.splat(b.constant(low)));
  y = b.smin(y, b.splat(b.constant(this->high)));
  b.storeVectorI8(y, address);
}
