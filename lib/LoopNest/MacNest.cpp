//===- MacNest.cpp - Blocked multiply-accumulate loops --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// for pixel block { for channel block { for run { for i in run {
//   P loads of x, C loads of w, P*C products } } requantize and store } }
// A block that would reach over the end starts earlier and computes some
// outputs again, so that no remainder loop is needed; therefore an output row
// never overwrites an input row.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/MacNest.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

/// Products of int8 that one MVE instruction accumulates.
static constexpr int64_t vectorBytes = 16;

MacNest::MacNest(const WindowGeometry &geometry, Requantizer requantizer,
                 std::vector<uint8_t> weights, uint8_t paddingByte,
                 const TargetInfo &target)
    : g(geometry), requantizer(std::move(requantizer)),
      weights(std::move(weights)),
      elementBytes(this->requantizer.elementBytes()),
      weightBytes(this->requantizer.weightBytes()),
      source(geometry, elementBytes, paddingByte, target, /*mayPatch=*/true) {
  chooseBlock(target);
  source.setPixels(block.pixels);
  NestForm form = this->form(target);
  stepCycles =
      estimateCycles(work(form), form, this->requantizer.isFloat(), target);
}

void MacNest::chooseBlock(const TargetInfo &target) {
  // Measured: docs/rationale/loop-nests.md.
  bool onePixel = g.isPointwise() && g.outputWidth == 1 && g.outputHeight == 1;
  if (requantizer.isWide()) {
    block = {1, 1, 4}; // two registers an accumulator
  } else if (target.hasMVE && source.runLength() < vectorBytes &&
             g.outputChannels >= 4 && requantizer.canVectorize()) {
    // Too short for the loop vectorizer's multiply-accumulate across a vector:
    // a vector holds four output channels instead.
    lanes = 4;
    requantizer.vectorize();
    block = {4, 1, 4};
  } else if (target.thumb1Only) {
    block = onePixel ? BlockShape{1, 2, 1} : BlockShape{2, 1, 1};
  } else if (target.hasMVE) {
    block = onePixel ? BlockShape{1, 4, 1} : BlockShape{2, 2, 1};
    finishVector =
        onePixel && g.outputChannels >= 4 && requantizer.canVectorize();
    if (finishVector)
      requantizer.vectorize();
  } else {
    block = onePixel ? BlockShape{1, 4, 4} : BlockShape{2, 2, 4};
  }
  block.pixels = std::min(block.pixels, g.outputWidth);
  block.channels = std::min(block.channels, g.outputChannels / lanes);
}

NestForm MacNest::form(const TargetInfo &target) const {
  if (lanes > 1)
    return NestForm::Lanes;
  if (!target.hasMVE || requantizer.isFloat() ||
      source.runLength() < vectorBytes)
    return NestForm::Scalar;
  return finishVector ? NestForm::LongRunsVectorEnd : NestForm::LongRuns;
}

NestWork MacNest::work(NestForm form) const {
  NestWork work;
  // Rows that are computed as one have no remainder of their own.
  double pixelBlocks = double(g.outputWidth) / block.pixels;
  work.pixelBlocks = joinsRows() ? pixelBlocks : std::ceil(pixelBlocks);
  work.blocks = work.pixelBlocks *
                llvm::divideCeil(g.outputChannels, block.channels * lanes);
  double blockOutputs = double(block.pixels * block.channels);
  work.outputs = work.blocks * blockOutputs;
  double runs = work.blocks * double(source.runs());
  work.taps = source.runs() > 1 ? runs : 0;
  if (form == NestForm::LongRuns || form == NestForm::LongRunsVectorEnd) {
    work.iterations = runs * llvm::divideCeil(source.runLength(), vectorBytes);
    work.products = work.iterations * blockOutputs;
  } else {
    int64_t unrolled = unrolledLength();
    work.iterations = runs * double(unrolled / block.unroll);
    work.products = runs * double(source.runLength()) * blockOutputs;
    work.loads = runs * double(unrolled * (block.pixels + block.channels));
  }
  source.addWork(work);
  return work;
}

int64_t MacNest::groupBytes() const {
  return g.kernelHeight * g.kernelWidth * g.inputChannels * lanes * weightBytes;
}

