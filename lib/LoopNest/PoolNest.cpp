//===- PoolNest.cpp - Pooling loops ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows outside the image are the padding row (0 for averages, the least value
// for maxima, but see reduce for int16); columns outside are left out of the
// loop, so that the divisor of an average counts the taps inside. Semantics:
// TFLite AveragePool and MaxPool of reference_integer_ops and reference_ops.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/PoolNest.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/LoopNest/Requantize.h"

using namespace mlir;
using namespace thimble;

/// A float of these bytes is a NaN, which is never the maximum.
static constexpr uint8_t notANumberByte = 0xFF;
static constexpr uint8_t leastInt8 = 0x80;

void PoolNest::describe(StepSpec &spec) const {
  spec.outputRowBytes = g.outputWidth * g.outputChannels * elementBytes;
  if (g.padsRows())
    spec.paddingRowBytes = g.inputWidth * g.inputChannels * elementBytes;
  if (kind == PoolKind::Maximum)
    spec.paddingByte = isFloat ? notANumberByte : leastInt8;
}

Value PoolNest::countRows(StepBuilder &b) const {
  if (!b.paddingRow)
    return b.constant(g.kernelHeight);
  return b.loop(b.constant(0), b.constant(g.kernelHeight), 1, {b.constant(0)},
                [&](Value ky, ValueRange carried) {
                  Value inside = LLVM::ICmpOp::create(
                      b.builder, b.loc, LLVM::ICmpPredicate::ne,
                      windowRow(b, g, ky), b.paddingRow);
                  Value one = b.builder.createOrFold<arith::ExtUIOp>(
                      b.loc, b.i32(), inside);
                  return StepBuilder::Values{b.add(carried[0], one)};
                })[0];
}

Value PoolNest::load(StepBuilder &b, Value address) const {
  if (isFloat)
    return b.loadF32(address);
  return elementBytes == 2 ? b.loadI16(address) : b.loadI8(address);
}

Value PoolNest::combine(StepBuilder &b, Value sum, Value x) const {
  if (kind == PoolKind::Average)
    return isFloat ? arith::AddFOp::create(b.builder, b.loc, sum, x).getResult()
                   : b.add(sum, x);
  if (!isFloat)
    return b.smax(sum, x);
  Value larger = arith::CmpFOp::create(b.builder, b.loc,
                                       arith::CmpFPredicate::OGT, x, sum);
  return b.select(larger, x, sum);
}

Value PoolNest::reduce(StepBuilder &b, Value first, Value begin, Value end,
                       Value channel) const {
  int64_t pixelBytes = g.inputChannels * elementBytes;
  Value start;
  if (kind == PoolKind::Average)
    start = isFloat ? b.constantF32(0.0f) : b.constant(0);
  else
    start = isFloat ? b.constantF32(std::numeric_limits<float>::lowest())
                    : b.constant(least());
  auto rows = [&](Value ky, ValueRange sums) {
    Value address = windowRow(b, g, ky);
    Value row = b.at(address, channel), inside;
    // No byte fills a row with the least int16.
    if (b.paddingRow && kind == PoolKind::Maximum && elementBytes == 2)
      inside = LLVM::ICmpOp::create(b.builder, b.loc, LLVM::ICmpPredicate::ne,
                                    address, b.paddingRow);
    return b.loop(begin, end, 1, sums, [&](Value kx, ValueRange inner) {
      Value x = load(b, b.at(row, b.mul(b.add(first, kx), pixelBytes)));
      if (inside)
        x = b.select(inside, x, b.constant(least()));
      return StepBuilder::Values{combine(b, inner[0], x)};
    });
  };
  return b.loop(b.constant(0), b.constant(g.kernelHeight), 1, {start}, rows)[0];
}

Value PoolNest::divide(StepBuilder &b, Value sum, Value count) const {
  Value zero = b.constant(0);
  Value negative = b.compare(arith::CmpIPredicate::slt, sum, zero);
  Value magnitude = b.select(negative, b.sub(zero, sum), sum);
  Value rounded = b.add(magnitude, b.lshr(count, 1));
  Value quotient;
  std::optional<uint32_t> magic;
  if (isCountConstant() && elementBytes == 1)
    magic = averagePoolMagic(g.kernelHeight * g.kernelWidth);
  if (magic)
    quotient = b.lshr(b.mul(rounded, int64_t(*magic)), 24);
  else
    quotient = b.builder.createOrFold<arith::DivUIOp>(b.loc, rounded, count);
  return b.select(negative, b.sub(zero, quotient), quotient);
}

