//===- FloatMath.cpp - Elementary functions on floats ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln 2 / 2, with ln 2 in two
// parts (Cody and Waite) and the degree-6 minimax polynomial of exp on that
// interval (coefficients as in the Cephes library's expf): below 2 units in the
// last place.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/FloatMath.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace thimble;

static Value add(StepBuilder &b, Value x, Value y) {
  return arith::AddFOp::create(b.builder, b.loc, x, y);
}
static Value sub(StepBuilder &b, Value x, Value y) {
  return arith::SubFOp::create(b.builder, b.loc, x, y);
}
static Value mul(StepBuilder &b, Value x, Value y) {
  return arith::MulFOp::create(b.builder, b.loc, x, y);
}
static Value div(StepBuilder &b, Value x, Value y) {
  return arith::DivFOp::create(b.builder, b.loc, x, y);
}
static Value less(StepBuilder &b, Value x, Value y) {
  return arith::CmpFOp::create(b.builder, b.loc, arith::CmpFPredicate::OLT, x,
                               y);
}

/// 2^n for integer n in [-126, 127].
static Value powerOfTwo(StepBuilder &b, Value n) {
  return arith::BitcastOp::create(b.builder, b.loc, b.f32(),
                                  b.shl(b.add(n, 127), 23));
}

Value thimble::buildExp(StepBuilder &b, Value x) {
  auto f = [&](float value) { return b.constantF32(value); };
  // Outside, the result is infinity or rounds to 0 (or a subnormal below
  // 2^-126, which no tolerance of ours sees).
  x = buildFloatClamp(b, x, -103.0f, 89.0f);
  // To the nearest integer: adding 1.5 * 2^23 leaves it in the low bits.
  constexpr float magic = 12582912.0f;
  Value biased = add(b, mul(b, x, f(1.44269504f)), f(magic));
  Value rounded = sub(b, biased, f(magic));
  Value n = b.sub(
      arith::BitcastOp::create(b.builder, b.loc, b.i32(), biased).getResult(),
      b.constant(0x4B400000));
  Value r = sub(b, x, mul(b, rounded, f(0.693359375f)));
  r = sub(b, r, mul(b, rounded, f(-2.12194440e-4f)));
  Value p = f(1.9875691500e-4f);
  for (float c : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f,
                  1.6666665459e-1f, 5.0000001201e-1f})
    p = add(b, mul(b, p, r), f(c));
  p = add(b, add(b, mul(b, p, mul(b, r, r)), r), f(1.0f));
  // 2^n in two factors: n reaches -149 and 129.
  Value half = b.ashr(n, 1);
  p = mul(b, p, powerOfTwo(b, half));
  return mul(b, p, powerOfTwo(b, b.sub(n, half)));
}

Value thimble::buildLogistic(StepBuilder &b, Value x) {
  auto f = [&](float value) { return b.constantF32(value); };
  Value minus = sub(b, f(-0.0f), x);
  Value middle = div(b, f(1.0f), add(b, f(1.0f), buildExp(b, minus)));
  // Source of the bounds: TFLite reference_ops::Logistic.
  Value low = b.select(less(b, x, f(-9.0f)), buildExp(b, x), middle);
  return b.select(less(b, f(16.619047164916992188f), x), f(1.0f), low);
}

Value thimble::buildTanh(StepBuilder &b, Value x) {
  auto f = [&](float value) { return b.constantF32(value); };
  // Small arguments: the odd polynomial of Cephes' tanhf, |x| < 0.625.
  Value x2 = mul(b, x, x);
  Value p = f(-5.70498872745e-3f);
  for (float c : {2.06390887954e-2f, -5.37397155531e-2f, 1.33314422036e-1f,
                  -3.33332819422e-1f})
    p = add(b, mul(b, p, x2), f(c));
  Value small = add(b, mul(b, mul(b, p, x2), x), x);
  // Others: 1 - 2 / (exp(2|x|) + 1), with the sign put back.
  Value bits = arith::BitcastOp::create(b.builder, b.loc, b.i32(), x);
  Value magnitude = arith::BitcastOp::create(
      b.builder, b.loc, b.f32(), b.bitAnd(bits, b.constant(0x7FFFFFFF)));
  Value e = buildExp(b, add(b, magnitude, magnitude));
  Value large = sub(b, f(1.0f), div(b, f(2.0f), add(b, e, f(1.0f))));
  Value negative = less(b, x, f(0.0f));
  large = b.select(negative, sub(b, f(-0.0f), large), large);
  return b.select(less(b, magnitude, f(0.625f)), small, large);
}

static void buildGroup(StepBuilder &b, Value in, Value out, int64_t size,
                       float beta) {
  Value begin = b.constant(0), end = b.constant(size);
  auto element = [&](Value base, Value i) { return b.at(base, b.mul(i, 4)); };
  Value lowest = b.constantF32(std::numeric_limits<float>::lowest());
  Value maximum =
      b.loop(begin, end, 1, {lowest}, [&](Value i, ValueRange carried) {
        Value x = b.loadF32(element(in, i));
        return StepBuilder::Values{
            b.select(less(b, carried[0], x), x, carried[0])};
      })[0];
  Value sum = b.loop(begin, end, 1, {b.constantF32(0.0f)},
                     [&](Value i, ValueRange carried) {
                       Value x = sub(b, b.loadF32(element(in, i)), maximum);
                       Value e = buildExp(b, mul(b, x, b.constantF32(beta)));
                       b.store(e, element(out, i));
                       return StepBuilder::Values{add(b, carried[0], e)};
                     })[0];
  b.loop(begin, end, 1, [&](Value i) {
    Value y = div(b, b.loadF32(element(out, i)), sum);
    b.store(y, element(out, i));
  });
}

void thimble::buildFloatSoftmax(StepBuilder &b, int64_t size, float beta) {
  b.loop(b.constant(0), b.pixels, 1, [&](Value group) {
    Value offset = b.mul(group, size * 4);
    buildGroup(b, b.at(b.operands[0], offset), b.at(b.output, offset), size,
               beta);
  });
}
