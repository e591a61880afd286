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
// With vectors it is 16 weights, and the bits are those of predicates, 16 in a
// word: with D for a shift by one bit, or four of interleaved channels,
//
//     (1 + D + D^3) z = D^2 p + s,   1 / (1 + D + D^3) =
//                                    (1 + D + D^2 + D^4) / (1 + D^7)
//
// s are the three z to come, as if all p were 0, times 1 + D + D^3.
//
//===----------------------------------------------------------------------===//

#include "TrellisDecoder.h"
#include "BitSource.h"
#include "WordLanes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"

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
  /// For the `count` indices at `out`, in channels of `depth`.
  TrellisDecoder(StepBuilder &b, Value out, Value count, Value depth)
      : b(b), out(out), count(count), depth(depth) {
    ones = b.constant(lanesOf(1));
    if (b.target.thumb1Only)
      ones = b.opaque(ones); // stays in its register
  }

  /// One output channel after the other.
  void buildChannels();
  /// Four that are interleaved.
  void buildInterleaved();
  /// Both with vectors.
  void buildVectors(int64_t lanes);

private:
  Value buildShifted(Value value, int64_t bits);
  Value buildWeights(Value indices, Value z);
  Value buildMirrors(Value p, Value state);
  Value buildNextState(Value p, Value z);
  Value buildWord(Value at, Value state, unsigned alignment);
  Value buildByte(Value at, Value state);
  SmallVector<Value> buildBlocks(ValueRange init, int64_t words, double trips,
                                 unsigned alignment);
  SmallVector<Value> buildBytes(ValueRange init, double trips);
  SmallVector<Value> buildSteps(ValueRange init, int64_t steps, double trips);
  Value buildVector(Value at, Value left, Value state, int64_t lanes);
  void buildGroups(int64_t lanes, llvm::function_ref<Value(Value)> buildGroup);

  StepBuilder &b;
  Value out, count, depth;
  Value ones; ///< in each lane
  // Polynomials: what z gets from p and from s, and s from z (the product's
  // upper half). LLVM would rather shift and add.
  Value spreadParities, spreadState, spreadMirrors;
};
} // namespace

/// value << bits, which LLVM must not join with the operations around it where
/// a shift is an operation of its own: it would multiply by constants, each of
/// them loaded.
Value TrellisDecoder::buildShifted(Value value, int64_t bits) {
  Value shifted = b.shl(value, bits);
  return b.target.thumb1Only ? b.opaque(shifted) : shifted;
}

/// The four weights of as many indices k: u = 2 k + (k < 0), or -u where `z` is
/// 1 and not 0.
Value TrellisDecoder::buildWeights(Value indices, Value z) {
  Value negative = b.bitAnd(b.lshr(indices, 7), ones);
  if (b.target.hasDSP) {
    Value doubled = buildIntrinsic(b, "llvm.arm.uadd8", {indices, indices});
    Value u = buildOr(b, doubled, negative);
    Value mirror = b.sub(b.shl(z, 8), z); // all bits of the lanes where z is
    return buildIntrinsic(b, "llvm.arm.uadd8", {buildXor(b, u, mirror), z});
  }
  // -u = 2 ~k + (k < 0 ? 1 : 2). The seven lowest bits of k are inverted, so
  // that no lane carries: only not negative indices are added to.
  Value mirror = b.sub(buildShifted(z, 7), z);
  Value one = b.bitAnd(z, buildXor(b, negative, b.constant(-1)));
  Value half = b.add(buildXor(b, indices, mirror), one);
  // Without a constant more than ones, and LLVM need not know.
  Value odd = buildOr(b, buildShifted(half, 1), ones);
  if (b.target.thumb1Only)
    odd = b.opaque(odd);
  return buildOr(b, buildXor(b, odd, ones), negative);
}

/// z of four weights from the parities of their indices and the state.
Value TrellisDecoder::buildMirrors(Value p, Value state) {
  if (b.target.hasDSP) // multiplies and adds in a cycle
    return b.bitAnd(b.add(b.mul(p, spreadParities), b.mul(state, spreadState)),
                    ones);
  Value sum = b.add(state, buildShifted(p, 16));
  sum = b.add(sum, buildShifted(sum, 8));
  return b.bitAnd(b.add(sum, buildShifted(state, 16)), ones);
}

