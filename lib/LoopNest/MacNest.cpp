//===- MacNest.cpp - Blocked multiply-accumulate loops --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// for pixel block { for channel block { for tap { for i in run {
//   P loads of x, C loads of w, P*C products } } requantize and store } }
// A block that would reach over the end starts earlier and computes some
// outputs again, so that no remainder loop is needed; therefore an output row
// never overwrites an input row.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/MacNest.h"

using namespace mlir;
using namespace thimble;

/// Row copies larger than this are not worth their RAM.
static constexpr int64_t maxRowCopyBytes = 2048;

static int64_t overhang(int64_t input, int64_t output, int64_t stride,
                        int64_t kernel, int64_t dilation, int64_t before) {
  int64_t last = (output - 1) * stride - before + (kernel - 1) * dilation;
  return std::max<int64_t>(last - (input - 1), 0);
}

int64_t WindowGeometry::padRight() const {
  return overhang(inputWidth, outputWidth, strideW, kernelWidth, dilationW,
                  padLeft);
}

int64_t WindowGeometry::padBottom() const {
  return overhang(inputHeight, outputHeight, strideH, kernelHeight, dilationH,
                  padTop);
}

MacNest::MacNest(const WindowGeometry &geometry, Requantizer requantizer,
                 std::vector<uint8_t> weights, uint8_t paddingByte,
                 const TargetInfo &target)
    : g(geometry), requantizer(std::move(requantizer)),
      weights(std::move(weights)), paddingByte(paddingByte),
      elementBytes(this->requantizer.elementBytes()),
      pointerBytes(target.pointerBytes) {
  chooseSource();
  chooseBlock(target);
}

void MacNest::chooseSource() {
  if (!g.padsColumns())
    source = Source::Direct;
  else if (g.kernelHeight * copyPitch() <= maxRowCopyBytes)
    source = Source::RowCopy;
  else
    source = Source::TapTable;
}

void MacNest::chooseBlock(const TargetInfo &target) {
  // research measured these; see docs/rationale/loop-nests.md.
  bool onePixel = g.isPointwise() && g.outputWidth == 1 && g.outputHeight == 1;
  if (target.thumb1Only)
    block = onePixel ? BlockShape{1, 2, 1} : BlockShape{2, 1, 1};
  else if (target.hasMVE)
    block = onePixel ? BlockShape{1, 4, 1} : BlockShape{2, 2, 1};
  else
    block = onePixel ? BlockShape{1, 4, 4} : BlockShape{2, 2, 4};
  block.pixels = std::min(block.pixels, g.outputWidth);
  block.channels = std::min(block.channels, g.outputChannels);
}

int64_t MacNest::runLength() const {
  bool joined = source != Source::TapTable && g.dilationW == 1;
  return (joined ? g.kernelWidth : 1) * g.inputChannels;
}

int64_t MacNest::taps() const {
  return g.kernelHeight * g.kernelWidth * g.inputChannels / runLength();
}

int64_t MacNest::copyPitch() const {
  int64_t bytes = (g.padLeft + g.inputWidth + g.padRight()) * g.inputChannels *
                  elementBytes;
  return llvm::alignTo(bytes, 4);
}

void MacNest::describe(StepSpec &spec) {
  ConstantTable table{"weights", weights, unsigned(elementBytes)};
  table.channelBytes = weights.size() / g.outputChannels;
  spec.tables.push_back(std::move(table));
  requantizer.addTables(spec);
  spec.outputRowBytes = g.outputWidth * g.outputChannels * elementBytes;
  spec.channels = g.outputChannels;
  if (g.isPointwise() && g.strideH == 1 && g.strideW == 1)
    spec.pixels = g.outputWidth;
  if (g.padsRows())
    spec.paddingRowBytes = g.inputWidth * g.inputChannels * elementBytes;
  else if (source == Source::TapTable)
    spec.paddingRowBytes = g.inputChannels * elementBytes;
  spec.paddingByte = paddingByte;
  if (source == Source::RowCopy)
    spec.scratchBytes = g.kernelHeight * copyPitch();
  else if (source == Source::TapTable)
    spec.scratchBytes = taps() * block.pixels * pointerBytes;
}

Value MacNest::loadElement(StepBuilder &b, Value address) const {
  return requantizer.isFloat() ? b.loadF32(address) : b.loadI8(address);
}

/// The pointer to row `row` of the window (an i32 value).
static Value rowPointer(StepBuilder &b, const WindowGeometry &g, Value row) {
  if (g.kernelHeight == 1)
    return b.operands[0];
  int64_t pitch = b.target.pointerBytes;
  return b.load(b.ptr(), b.at(b.operands[0], b.mul(row, pitch)));
}

void MacNest::copyRows(StepBuilder &b) const {
  int64_t pixel = g.inputChannels * elementBytes;
  int64_t left = g.padLeft * pixel, row = g.inputWidth * pixel;
  b.loop(g.kernelHeight, [&](Value ky) {
    Value to = b.at(b.scratch, b.mul(ky, copyPitch()));
    if (left > 0)
      b.fill(to, paddingByte, b.constant(left));
    b.copy(b.at(to, left), rowPointer(b, g, ky), b.constant(row));
    if (int64_t right = copyPitch() - left - row)
      b.fill(b.at(to, left + row), paddingByte, b.constant(right));
  });
}

