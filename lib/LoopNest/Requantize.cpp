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

/// Where a bias and the shift share a word, these low bits are the shift's.
static constexpr int shiftBits = 8;
static constexpr int32_t shiftMask = (1 << shiftBits) - 1;

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
  result.packed =
      !result.shared && llvm::all_of(channels, [](const OutputChannel &c) {
        return llvm::isInt<32 - shiftBits>(c.bias);
      });
  return result;
}

Requantizer Requantizer::wrapping16(ArrayRef<OutputChannel> channels,
                                    int32_t low, int32_t high) {
  Requantizer result = integer(channels, /*zeroPoint=*/0, low, high);
  result.activationBytes = 2;
  return result;
}

/// The least shift that leaves the upper half of a product something to shift.
static constexpr int leastExactShift = 17;
/// The greatest whose half, 2^30 of the upper half's units, fits 32 bits.
static constexpr int mostExactShift = leastExactShift + 30;

/// How far exact sums are shifted left first, for all of `channels` to have the
/// least shift: weights of few bits have large scales, and small sums.
static int exactPreShift(ArrayRef<OutputChannel> channels) {
  int shift = leastExactShift;
  for (const OutputChannel &channel : channels)
    shift = std::min(shift, wideMultiplier(channel.multiplier).shift);
  return leastExactShift - shift;
}

Requantizer Requantizer::exact16(ArrayRef<OutputChannel> channels, int32_t low,
                                 int32_t high) {
  Requantizer result;
  result.channels.assign(channels.begin(), channels.end());
  result.low = low;
  result.high = high;
  result.activationBytes = 2;
  int preShift = result.preShift = exactPreShift(channels);
  bool fits = llvm::all_of(channels, [&](const OutputChannel &channel) {
    int64_t largest = std::numeric_limits<int32_t>::max() >> preShift;
    return channel.accumulatorBound <= largest &&
           wideMultiplier(channel.multiplier).shift + preShift <=
               mostExactShift;
  });
  result.form = fits ? Form::Exact32 : Form::Exact64;
  return result;
}

Requantizer Requantizer::floating(ArrayRef<float> bias, float low, float high) {
  Requantizer result;
  result.floatingPoint = true;
  result.activationBytes = 4;
  result.floatBias.assign(bias.begin(), bias.end());
  result.floatLow = low;
  result.floatHigh = high;
  return result;
}

int32_t Requantizer::shiftCode(const OutputChannel &channel) const {
  int32_t shift = channel.multiplier.shift;
  return !fast || planar ? shift : -shift - 1;
}

SmallVector<int32_t> Requantizer::recordOf(const OutputChannel &channel) const {
  auto bias = static_cast<int32_t>(channel.bias);
  if (form != Form::Doubly) {
    WideMultiplier wide = wideMultiplier(channel.multiplier);
    if (form == Form::Exact32)
      return {bias, (wide.multiplier << 16) |
                        (wide.shift + preShift - leastExactShift)};
    return {bias, static_cast<int32_t>(channel.bias >> 32), wide.multiplier,
            wide.shift};
  }
  if (shared)
    return {bias};
  int32_t shift = shiftCode(channel);
  if (packed)
    return {bias * (1 << shiftBits) | (shift & shiftMask),
            channel.multiplier.multiplier};
  return {bias, channel.multiplier.multiplier, shift};
}

void Requantizer::addTables(StepSpec &spec) {
  firstTable = spec.tables.size();
  ConstantTable records{"parameters", {}, 4};
  SmallVector<SmallVector<int32_t>> rows;
  for (float bias : floatBias)
    rows.push_back({llvm::bit_cast<int32_t>(bias)});
  for (const OutputChannel &channel : channels)
    rows.push_back(recordOf(channel));
  unsigned fields = rows.front().size();
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
  appendI32(common.bytes, channels.front().multiplier.multiplier);
  appendI32(common.bytes, shiftCode(channels.front()));
  spec.tables.push_back(std::move(common));
}

Value Requantizer::loadInput(StepBuilder &b, Value address) const {
  if (floatingPoint)
    return b.loadF32(address);
  return activationBytes == 2 ? b.loadI16(address) : b.loadI8(address);
}

Value Requantizer::loadWeight(StepBuilder &b, Value address) const {
  return floatingPoint ? b.loadF32(address) : b.loadI8(address);
}

Value Requantizer::multiplyAdd(StepBuilder &b, Value sum, Value x,
                               Value w) const {
  if (!floatingPoint) {
    Value product = b.mul(x, w);
    return b.add(sum, isWide() ? b.extend(product, b.i64()) : product);
  }
  Value product = arith::MulFOp::create(b.builder, b.loc, x, w);
  return arith::AddFOp::create(b.builder, b.loc, sum, product);
}

Value Requantizer::record(StepBuilder &b, Value channel) const {
  return b.at(b.tables[firstTable], b.mul(channel, recordBytes));
}

