//===- TrellisDecoder.cpp - Decodes indices of a trellis ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Four weights at a time, in the bytes of a word; a bit of the machine is the
// lowest of its byte. As all is linear modulo 2, no table is needed and no byte
// waits for the one before it. In an output channel's own sequence
//
//     z[n] = z[n-1] + z[n-3] + p[n-2]     (mod 2)
//
// where p are the parities of the indices. The machine's state is kept as the
// word s = (z, s2, s1, 0), lowest byte first. From it and the parities of four
// indices, p = (p0, p1, p2, p3), follow those four z and the next state:
//
//     z = s * (1, 1, 1, 0) + p * (0, 0, 1, 1)
//     s = p >> 2 bytes + z >> 1 byte + z >> 3 bytes
//
// where * is the product of polynomials whose coefficients are the bytes. They
// may be sums of a few bits, of which only the lowest counts.
//
//===----------------------------------------------------------------------===//

#include "TrellisDecoder.h"
#include "BitSource.h"
#include "WordLanes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace thimble;
using arith::CmpIPredicate;

/// Weights of an output channel, for the static estimate.
static constexpr int64_t assumedDepth = 256;
/// Bytes of code grow with it.
static constexpr int64_t unrolledWords = 4;

namespace {
/// The decoder while it is emitted.
class TrellisDecoder {
public:
  TrellisDecoder(StepBuilder &b, DecodeLevel &level) : b(b), level(level) {
    ones = b.constant(lanesOf(1));
  }

  /// One output channel after the other.
  void buildChannels();
  /// Four that are interleaved.
  void buildInterleaved();

private:
  Value buildDepth();
  Value buildWeights(Value indices, Value z);
  Value buildWord(Value at, Value state, unsigned alignment);
  Value buildByte(Value at, Value state);
  SmallVector<Value> buildBlocks(ValueRange init, int64_t words, double trips,
                                 unsigned alignment);
  SmallVector<Value> buildBytes(ValueRange init, double trips);
  SmallVector<Value> buildSteps(ValueRange init, int64_t steps, double trips);
  Value buildGroups(Value depth, llvm::function_ref<Value(Value)> buildGroup,
                    int64_t lanes);

  StepBuilder &b;
  DecodeLevel &level;
  Value ones; ///< in each lane
};
} // namespace

/// The number of weights of an output channel, from the payload.
Value TrellisDecoder::buildDepth() {
  Value low = b.loadU8(level.cursor), high = b.loadU8(b.at(level.cursor, 1));
  level.cursor = b.at(level.cursor, 2);
  return b.add(low, b.shl(high, 8));
}

/// The four weights of as many indices k: u = 2 k + (k < 0), or -u where `z` is
/// 1 and not 0.
Value TrellisDecoder::buildWeights(Value indices, Value z) {
  Value negative = b.bitAnd(b.lshr(indices, 7), ones);
  Value mirror = b.sub(b.shl(z, 8), z); // all bits of the lanes where z is
  if (b.target.hasDSP) {
    Value u = buildOr(b, b.bitAnd(b.shl(indices, 1), b.constant(lanesOf(0xFE))),
                      negative);
    return buildIntrinsic(b, "llvm.arm.uadd8", {buildXor(b, u, mirror), z});
  }
  // -u = 2 ~k + (k < 0 ? 1 : 2), in seven bits so that no lane carries.
  Value low = b.constant(lanesOf(0x7F));
  Value half = b.bitAnd(buildXor(b, indices, mirror), low);
  Value carry = b.bitAnd(z, buildXor(b, negative, ones));
  half = b.bitAnd(b.add(half, carry), low);
  return buildOr(b, b.shl(half, 1), negative);
}

/// Decodes the word at `at`; returns the next state.
Value TrellisDecoder::buildWord(Value at, Value state, unsigned alignment) {
  Value indices = buildLoadWord(b, at, alignment);
  Value p = b.bitAnd(indices, ones);
  Value sum = b.add(state, b.shl(p, 16));
  Value z = b.bitAnd(b.add(b.add(sum, b.shl(sum, 8)), b.shl(state, 16)), ones);
  buildStoreWord(b, buildWeights(indices, z), at, alignment);
  return b.add(b.add(b.lshr(z, 8), b.lshr(z, 24)), b.lshr(p, 16));
}

/// Decodes the byte at `at`; returns the next state.
Value TrellisDecoder::buildByte(Value at, Value state) {
  Value k = b.loadI8(at);
  Value z = b.bitAnd(state, b.constant(1)), p = b.bitAnd(k, b.constant(1));
  Value u = b.add(b.shl(k, 1), b.lshr(k, 31));
  Value mirror = b.sub(b.constant(0), z);
  b.storeI8(b.add(buildXor(b, u, mirror), z), at);
  // (z, s2, s1) <- (s2 + z, s1 + p, z)
  Value shifted = buildXor(b, b.lshr(state, 8), b.shl(p, 8));
  return buildXor(b, shifted, buildOr(b, z, b.shl(z, 16)));
}