WeightLayout MacNest::weightLayout() const {
  int64_t depth = g.kernelHeight * g.kernelWidth * g.inputChannels;
  return {g.outputChannels, depth, lanes, /*channelsInnermost=*/false};
}

int64_t MacNest::unrolledLength() const {
  int64_t length = source.runLength() / block.unroll * block.unroll;
  return length > block.unroll ? length : 0; // one iteration needs no loop
}

void MacNest::describe(StepSpec &spec) {
  spec.weightLayout = weightLayout();
  spec.weightTable = spec.tables.size();
  spec.tables.push_back({"weights",
                         spec.weightLayout->arrange(weights, weightBytes),
                         unsigned(weightBytes), groupBytes() / lanes});
  requantizer.addTables(spec);
  spec.outputRowBytes = g.outputWidth * g.outputChannels * elementBytes;
  spec.channels = g.outputChannels;
  spec.channelGranule = block.channels * lanes;
  spec.stepCycles = stepCycles;
  if (joinsRows())
    spec.pixels = g.outputWidth;
  source.describe(spec);
}

MacNest::Values MacNest::addProducts(StepBuilder &b, Values sums,
                                     ValueRange inputs, Value weights,
                                     Value start, int64_t count) const {
  // `start` counts bytes of one channel's weights.
  Value weightStart = b.mul(start, lanes);
  Value inputStart = b.mul(start, elementBytes / weightBytes);
  for (int64_t u = 0; u < count; ++u) {
    Values x, w;
    for (Value input : inputs) {
      Value element = requantizer.loadInput(
          b, b.at(b.at(input, inputStart), u * elementBytes));
      x.push_back(lanes > 1 ? b.splat(element) : element);
    }
    for (int64_t c = 0; c < block.channels; ++c) {
      Value address = b.at(b.at(weights, weightStart),
                           c * groupBytes() + u * lanes * weightBytes);
      w.push_back(lanes > 1 ? b.loadVectorI8(address)
                            : requantizer.loadWeight(b, address));
    }
    for (auto [index, sum] : llvm::enumerate(sums))
      sum = requantizer.multiplyAdd(b, sum, x[index / block.channels],
                                    w[index % block.channels]);
  }
  return sums;
}

MacNest::Values MacNest::addByIndex(StepBuilder &b, Values sums,
                                    ValueRange inputs, Value weights,
                                    int64_t bytes) const {
  // Counting up to zero from behind the run saves a core with eight registers
  // the comparison and the register of the bound. Opaque, or LLVM would count
  // from zero again.
  bool fromBehind = b.target.thumb1Only;
  Value first = b.constant(fromBehind ? -bytes : 0);
  auto base = [&](Value address, int64_t end) {
    return fromBehind ? b.opaque(b.at(address, end)) : address;
  };
  Values bases;
  for (Value input : inputs)
    bases.push_back(base(input, bytes / weightBytes * elementBytes));
  Value weightBase = base(weights, bytes * lanes);
  if (fromBehind)
    first = b.opaque(first);
  return b.loop(first, b.constant(fromBehind ? 0 : bytes),
                block.unroll * weightBytes, sums,
                [&](Value i, ValueRange carried) {
                  return addProducts(b, Values(carried), bases, weightBase, i,
                                     block.unroll);
                });
}

MacNest::Values MacNest::addByPointers(StepBuilder &b, Values sums,
                                       ValueRange inputs, Value weights,
                                       int64_t bytes) const {
  // Opaque, or LLVM would add an index to both bases instead, and spill: in
  // registers are the accumulators, two pointers and a counter. Pixels whose
  // taps are found in rows share one.
  size_t sumCount = sums.size();
  bool ownPointers = !source.pixelPitch();
  int64_t pitch = source.pixelPitch().value_or(0);
  Values carriedOn = std::move(sums);
  carriedOn.push_back(weights);
  llvm::append_range(carriedOn, ownPointers ? inputs : inputs.take_front());
  int64_t step = block.unroll * weightBytes;
  Values results =
      b.loop(b.constant(0), b.constant(bytes / step), 1, carriedOn,
             [&](Value, ValueRange carried) {
               Values pointers, x;
               for (Value pointer : carried.drop_front(sumCount))
                 pointers.push_back(b.opaque(pointer));
               for (int64_t p = 0; p < block.pixels; ++p)
                 x.push_back(ownPointers ? pointers[1 + p]
                                         : b.at(pointers[1], p * pitch));
               Values next =
                   addProducts(b, Values(carried.take_front(sumCount)), x,
                               pointers[0], b.constant(0), block.unroll);
               next.push_back(b.at(pointers[0], step));
               for (Value pointer : ArrayRef<Value>(pointers).drop_front())
                 next.push_back(b.at(pointer, block.unroll * elementBytes));
               return next;
             });
  results.resize(sumCount);
  return results;
}