Value Requantizer::initial(StepBuilder &b, Value record, int64_t index,
                           Lifetime lifetime) const {
  if (floatingPoint)
    return b.constantF32(0.0f);
  Value address = b.at(record, index * recordBytes);
  if (isWide())
    return b.loadI64(address);
  if (!packed)
    return b.loadI32(address);
  if (lifetime == Lifetime::Loop)
    return b.ashr(b.loadI32(b.opaque(address)), shiftBits);
  return b.opaque(b.ashr(b.loadI32(address), shiftBits));
}

std::pair<Value, Value> Requantizer::addresses(StepBuilder &b,
                                               Value bias) const {
  if (shared) {
    Value common = b.tables[firstTable + 1];
    return {common, b.at(common, 4)};
  }
  return {b.at(bias, fieldBytes), b.at(bias, packed ? 0 : 2 * fieldBytes)};
}

StepBuilder::Values Requantizer::finishFast(StepBuilder &b, ValueRange sums,
                                            Value multiplier,
                                            Value shift) const {
  // floor((h + (2 zp + 1) 2^shift) / 2^(shift+1)), as in FastRequantize.h. The
  // last halving joins the saturation. What is added can be added before the
  // first shift, where it joins the high product, or after it, where it is
  // small: the first is cheaper if it serves many outputs.
  Value halves = b.constant(2 * int64_t(zeroPoint) + 1);
  Value addend = sums.size() > 2 ? b.shl(halves, shift) : Value();
  StepBuilder::Values outputs;
  for (Value sum : sums) {
    Value high = buildUpperHalf(b, b.shl(sum, 1), multiplier);
    if (addend)
      high = b.add(high, addend);
    // Negative accumulators round half away from zero; where everything below
    // the zero point is clamped to it, their rounding cannot be seen.
    if (low != zeroPoint)
      high = b.add(high, b.ashr(sum, 31));
    Value half = b.ashr(high, shift);
    if (!addend)
      half = b.add(half, halves);
    outputs.push_back(b.clamp(b.ashr(half, 1), low, this->high));
  }
  return outputs;
}

/// floor(x * m / 2^32), m with nothing in its lower half.
static Value buildFlooredUpperHalf(StepBuilder &b, Value x, Value m) {
  if (!b.target.thumb1Only) {
    Value product = b.mul(b.extend(x, b.i64()), b.extend(m, b.i64()));
    return b.truncate(b.ashr(product, 32), b.i32());
  }
  Value upper = b.ashr(m, 16);
  Value low = b.mul(b.bitAnd(x, b.constant(0xFFFF)), upper);
  return b.add(b.mul(b.ashr(x, 16), upper), b.lshr(low, 16));
}

