//===- DepthwiseNest.cpp - Depthwise convolution loops --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// for pixel block { <fill table of addresses> for channel { for ky {
//   loads of the columns, P products a tap } requantize and store } }
// Where a row is padded, the columns are found through a table of addresses: an
// address outside the image is that of the padding row.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/DepthwiseNest.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace thimble;

/// More products than this are not unrolled over the window's rows.
static constexpr int64_t maxUnrolledProducts = 64;
/// Of an accumulator in memory.
static constexpr int64_t sumElementBytes = 4;

DepthwiseNest::DepthwiseNest(const WindowGeometry &geometry,
                             Requantizer requantizer, ArrayRef<uint8_t> filter,
                             uint8_t paddingByte, const TargetInfo &target)
    : g(geometry), requantizer(std::move(requantizer)),
      paddingByte(paddingByte), multiplier(g.outputChannels / g.inputChannels),
      elementBytes(this->requantizer.elementBytes()),
      weightBytes(this->requantizer.weightBytes()),
      pointerBytes(target.pointerBytes) {
  weights.assign(filter.begin(), filter.end());
  if (target.hasMVE && multiplier == 1 && g.outputChannels >= 4 &&
      this->requantizer.canVectorize()) {
    lanes = 4;
    this->requantizer.vectorize();
  }
  choosePixels();
  unrollRows = lanes == 1 &&
               g.kernelHeight * g.kernelWidth * pixels <= maxUnrolledProducts;
  stepCycles = estimateCycles(
      work(), lanes > 1 ? NestForm::DepthwiseLanes : NestForm::Depthwise,
      this->requantizer.isFloat(), target);
}

NestWork DepthwiseNest::work() const {
  NestWork work;
  auto wanted = double(columns().size());
  work.pixelBlocks = double(llvm::divideCeil(g.outputWidth, pixels));
  work.blocks = work.pixelBlocks * llvm::divideCeil(g.outputChannels, lanes);
  work.windowRows = work.blocks * double(g.kernelHeight);
  work.products = work.windowRows * double(g.kernelWidth * pixels);
  work.loads = work.windowRows *
               (wanted * (g.padsColumns() ? 2 : 1) + double(g.kernelWidth));
  work.outputs = work.blocks * double(pixels);
  if (g.padsColumns())
    work.tableEntries = work.pixelBlocks * double(g.kernelHeight) * wanted;
  return work;
}

WeightLayout DepthwiseNest::weightLayout() const {
  return {g.outputChannels, g.kernelHeight * g.kernelWidth, lanes,
          /*channelsInnermost=*/true};
}

void DepthwiseNest::choosePixels() {
  // A count that divides the row computes nothing twice.
  pixels = std::min<int64_t>(g.outputWidth, 4);
  for (int64_t count : {4, 5, 3})
    if (g.outputWidth % count == 0) {
      pixels = count;
      break;
    }
}

SmallVector<int64_t> DepthwiseNest::columns() const {
  SmallVector<int64_t> result;
  for (int64_t p = 0; p < pixels; ++p)
    for (int64_t kx = 0; kx < g.kernelWidth; ++kx)
      result.push_back(p * g.strideW + kx * g.dilationW);
  llvm::sort(result);
  result.erase(llvm::unique(result), result.end());
  return result;
}

void DepthwiseNest::describe(StepSpec &spec) {
  spec.weightLayout = weightLayout();
  spec.weightTable = spec.tables.size();
  spec.tables.push_back(
      {"weights", spec.weightLayout->arrange(weights, weightBytes),
       unsigned(weightBytes), g.kernelHeight * g.kernelWidth * weightBytes});
  requantizer.addTables(spec);
  spec.stepCycles = stepCycles;
  spec.channels = g.outputChannels;
  spec.channelGranule = multiplier * lanes;
  for (RowOperand &operand : spec.operands)
    operand.granuleBytes = lanes * elementBytes;
  spec.outputRowBytes = g.outputWidth * g.outputChannels * elementBytes;
  spec.paddingByte = paddingByte;
  int64_t pixelBytes = g.inputChannels * elementBytes;
  // The table makes every tap of a row outside the image one pixel.
  if (g.padsColumns())
    spec.paddingRowBytes = pixelBytes;
  else if (g.padsRows())
    spec.paddingRowBytes = g.inputWidth * pixelBytes;
  if (g.padsColumns())
    spec.paddingTapBytes = pixelBytes;
  if (g.padsColumns())
    spec.scratchBytes = g.kernelHeight * columns().size() * pointerBytes;
}