void MacNest::fillTapTable(StepBuilder &b, Value pixel) const {
  int64_t pixelBytes = g.inputChannels * elementBytes;
  Value first = b.add(b.mul(pixel, g.strideW), -g.padLeft);
  b.loop(g.kernelHeight, [&](Value ky) {
    Value row = rowPointer(b, g, ky);
    Value entry =
        b.at(b.scratch, b.mul(ky, g.kernelWidth * block.pixels * pointerBytes));
    for (int64_t kx = 0; kx < g.kernelWidth; ++kx)
      for (int64_t p = 0; p < block.pixels; ++p) {
        Value x = b.add(first, p * g.strideW + kx * g.dilationW);
        Value inside =
            b.compare(arith::CmpIPredicate::ult, x, b.constant(g.inputWidth));
        Value address = b.at(row, b.mul(x, pixelBytes));
        b.store(b.select(inside, address, b.paddingRow),
                b.at(entry, (kx * block.pixels + p) * pointerBytes));
      }
  });
}

MacNest::Values MacNest::tapBases(StepBuilder &b, Value pixel,
                                  Value tap) const {
  Values bases;
  if (source == Source::TapTable) {
    Value entry = b.at(b.scratch, b.mul(tap, block.pixels * pointerBytes));
    for (int64_t p = 0; p < block.pixels; ++p)
      bases.push_back(b.load(b.ptr(), b.at(entry, p * pointerBytes)));
    return bases;
  }
  int64_t step = g.strideW * g.inputChannels * elementBytes;
  int64_t tapsPerRow = taps() / g.kernelHeight;
  Value row = tap, column;
  if (tapsPerRow > 1) {
    Value count = b.constant(tapsPerRow);
    row = b.builder.createOrFold<arith::DivUIOp>(b.loc, tap, count);
    column = b.sub(tap, b.mul(row, tapsPerRow));
  }
  Value base = source == Source::RowCopy
                   ? b.at(b.scratch, b.mul(row, copyPitch()))
                   : rowPointer(b, g, row);
  base = b.at(base, b.mul(pixel, step));
  if (column)
    base =
        b.at(base, b.mul(column, g.dilationW * g.inputChannels * elementBytes));
  for (int64_t p = 0; p < block.pixels; ++p)
    bases.push_back(b.at(base, p * step));
  return bases;
}

MacNest::Values MacNest::accumulateRun(StepBuilder &b, Values accumulators,
                                       ValueRange inputs, Value weights) const {
  int64_t run = runLength();
  int64_t channelBytes = taps() * run * elementBytes;
  auto products = [&](Values sums, Value start, int64_t count) {
    for (int64_t u = 0; u < count; ++u) {
      Values x, w;
      auto element = [&](Value base, int64_t offset) {
        return loadElement(b, b.at(b.at(base, start), offset));
      };
      for (Value input : inputs)
        x.push_back(element(input, u * elementBytes));
      for (int64_t c = 0; c < block.channels; ++c)
        w.push_back(element(weights, c * channelBytes + u * elementBytes));
      for (auto [index, sum] : llvm::enumerate(sums))
        sum = requantizer.multiplyAdd(b, sum, x[index / block.channels],
                                      w[index % block.channels]);
    }
    return sums;
  };
  int64_t unrolled = run / block.unroll * block.unroll;
  if (unrolled > block.unroll) {
    accumulators = b.loop(b.constant(0), b.constant(unrolled * elementBytes),
                          block.unroll * elementBytes, accumulators,
                          [&](Value i, ValueRange carried) {
                            return products(Values(carried), i, block.unroll);
                          });
  } else {
    unrolled = 0;
  }
  return products(accumulators, b.constant(unrolled * elementBytes),
                  run - unrolled);
}

void MacNest::buildBlock(StepBuilder &b, Value pixel, Value channel) const {
  int64_t channelBytes = taps() * runLength() * elementBytes;
  Value record = requantizer.record(b, channel);
  Value weights = b.at(b.tables[0], b.mul(channel, channelBytes));
  Values sums;
  for (int64_t p = 0; p < block.pixels; ++p)
    for (int64_t c = 0; c < block.channels; ++c)
      sums.push_back(p == 0 ? requantizer.initial(b, record, c) : sums[c]);
  int64_t tapBytes = runLength() * elementBytes;
  auto accumulateTap = [&](Value tap, Values carried) {
    return accumulateRun(b, std::move(carried), tapBases(b, pixel, tap),
                         b.at(weights, b.mul(tap, tapBytes)));
  };
  if (taps() == 1)
    sums = accumulateTap(b.constant(0), sums);
  else
    sums = b.loop(b.constant(0), b.constant(taps()), 1, sums,
                  [&](Value tap, ValueRange carried) {
                    return accumulateTap(tap, Values(carried));
                  });
  int64_t pixelBytes = g.outputChannels * elementBytes;
  Value out = b.at(b.at(b.output, b.mul(pixel, pixelBytes)),
                   b.mul(channel, elementBytes));
  for (int64_t p = 0; p < block.pixels; ++p)
    for (int64_t c = 0; c < block.channels; ++c)
      requantizer.store(b, sums[p * block.channels + c], record, c,
                        b.at(out, p * pixelBytes + c * elementBytes));
}

void MacNest::build(StepBuilder &b) const {
  if (source == Source::RowCopy)
    copyRows(b);
  Value pixels = b.pixels ? b.pixels : b.constant(g.outputWidth);
  auto start = [&](Value i, Value count, int64_t size) {
    return size == 1 ? i : b.smin(i, b.sub(count, b.constant(size)));
  };
  b.loop(b.constant(0), pixels, block.pixels, [&](Value i) {
    Value pixel = start(i, pixels, block.pixels);
    if (source == Source::TapTable)
      fillTapTable(b, pixel);
    b.loop(b.constant(0), b.channels, block.channels, [&](Value j) {
      buildBlock(b, pixel, start(j, b.channels, block.channels));
    });
  });
}