StepBuilder::Values Requantizer::finishExact(StepBuilder &b, ValueRange sums,
                                             Value own) const {
  StepBuilder::Values outputs;
  if (form == Form::Exact32) {
    // floor((acc m + 2^(s-1)) / 2^s) = floor((h + 2^(s-17)) / 2^(s-16)), where
    // h = floor(acc m / 2^16): 2^(s-1) is a multiple of 2^16. |h| < 2^30.
    // A shift of both sides of the quotient changes nothing.
    Value word = b.loadI32(b.at(own, fieldBytes));
    Value shift = b.bitAnd(word, b.constant(shiftMask)); // s - 17
    Value multiplier = b.sub(word, shift);
    Value half = b.shl(b.constant(1), shift);
    for (Value sum : sums) {
      Value shifted = preShift > 0 ? b.shl(sum, preShift) : sum;
      Value upper = b.add(buildFlooredUpperHalf(b, shifted, multiplier), half);
      // The last halving joins the saturation.
      Value output = b.ashr(b.ashr(upper, shift), 1);
      outputs.push_back(b.clamp(output, low, high));
    }
    return outputs;
  }
  Value multiplier = b.extend(b.loadI32(b.at(own, 2 * fieldBytes)), b.i64());
  Value shift = b.extend(b.loadI32(b.at(own, 3 * fieldBytes)), b.i64());
  Value half = b.shl(b.constant(1, b.i64()), b.add(shift, int64_t(-1)));
  for (Value sum : sums) {
    Value rounded = b.ashr(b.add(b.mul(sum, multiplier), half), shift);
    outputs.push_back(b.clamp(b.truncate(rounded, b.i32()), low, high));
  }
  return outputs;
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

StepBuilder::Values Requantizer::finish(StepBuilder &b, ValueRange accumulators,
                                        Value record, int64_t index) const {
  Value own = b.at(record, index * recordBytes);
  StepBuilder::Values outputs;
  if (floatingPoint) {
    Value bias = b.loadF32(own);
    for (Value sum : accumulators)
      outputs.push_back(
          buildFloatClamp(b, arith::AddFOp::create(b.builder, b.loc, sum, bias),
                          floatLow, floatHigh));
    return outputs;
  }
  outputs = form == Form::Doubly ? finishDoubly(b, accumulators, own)
                                 : finishExact(b, accumulators, own);
  for (Value &output : outputs)
    output = b.truncate(output, activationBytes == 2 ? b.i16() : b.i8());
  return outputs;
}

StepBuilder::Values Requantizer::finishDoubly(StepBuilder &b, ValueRange sums,
                                              Value own) const {
  auto [multiplierAddress, shiftAddress] = addresses(b, own);
  Value multiplier = b.loadI32(multiplierAddress);
  if (fast)
    return finishFast(b, sums, multiplier, b.loadU8(shiftAddress));
  StepBuilder::Values outputs;
  Value shift = b.loadI8(shiftAddress), zero = b.constant(0);
  Value left = b.smax(shift, zero), right = b.sub(left, shift);
  for (Value sum : sums) {
    Value scaled =
        buildMultiplyByQuantizedMultiplier(b, sum, multiplier, left, right);
    outputs.push_back(b.clamp(b.add(scaled, zeroPoint), low, high));
  }
  return outputs;
}

Value Requantizer::initialVector(StepBuilder &b, Value record) const {
  Value bias = b.loadVectorI32(record);
  return packed ? b.ashr(bias, b.splat(b.constant(shiftBits))) : bias;
}

/// An MVE intrinsic on vectors of four i32; on the host, where tests run the
/// same nest, `scalar` of each lane.
static Value buildVector(StepBuilder &b, StringRef name, Value x, Value y,
                         ArrayRef<Value> rest,
                         llvm::function_ref<Value(Value, Value)> scalar) {
  if (!b.target.isHost) {
    SmallVector<Value> operands = {x, y};
    operands.append(rest.begin(), rest.end());
    return LLVM::CallIntrinsicOp::create(b.builder, b.loc, b.vectorI32(),
                                         b.builder.getStringAttr(name),
                                         operands)
        .getResult(0);
  }
  SmallVector<Value> lanes;
  for (int64_t lane = 0; lane < 4; ++lane) {
    auto extract = [&](Value vector) -> Value {
      return LLVM::ExtractElementOp::create(b.builder, b.loc, vector,
                                            b.constant(lane));
    };
    lanes.push_back(scalar(extract(x), extract(y)));
  }
  return b.gather(lanes);
}

void Requantizer::storeVector(StepBuilder &b, Value accumulators, Value record,
                              Value address) const {
  assert(planar && fast && "the tables are not laid out for vectors");
  auto [multiplierAddress, shiftAddress] = addresses(b, record);
  auto load = [&](Value from) {
    return shared ? b.splat(b.loadI32(from)) : b.loadVectorI32(from);
  };
  // VQRDMULH is (2 x m + 2^31) >> 32, as the fast form wants it.
  Value y = buildVector(
      b, "llvm.arm.mve.vqrdmulh.v4i32", accumulators, load(multiplierAddress),
      {}, [&](Value x, Value m) { return buildUpperHalf(b, b.shl(x, 1), m); });
  if (low != zeroPoint)
    y = b.add(y, b.ashr(accumulators, b.splat(b.constant(31))));
  // VRSHL reads the low byte of each lane, a negative distance; halves round
  // up.
  Value no = b.constant(0), rounding = b.constant(1);
  y = buildVector(b, "llvm.arm.mve.vshl.vector.v4i32.v4i32", y,
                  load(shiftAddress), {no, rounding, no},
                  [&](Value x, Value left) {
                    Value right = b.bitAnd(b.sub(no, left), b.constant(0xFF));
                    Value half = b.shl(rounding, b.add(right, -1));
                    return b.ashr(b.add(x, half), right);
                  });
  y = b.add(y, b.splat(b.constant(zeroPoint)));
  y = b.smax(y, b.splat(b.constant(low)));
  y = b.smin(y, b.splat(b.constant(high)));
  b.storeVectorI8(y, address);
}

void Requantizer::storeBlock(StepBuilder &b, ValueRange sums, int64_t channels,
                             Value record, Value address,
                             int64_t pixelBytes) const {
  if (planar) {
    for (auto [p, sum] : llvm::enumerate(sums))
      storeVector(b, sum, record, b.at(address, int64_t(p) * pixelBytes));
    return;
  }
  // Channel by channel: the accumulators still to come leave no register for
  // outputs that wait.
  int64_t pixels = int64_t(sums.size()) / channels;
  for (int64_t c = 0; c < channels; ++c) {
    StepBuilder::Values own;
    for (int64_t p = 0; p < pixels; ++p)
      own.push_back(sums[p * channels + c]);
    for (auto [p, output] : llvm::enumerate(finish(b, own, record, c)))
      b.store(output,
              b.at(address, int64_t(p) * pixelBytes + c * elementBytes()));
  }
}