/// Decodes while at least `words` words are left. The values are the address,
/// the number of weights that are left, and the state.
SmallVector<Value> TrellisDecoder::buildBlocks(ValueRange init, int64_t words,
                                               double trips,
                                               unsigned alignment) {
  // Counted so that the loop ends with a sign.
  int64_t weights = 4 * words;
  SmallVector<Value> from = {init[0], b.add(init[1], -weights), init[2]};
  SmallVector<Value> ends = buildWhile(
      b, from, ExpectedTrips{trips, 0},
      [&](ValueRange values) {
        return b.compare(CmpIPredicate::sge, values[1], b.constant(0));
      },
      [&](ValueRange values) -> SmallVector<Value> {
        Value state = values[2];
        for (int64_t i = 0; i < weights; i += 4)
          state = buildWord(b.at(values[0], i), state, alignment);
        return {b.at(values[0], weights), b.add(values[1], -weights), state};
      });
  return {ends[0], b.add(ends[1], weights), ends[2]};
}

/// The same weight by weight.
SmallVector<Value> TrellisDecoder::buildBytes(ValueRange init, double trips) {
  return buildWhile(
      b, init, ExpectedTrips{trips, 0},
      [&](ValueRange values) {
        return b.compare(CmpIPredicate::sgt, values[1], b.constant(0));
      },
      [&](ValueRange values) -> SmallVector<Value> {
        Value state = buildByte(values[0], values[2]);
        return {b.at(values[0], 1), b.add(values[1], -1), state};
      });
}

/// Runs `buildGroup`, from the address of a group of channels to the address
/// behind it, for all groups.
Value TrellisDecoder::buildGroups(Value depth,
                                  llvm::function_ref<Value(Value)> buildGroup,
                                  int64_t lanes) {
  if (level.symbols != level.out)
    b.copy(level.out, level.symbols, level.count);
  SmallVector<Value> ends = buildWhile(
      b, {level.out}, ExpectedTrips{0, 1.0 / double(lanes * assumedDepth)},
      [&](ValueRange at) {
        return b.compare(CmpIPredicate::slt, buildDistance(b, level.out, at[0]),
                         level.count);
      },
      [&](ValueRange at) -> SmallVector<Value> { return {buildGroup(at[0])}; });
  return ends[0];
}

void TrellisDecoder::buildChannels() {
  Value depth = buildDepth();
  constexpr int64_t block = 4 * unrolledWords;
  // Cores that load words from multiples of four only begin with single
  // weights, where a channel does not begin at one.
  bool mustAlign = b.target.thumb1Only;
  unsigned alignment = mustAlign ? 4 : 1;
  auto buildChannel = [&](Value at) {
    SmallVector<Value> values = {at, depth, b.constant(0)};
    if (mustAlign) {
      Value before = b.bitAnd(buildDistance(b, at, level.out), b.constant(3));
      before = b.smin(before, depth);
      SmallVector<Value> aligned = buildBytes({at, before, values[2]}, 1.5);
      values = {aligned[0], b.sub(depth, before), aligned[2]};
    }
    values = buildBlocks(values, unrolledWords, double(assumedDepth) / block,
                         alignment);
    values = buildBlocks(values, 1, 1.5, alignment);
    return buildBytes(values, 1)[0];
  };
  buildGroups(depth, buildChannel, 1);
}

/// Decodes `steps` times four weights while as many are left. The values are
/// the address, the number of steps that are left, z, s1 and s2.
SmallVector<Value> TrellisDecoder::buildSteps(ValueRange init, int64_t steps,
                                              double trips) {
  SmallVector<Value> from(init);
  from[1] = b.add(init[1], -steps);
  SmallVector<Value> ends = buildWhile(
      b, from, ExpectedTrips{trips, 0},
      [&](ValueRange values) {
        return b.compare(CmpIPredicate::sge, values[1], b.constant(0));
      },
      [&](ValueRange values) -> SmallVector<Value> {
        Value z = values[2], s1 = values[3], s2 = values[4];
        for (int64_t i = 0; i < steps; ++i) {
          Value at = b.at(values[0], 4 * i);
          Value indices = buildLoadWord(b, at, 4);
          Value p = b.bitAnd(indices, ones);
          buildStoreWord(b, buildWeights(indices, z), at, 4);
          Value next = buildXor(b, s2, z);
          s2 = buildXor(b, s1, p);
          s1 = z;
          z = next;
        }
        return {b.at(values[0], 4 * steps), b.add(values[1], -steps), z, s1,
                s2};
      });
  ends[1] = b.add(ends[1], steps);
  return ends;
}

void TrellisDecoder::buildInterleaved() {
  Value depth = buildDepth(), zero = b.constant(0);
  auto buildGroup = [&](Value at) {
    SmallVector<Value> values = {at, depth, zero, zero, zero};
    values =
        buildSteps(values, unrolledWords, double(assumedDepth) / unrolledWords);
    return buildSteps(values, 1, 1.5)[0];
  };
  buildGroups(depth, buildGroup, 4);
}

void thimble::buildTrellisDecode(StepBuilder &b, DecodeLevel &level,
                                 int64_t lanes) {
  TrellisDecoder decoder(b, level);
  if (lanes == 1)
    decoder.buildChannels();
  else
    decoder.buildInterleaved();
}