void DepthwiseNest::fillTable(StepBuilder &b, Value pixel) const {
  int64_t pixelBytes = g.inputChannels * elementBytes;
  SmallVector<int64_t> wanted = columns();
  Value first = b.add(b.mul(pixel, g.strideW), -g.padLeft);
  b.loop(g.kernelHeight, [&](Value ky) {
    Value row = windowRow(b, g, ky);
    Value width = widthInside(b, g, row);
    Value entry =
        b.at(b.scratch, b.mul(ky, int64_t(wanted.size()) * pointerBytes));
    for (auto [index, column] : llvm::enumerate(wanted)) {
      Value x = b.add(first, column);
      Value inside = b.compare(arith::CmpIPredicate::ult, x, width);
      Value address = b.at(row, b.mul(x, pixelBytes));
      b.store(b.select(inside, address, b.paddingRow),
              b.at(entry, int64_t(index) * pointerBytes));
    }
  });
}

Value DepthwiseNest::loadInput(StepBuilder &b, Value address) const {
  return lanes > 1 ? b.loadVectorI8(address)
                   : requantizer.loadInput(b, address);
}

Value DepthwiseNest::loadWeight(StepBuilder &b, Value address) const {
  return lanes > 1 ? b.loadVectorI8(address)
                   : requantizer.loadWeight(b, address);
}

Value DepthwiseNest::columnsBase(StepBuilder &b, Value pixel, Value ky,
                                 Value channel) const {
  if (g.padsColumns())
    return b.at(b.scratch, b.mul(ky, int64_t(columns().size()) * pointerBytes));
  int64_t pixelBytes = g.inputChannels * elementBytes;
  return b.at(b.at(windowRow(b, g, ky), b.mul(pixel, g.strideW * pixelBytes)),
              channel);
}

Value DepthwiseNest::loadColumn(StepBuilder &b, Value base, int64_t index,
                                int64_t column, Value channel) const {
  if (!g.padsColumns())
    return loadInput(b, b.at(base, column * g.inputChannels * elementBytes));
  Value pointer = b.load(b.ptr(), b.at(base, index * pointerBytes));
  return loadInput(b, b.at(pointer, channel));
}

DepthwiseNest::Values DepthwiseNest::addRow(StepBuilder &b, Values sums,
                                            Value pixel, Value ky,
                                            Value inputChannel,
                                            Value weights) const {
  int64_t tapBytes = lanes * weightBytes;
  Value row = b.at(weights, b.mul(ky, g.kernelWidth * tapBytes));
  Values w;
  for (int64_t kx = 0; kx < g.kernelWidth; ++kx)
    w.push_back(loadWeight(b, b.at(row, kx * tapBytes)));
  Value channel = b.mul(inputChannel, elementBytes);
  Value base = columnsBase(b, pixel, ky, channel);
  // Column by column: an element is used up before the next one is loaded.
  for (auto [index, column] : llvm::enumerate(columns())) {
    Value x = loadColumn(b, base, index, column, channel);
    for (int64_t p = 0; p < pixels; ++p) {
      int64_t offset = column - p * g.strideW;
      if (offset >= 0 && offset % g.dilationW == 0 &&
          offset / g.dilationW < g.kernelWidth)
        sums[p] =
            requantizer.multiplyAdd(b, sums[p], x, w[offset / g.dilationW]);
    }
  }
  return sums;
}

DepthwiseNest::Values DepthwiseNest::initialSums(StepBuilder &b,
                                                 Value record) const {
  return Values(
      pixels, lanes > 1 ? requantizer.initialVector(b, record)
                        : requantizer.initial(b, record, 0,
                                              Requantizer::Lifetime::Unrolled));
}

DepthwiseNest::Values DepthwiseNest::addAllRows(StepBuilder &b, Values sums,
                                                Value pixel, Value inputChannel,
                                                Value weights) const {
  auto add = [&](Value ky, Values carried) {
    return addRow(b, std::move(carried), pixel, ky, inputChannel, weights);
  };
  if (unrollRows || g.kernelHeight == 1) {
    for (int64_t ky = 0; ky < g.kernelHeight; ++ky)
      sums = add(b.constant(ky), sums);
    return sums;
  }
  return b.loop(
      b.constant(0), b.constant(g.kernelHeight), 1, sums,
      [&](Value ky, ValueRange carried) { return add(ky, Values(carried)); });
}