Value PoolNest::finish(StepBuilder &b, Value sum, Value count) const {
  if (isFloat) {
    if (kind == PoolKind::Average) {
      Value divisor = arith::SIToFPOp::create(b.builder, b.loc, b.f32(), count);
      sum = arith::DivFOp::create(b.builder, b.loc, sum, divisor);
    }
    return buildFloatClamp(b, sum, floatLow, floatHigh);
  }
  if (kind == PoolKind::Average)
    sum = divide(b, sum, count);
  return b.truncate(b.clamp(sum, low, high),
                    elementBytes == 2 ? b.i16() : b.i8());
}

Value SumArray::load(StepBuilder &b, Value base, Value index) const {
  Value address = b.at(base, b.mul(index, elementBytes()));
  if (isFloat)
    return b.loadF32(address);
  return isNarrow ? b.loadI16(address) : b.loadI32(address);
}

void SumArray::store(StepBuilder &b, Value sum, Value base, Value index) const {
  b.store(isNarrow ? b.truncate(sum, b.i16()) : sum,
          b.at(base, b.mul(index, elementBytes())));
}

int64_t PoolNest::sumBytes() const {
  bool hasOneRow = g.outputHeight == 1 && !g.isPadded() &&
                   g.kernelHeight == g.inputHeight && g.kernelHeight > 1;
  if (kind != PoolKind::Average || !hasOneRow)
    return 0;
  SumArray sums(g.kernelHeight * g.kernelWidth, elementBytes);
  return g.outputWidth * g.outputChannels * sums.elementBytes();
}

void PoolNest::forEachOutput(
    StepBuilder &b,
    llvm::function_ref<void(Value first, Value channel, Value output)> body)
    const {
  b.loop(b.constant(0), b.constant(g.outputWidth), 1, [&](Value pixel) {
    Value first = b.mul(pixel, g.strideW);
    Value begin = b.mul(pixel, g.outputChannels);
    b.loop(b.constant(0), b.constant(g.inputChannels), 1,
           [&](Value c) { body(first, c, b.add(begin, c)); });
  });
}

void PoolNest::buildAbsorb(StepBuilder &b) const {
  SumArray sums(g.kernelHeight * g.kernelWidth, elementBytes);
  int64_t pixelBytes = g.inputChannels * elementBytes;
  forEachOutput(b, [&](Value first, Value channel, Value output) {
    Value column = b.at(b.at(b.operands[0], b.mul(first, pixelBytes)),
                        b.mul(channel, elementBytes));
    Value sum = b.loop(
        b.constant(0), b.constant(g.kernelWidth), 1,
        {sums.load(b, b.sums, output)}, [&](Value kx, ValueRange carried) {
          Value x = b.at(column, b.mul(kx, pixelBytes));
          return StepBuilder::Values{combine(b, carried[0], load(b, x))};
        })[0];
    sums.store(b, sum, b.sums, output);
  });
}

void PoolNest::buildAbsorbed(StepBuilder &b) const {
  SumArray sums(g.kernelHeight * g.kernelWidth, elementBytes);
  Value count = b.constant(g.kernelHeight * g.kernelWidth);
  forEachOutput(b, [&](Value, Value, Value output) {
    b.store(finish(b, sums.load(b, b.sums, output), count),
            b.at(b.output, b.mul(output, elementBytes)));
  });
}

void PoolNest::build(StepBuilder &b) const {
  Value rowsInside = countRows(b);
  b.loop(b.constant(0), b.constant(g.outputWidth), 1, [&](Value pixel) {
    Value first = b.add(b.mul(pixel, g.strideW), -g.padLeft);
    Value begin = b.constant(0), end = b.constant(g.kernelWidth);
    if (g.padsColumns()) {
      begin = b.smax(begin, b.sub(b.constant(0), first));
      end = b.smin(end, b.sub(b.constant(g.inputWidth), first));
    }
    Value count = b.mul(rowsInside, b.sub(end, begin));
    Value out = b.at(b.output, b.mul(pixel, g.outputChannels * elementBytes));
    b.loop(b.constant(0), b.constant(g.inputChannels), 1, [&](Value c) {
      Value channel = b.mul(c, elementBytes);
      Value sum = reduce(b, first, begin, end, channel);
      b.store(finish(b, sum, count), b.at(out, channel));
    });
  });
}