MacNest::Values MacNest::accumulateRun(StepBuilder &b, Values accumulators,
                                       ValueRange inputs, Value weights) const {
  int64_t unrolled = unrolledLength();
  int64_t bytes = unrolled * weightBytes;
  Values sums = std::move(accumulators);
  // Loops with an index are what the loop vectorizer understands.
  bool byIndex = b.target.thumb1Only || b.target.hasMVE;
  if (unrolled > 0)
    sums = byIndex ? addByIndex(b, std::move(sums), inputs, weights, bytes)
                   : addByPointers(b, std::move(sums), inputs, weights, bytes);
  return addProducts(b, std::move(sums), inputs, weights, b.constant(bytes),
                     source.runLength() - unrolled);
}

void MacNest::storeBlock(StepBuilder &b, ValueRange sums, Value record,
                         Value out) const {
  if (finishVector) {
    // Opaque, or LLVM would accumulate in the gathered vector.
    Values scalars;
    for (Value sum : sums)
      scalars.push_back(b.opaque(sum));
    Value vector =
        b.add(b.gather(scalars), requantizer.initialVector(b, record));
    return requantizer.storeVector(b, vector, record, out);
  }
  requantizer.storeBlock(b, sums, block.channels, record, out,
                         g.outputChannels * elementBytes);
}

void MacNest::buildBlock(StepBuilder &b, Value pixel, Value group,
                         Value channel) const {
  Value record = requantizer.record(b, channel);
  Value weights = b.at(b.tables[0], b.mul(group, groupBytes() / lanes));
  Values sums;
  for (int64_t p = 0; p < block.pixels; ++p)
    for (int64_t c = 0; c < block.channels; ++c)
      sums.push_back(
          p > 0          ? sums[c]
          : finishVector ? b.constant(0) // bias added at the end
          : lanes > 1
              ? requantizer.initialVector(b, record)
              : requantizer.initial(b, record, c, Requantizer::Lifetime::Loop));
  int64_t runBytes = source.runLength() * lanes * weightBytes;
  auto accumulate = [&](Value run, Values carried) {
    return accumulateRun(b, std::move(carried), source.addresses(b, pixel, run),
                         b.at(weights, b.mul(run, runBytes)));
  };
  if (source.runs() == 1)
    sums = accumulate(b.constant(0), sums);
  else
    sums = b.loop(b.constant(0), b.constant(source.runs()), 1, sums,
                  [&](Value run, ValueRange carried) {
                    return accumulate(run, Values(carried));
                  });
  int64_t pixelBytes = g.outputChannels * elementBytes;
  storeBlock(b, sums, record,
             b.at(b.at(b.output, b.mul(pixel, pixelBytes)),
                  b.mul(channel, elementBytes)));
}

void MacNest::build(StepBuilder &b) const {
  source.prepareStep(b);
  Value pixels = b.pixels ? b.pixels : b.constant(g.outputWidth);
  Value channels = b.channels ? b.channels : b.constant(g.outputChannels);
  auto start = [&](Value i, Value count, int64_t size) {
    return size == 1 ? i : b.smin(i, b.sub(count, b.constant(size)));
  };
  int64_t group = block.channels * lanes;
  b.loop(b.constant(0), pixels, block.pixels, [&](Value i) {
    Value pixel = start(i, pixels, block.pixels);
    source.preparePixels(b, pixel);
    b.loop(b.constant(0), channels, group, [&](Value j) {
      Value channel = start(j, channels, group);
      buildBlock(b, pixel, lanes > 1 ? j : channel, channel);
    });
  });
}