/// The state after four weights.
Value TrellisDecoder::buildNextState(Value p, Value z) {
  Value fromZ;
  if (b.target.hasDSP) {
    auto product =
        arith::MulUIExtendedOp::create(b.builder, b.loc, z, spreadMirrors);
    fromZ = product.getHigh();
  } else {
    fromZ = b.add(b.lshr(z, 8), b.lshr(z, 24));
  }
  return b.add(fromZ, b.lshr(p, 16));
}

/// Decodes the word at `at`; returns the next state.
Value TrellisDecoder::buildWord(Value at, Value state, unsigned alignment) {
  Value indices = buildLoadWord(b, at, alignment);
  Value p = b.bitAnd(indices, ones);
  Value z = buildMirrors(p, state);
  Value next = buildNextState(p, z);
  buildStoreWord(b, buildWeights(indices, z), at, alignment);
  return next;
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
void TrellisDecoder::buildGroups(int64_t lanes,
                                 llvm::function_ref<Value(Value)> buildGroup) {
  buildWhile(
      b, {out}, ExpectedTrips{0, 1.0 / double(lanes * assumedDepth)},
      [&](ValueRange at) {
        return b.compare(CmpIPredicate::slt, buildDistance(b, out, at[0]),
                         count);
      },
      [&](ValueRange at) -> SmallVector<Value> { return {buildGroup(at[0])}; });
}

void TrellisDecoder::buildChannels() {
  if (b.target.hasDSP) {
    spreadParities = b.opaque(b.constant(0x01010000));
    spreadState = b.opaque(b.constant(0x00010101));
    spreadMirrors = b.opaque(b.constant(0x01000100));
  }
  constexpr int64_t block = 4 * unrolledWords;
  // Cores that load words from multiples of four only begin with single
  // weights, where a channel does not begin at one.
  bool mustAlign = b.target.thumb1Only;
  unsigned alignment = mustAlign ? 4 : 1;
  auto buildChannel = [&](Value at) {
    SmallVector<Value> values = {at, depth, b.constant(0)};
    if (mustAlign) {
      Value before = b.bitAnd(buildDistance(b, at, out), b.constant(3));
      before = b.smin(before, depth);
      SmallVector<Value> aligned = buildBytes({at, before, values[2]}, 1.5);
      values = {aligned[0], b.sub(depth, before), aligned[2]};
    }
    values = buildBlocks(values, unrolledWords, double(assumedDepth) / block,
                         alignment);
    values = buildBlocks(values, 1, 1.5, alignment);
    return buildBytes(values, 1)[0];
  };
  buildGroups(1, buildChannel);
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
  Value zero = b.constant(0);
  auto buildGroup = [&](Value at) {
    SmallVector<Value> values = {at, depth, zero, zero, zero};
    values =
        buildSteps(values, unrolledWords, double(assumedDepth) / unrolledWords);
    return buildSteps(values, 1, 1.5)[0];
  };
  buildGroups(4, buildGroup);
}

/// Decodes the next weights of the `left` that are left, at most 16; returns
/// the next state.
Value TrellisDecoder::buildVector(Value at, Value left, Value state,
                                  int64_t lanes) {
  auto bytes = VectorType::get({16}, b.i8());
  auto predicate = VectorType::get({16}, b.i1());
  auto splat = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b.builder, b.loc,
        DenseElementsAttr::get(bytes, b.builder.getI8IntegerAttr(value)));
  };
  auto call = [&](StringRef name, Type type, Value operand) {
    return LLVM::CallIntrinsicOp::create(b.builder, b.loc, type,
                                         b.builder.getStringAttr(name), operand)
        .getResult(0);
  };
  Value zeros = splat(0), isLeft = call("llvm.arm.mve.vctp8", predicate, left);
  Value k = LLVM::MaskedLoadOp::create(b.builder, b.loc, bytes, at, isLeft,
                                       zeros, /*alignment=*/1);
  Value isOdd = b.compare(CmpIPredicate::slt, b.shl(k, splat(7)), zeros);
  Value p = call("llvm.arm.mve.pred.v2i.v16i1", b.i32(), isOdd);
  auto addShifted = [&](Value x, Value y, int64_t exponent) {
    return buildXor(b, x, b.shl(y, exponent * lanes));
  };
  Value sum = addShifted(state, p, 2);
  Value z = addShifted(addShifted(addShifted(sum, sum, 1), sum, 2), sum, 4);
  if (lanes == 1) // later bits only of four lanes
    z = addShifted(addShifted(z, z, 7), z, 14);
  Value to = b.lshr(z, 16);
  Value next =
      b.bitAnd(addShifted(to, to, 1), b.constant((1 << (3 * lanes)) - 1));
  Value isMirrored = call("llvm.arm.mve.pred.i2v.v16i1", predicate, z);
  Value negative = arith::ShRUIOp::create(b.builder, b.loc, k, splat(7));
  Value u = buildOr(b, b.shl(k, splat(1)), negative);
  LLVM::MaskedStoreOp::create(b.builder, b.loc,
                              b.select(isMirrored, b.sub(zeros, u), u), at,
                              isLeft, /*alignment=*/1);
  return next;
}