void DepthwiseNest::storeOutputs(StepBuilder &b, const Values &sums,
                                 Value record, Value pixel,
                                 Value outputChannel) const {
  int64_t pixelBytes = g.outputChannels * elementBytes;
  Value out = b.at(b.at(b.output, b.mul(pixel, pixelBytes)),
                   b.mul(outputChannel, elementBytes));
  if (lanes > 1) {
    for (int64_t p = 0; p < pixels; ++p)
      requantizer.storeVector(b, sums[p], record, b.at(out, p * pixelBytes));
    return;
  }
  Values outputs = requantizer.finish(b, sums, record, 0);
  for (auto [p, output] : llvm::enumerate(outputs))
    b.store(output, b.at(out, int64_t(p) * pixelBytes));
}

DepthwiseNest::Values DepthwiseNest::sumAddresses(StepBuilder &b, Value pixel,
                                                  Value outputChannel) const {
  int64_t pixelBytes = g.outputChannels * sumElementBytes;
  Value first = b.at(b.at(b.sums, b.mul(pixel, pixelBytes)),
                     b.mul(outputChannel, sumElementBytes));
  Values addresses;
  for (int64_t p = 0; p < pixels; ++p)
    addresses.push_back(b.at(first, p * pixelBytes));
  return addresses;
}

void DepthwiseNest::buildChannel(StepBuilder &b, Part part, Value pixel,
                                 Value inputChannel, Value group,
                                 Value outputChannel) const {
  int64_t channelBytes = g.kernelHeight * g.kernelWidth * weightBytes;
  Value weights = b.at(b.tables[0], b.mul(group, channelBytes));
  Values inMemory;
  if (part != Part::Whole)
    for (Value address : sumAddresses(b, pixel, outputChannel))
      inMemory.push_back(lanes > 1 ? b.loadVectorI32(address)
                                   : b.loadI32(address));
  if (part == Part::Absorb) {
    Values sums = addRow(b, inMemory, pixel, b.row, inputChannel, weights);
    for (auto [sum, address] :
         llvm::zip_equal(sums, sumAddresses(b, pixel, outputChannel)))
      b.store(sum, address);
    return;
  }
  Value record = requantizer.record(b, outputChannel);
  Values sums = initialSums(b, record);
  if (part == Part::Whole)
    sums = addAllRows(b, sums, pixel, inputChannel, weights);
  for (auto [sum, added] : llvm::zip(sums, inMemory))
    sum = b.add(sum, added);
  storeOutputs(b, sums, record, pixel, outputChannel);
}

void DepthwiseNest::buildChannels(StepBuilder &b, Part part,
                                  Value pixel) const {
  Value channels = b.channels ? b.channels : b.constant(g.outputChannels);
  if (multiplier == 1)
    return b.loop(b.constant(0), channels, lanes, [&](Value i) {
      Value channel =
          lanes == 1 ? i : b.smin(i, b.sub(channels, b.constant(lanes)));
      buildChannel(b, part, pixel, channel, i, channel);
    });
  // The input channel counts along: small cores have no division.
  b.loop(b.constant(0), channels, multiplier, b.constant(0),
         [&](Value first, ValueRange carried) {
           b.loop(multiplier, [&](Value m) {
             Value output = b.add(first, m);
             buildChannel(b, part, pixel, carried[0], output, output);
           });
           return Values{b.add(carried[0], 1)};
         });
}

void DepthwiseNest::buildPart(StepBuilder &b, Part part) const {
  b.loop(b.constant(0), b.constant(g.outputWidth), pixels, [&](Value i) {
    Value pixel = g.outputWidth % pixels == 0
                      ? i
                      : b.smin(i, b.constant(g.outputWidth - pixels));
    if (g.padsColumns())
      fillTable(b, pixel);
    buildChannels(b, part, pixel);
  });
}

void DepthwiseNest::build(StepBuilder &b) const { buildPart(b, Part::Whole); }

int64_t DepthwiseNest::sumBytes() const {
  // A block that reaches over the end would be added twice.
  bool once = g.outputWidth % pixels == 0 && g.outputChannels % lanes == 0;
  bool hasOneRow = g.outputHeight == 1 && !g.isPadded() &&
                   g.kernelHeight == g.inputHeight && g.kernelHeight > 1;
  if (!once || !hasOneRow || requantizer.isFloat() || requantizer.isWide())
    return 0;
  return g.outputWidth * g.outputChannels * sumElementBytes;
}

void DepthwiseNest::buildAbsorb(StepBuilder &b) const {
  buildPart(b, Part::Absorb);
}

void DepthwiseNest::buildAbsorbed(StepBuilder &b) const {
  buildPart(b, Part::Absorbed);
}