void TrellisDecoder::buildVectors(int64_t lanes) {
  Value weights = b.mul(depth, lanes);
  auto buildGroup = [&](Value at) {
    SmallVector<Value> ends = buildWhile(
        b, {at, weights, b.constant(0)},
        ExpectedTrips{double(lanes * assumedDepth) / 16, 0},
        [&](ValueRange values) {
          return b.compare(CmpIPredicate::sgt, values[1], b.constant(0));
        },
        [&](ValueRange values) -> SmallVector<Value> {
          Value next = buildVector(values[0], values[1], values[2], lanes);
          return {b.at(values[0], 16), b.add(values[1], -16), next};
        });
    // The last vector went beyond the end.
    return b.at(ends[0], ends[1]);
  };
  buildGroups(lanes, buildGroup);
}

/// The function that decodes `count` indices at `out` in channels of `depth`,
/// made where it is called first. Stacks that differ in what is around the
/// trellis have decoders of their own, but this they share.
static func::FuncOp getFunction(StepBuilder &b, int64_t lanes) {
  Operation *around = b.builder.getInsertionBlock()->getParentOp();
  auto caller = dyn_cast<func::FuncOp>(around);
  if (!caller)
    caller = around->getParentOfType<func::FuncOp>();
  std::string name = "thimble.trellis." + std::to_string(lanes);
  auto module = caller->getParentOfType<ModuleOp>();
  if (auto function = module.lookupSymbol<func::FuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(b.builder);
  b.builder.setInsertionPoint(caller);
  auto function = func::FuncOp::create(
      b.builder, b.loc, name,
      b.builder.getFunctionType({b.ptr(), b.i32(), b.i32()}, {}));
  // Of the same kind: local, not inlined.
  function.setVisibility(caller.getVisibility());
  function->setDiscardableAttrs(caller->getDiscardableAttrDictionary());
  b.builder.setInsertionPointToStart(function.addEntryBlock());
  ValueRange arguments = function.getArguments();
  TrellisDecoder decoder(b, arguments[0], arguments[1], arguments[2]);
  if (b.target.hasMVE)
    decoder.buildVectors(lanes);
  else if (lanes == 1)
    decoder.buildChannels();
  else
    decoder.buildInterleaved();
  func::ReturnOp::create(b.builder, b.loc);
  return function;
}

void thimble::buildTrellisDecode(StepBuilder &b, DecodeLevel &level,
                                 int64_t lanes) {
  if (level.symbols != level.out)
    b.copy(level.out, level.symbols, level.count);
  Value depth = buildRead16(b, level.cursor);
  func::CallOp::create(b.builder, b.loc, getFunction(b, lanes),
                       ValueRange{level.out, level.count, depth});
}
