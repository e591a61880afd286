//===- SparseMacNest.cpp - Products of the weights that are there ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// for pixel block { for channel group { for run { for block in the stream {
//   P * columns loads of x, rows * columns loads of w, their products } }
//   requantize and store } }
// The stream is read once a pixel block, from its start to its end, so that a
// group needs no address.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/SparseMacNest.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace thimble;

/// Ends a run; distances are below it.
static constexpr int64_t endOfRun = 255;

SparseMacNest::SparseMacNest(const WindowGeometry &geometry,
                             Requantizer requantizer, ArrayRef<uint8_t> weights,
                             SparseBlocks shape, uint8_t paddingByte,
                             const TargetInfo &target)
    : g(geometry), requantizer(std::move(requantizer)),
      source(geometry, /*elementBytes=*/1, paddingByte, target,
             /*mayPatch=*/false) {
  assert(!this->requantizer.isFloat() && "0 * infinity is not 0");
  chooseBlock(shape, target);
  shape.rows = sparse.rows;
  sparse = SparseWeights::get(weights, g, shape);
  makeStream();
  stepCycles = estimateStep(target);
}

void SparseMacNest::chooseBlock(SparseBlocks shape, const TargetInfo &target) {
  // Measured: docs/rationale/sparse-execution.md. Accumulators of more than
  // four rows leave no registers; a part of a block of zeros is zero.
  int64_t rows = std::min(shape.rows, g.outputChannels);
  for (int64_t part : {4, 3, 2, 1})
    if (rows > 4 && shape.rows % part == 0)
      rows = part;
  int64_t columns = std::min(shape.columns, g.inputChannels);
  bool isFourRows = rows == 4 && requantizer.canVectorize();
  if (target.hasMVE && (columns >= 8 || (columns >= 4 && !isFourRows))) {
    // LLVM makes a multiply-accumulate across a vector of the columns.
    form = NestForm::SparseRuns;
    rows = 1;
    pixels = 4;
  } else if (target.hasMVE && isFourRows) {
    form = NestForm::SparseLanes;
    lanes = 4;
    requantizer.vectorize();
    pixels = 4;
  } else if (target.thumb1Only) {
    pixels = rows > 2 ? 1 : 2;
  } else {
    pixels = rows > 2 ? 2 : 4;
  }
  sparse.rows = rows;
  pixels = std::min(pixels, g.outputWidth);
  source.setPixels(pixels);
}

//===----------------------------------------------------------------------===//
// The stream
//===----------------------------------------------------------------------===//

std::pair<int64_t, int64_t>
SparseMacNest::placeOf(const SparseWeights::Block &block) const {
  int64_t element = block.tap * g.inputChannels + block.channel;
  int64_t run = element / source.runLength();
  int64_t offset = element % source.runLength();
  if (std::optional<int64_t> pitch = source.runPitch())
    return {0, run * *pitch + offset};
  return {run, offset};
}

void SparseMacNest::chooseUnit() {
  int64_t divisor = 0;
  for (const SparseWeights::Group &group : sparse.groups)
    for (const SparseWeights::Block &block : group.blocks)
      divisor = std::gcd(divisor, placeOf(block).second);
  // A shift is free or cheap, a product is not.
  unit = 1;
  while (unit < 16 && divisor % (2 * unit) == 0)
    unit *= 2;
}

void SparseMacNest::appendRun(ArrayRef<const SparseWeights::Block *> blocks) {
  int64_t at = 0;
  auto append = [&](int64_t distance, ArrayRef<uint8_t> values) {
    stream.push_back(uint8_t(distance / unit));
    stream.insert(stream.end(), values.begin(), values.end());
    at += distance;
    ++storedBlocks;
  };
  std::vector<uint8_t> zeros(sparse.rows * sparse.columns, 0);
  int64_t farthest = (endOfRun - 1) * unit;
  for (const SparseWeights::Block *block : blocks) {
    int64_t offset = placeOf(*block).second;
    while (offset - at > farthest)
      append(farthest, zeros);
    append(offset - at, block->values);
  }
  stream.push_back(endOfRun);
}

void SparseMacNest::makeStream() {
  chooseUnit();
  for (const SparseWeights::Group &group : sparse.groups)
    for (int64_t run = 0; run < runs(); ++run) {
      SmallVector<const SparseWeights::Block *> own;
      for (const SparseWeights::Block &block : group.blocks)
        if (placeOf(block).first == run)
          own.push_back(&block);
      appendRun(own);
    }
}

void SparseMacNest::describe(StepSpec &spec) {
  spec.weightTable = spec.tables.size();
  spec.tables.push_back({"weights", stream, 1, 0});
  requantizer.addTables(spec);
  spec.outputRowBytes = g.outputWidth * g.outputChannels;
  if (g.isPointwise() && g.strideH == 1 && g.strideW == 1)
    spec.pixels = g.outputWidth;
  source.describe(spec);
  spec.stepCycles = stepCycles;
}

double SparseMacNest::estimateStep(const TargetInfo &target) const {
  NestWork work;
  double pixelBlocks = double(g.outputWidth) / double(pixels);
  bool isLong = g.isPointwise() && g.strideH == 1 && g.strideW == 1;
  work.pixelBlocks = isLong ? pixelBlocks : std::ceil(pixelBlocks);
  work.blocks = work.pixelBlocks * double(sparse.groups.size());
  int64_t accumulators = sparse.rows / lanes; // of a pixel
  work.outputs = work.blocks * double(pixels * accumulators);
  work.taps = work.blocks * double(runs());
  work.iterations = work.pixelBlocks * double(storedBlocks);
  auto columns = double(sparse.columns), rows = double(accumulators);
  double perPixel = form == NestForm::SparseRuns ? 1 : columns * rows;
  work.products = work.iterations * perPixel * double(pixels);
  work.loads = work.iterations * columns * (rows + double(pixels));
  source.addWork(work);
  return estimateCycles(work, form, /*isFloat=*/false, target);
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

SparseMacNest::Values SparseMacNest::pack(const State &state) const {
  Values values = state.sums;
  values.append(state.inputs);
  values.push_back(state.stream);
  values.push_back(state.distance);
  return values;
}

SparseMacNest::State SparseMacNest::unpack(ValueRange values) const {
  size_t sums = pixels * sparse.rows / lanes;
  return {Values(values.take_front(sums)),
          Values(values.drop_front(sums).drop_back(2)),
          values.drop_back().back(), values.back()};
}

void SparseMacNest::nextDistance(StepBuilder &b, State &state) const {
  state.distance = b.loadU8(state.stream);
  state.stream = b.at(state.stream, 1);
}

void SparseMacNest::addBlock(StepBuilder &b, State &state) const {
  // Opaque, or LLVM would carry an address for each load.
  Value distance = b.mul(state.distance, unit);
  for (Value &input : state.inputs)
    input = b.opaque(b.at(input, distance));
  Value weights = b.opaque(state.stream);
  int64_t pitch = source.pixelPitch().value_or(0), rows = sparse.rows / lanes;
  for (int64_t c = 0; c < sparse.columns; ++c) {
    Values x;
    for (int64_t p = 0; p < pixels; ++p) {
      Value address = source.pixelPitch() ? b.at(state.inputs[0], p * pitch)
                                          : state.inputs[p];
      x.push_back(b.loadI8(b.at(address, c)));
      if (lanes > 1)
        x.back() = b.splat(x.back());
    }
    for (int64_t r = 0; r < rows; ++r) {
      Value address = b.at(weights, c * sparse.rows + r);
      Value w = lanes > 1 ? b.loadVectorI8(address) : b.loadI8(address);
      for (int64_t p = 0; p < pixels; ++p) {
        Value &sum = state.sums[p * rows + r];
        sum = requantizer.multiplyAdd(b, sum, x[p], w);
      }
    }
  }
  state.stream = b.at(weights, sparse.rows * sparse.columns);
}

void SparseMacNest::addRun(StepBuilder &b, Value pixel, Value run, Values &sums,
                           Value &stream) const {
  State state{sums, source.addresses(b, pixel, run), stream, {}};
  if (source.pixelPitch())
    state.inputs.truncate(1);
  nextDistance(b, state);
  double trips = double(storedBlocks) / double(runs() * sparse.groups.size());
  Values init = pack(state);
  auto loop = scf::WhileOp::create(
      b.builder, b.loc, ValueRange(init).getTypes(), init,
      [&](OpBuilder &, Location, ValueRange values) {
        OpBuilder::InsertionGuard guard(b.builder);
        Value isBlock = b.compare(arith::CmpIPredicate::ne, values.back(),
                                  b.constant(endOfRun));
        isBlock.getDefiningOp()->setAttr("thimble.expected_trips",
                                         b.builder.getF64FloatAttr(trips));
        scf::ConditionOp::create(b.builder, b.loc, isBlock, values);
      },
      [&](OpBuilder &, Location, ValueRange values) {
        OpBuilder::InsertionGuard guard(b.builder);
        State next = unpack(values);
        addBlock(b, next);
        nextDistance(b, next);
        scf::YieldOp::create(b.builder, b.loc, pack(next));
      });
  State result = unpack(loop.getResults());
  sums = std::move(result.sums);
  stream = result.stream;
}

Value SparseMacNest::buildGroup(StepBuilder &b, Value pixel, Value channel,
                                Value stream) const {
  Value record = requantizer.record(b, channel);
  Values sums;
  int64_t rows = sparse.rows / lanes;
  for (int64_t p = 0; p < pixels; ++p)
    for (int64_t r = 0; r < rows; ++r)
      sums.push_back(
          p > 0 ? sums[r]
          : lanes > 1
              ? requantizer.initialVector(b, record)
              : requantizer.initial(b, record, r, Requantizer::Lifetime::Loop));
  if (runs() == 1) {
    addRun(b, pixel, b.constant(0), sums, stream);
  } else {
    Values init = sums;
    init.push_back(stream);
    Values results = b.loop(b.constant(0), b.constant(runs()), 1, init,
                            [&](Value run, ValueRange carried) {
                              Values next(carried.drop_back());
                              Value at = carried.back();
                              addRun(b, pixel, run, next, at);
                              next.push_back(at);
                              return next;
                            });
    stream = results.pop_back_val();
    sums = std::move(results);
  }
  Value out = b.at(b.output, b.mul(pixel, g.outputChannels));
  requantizer.storeBlock(b, sums, rows, record, b.at(out, channel),
                         g.outputChannels);
  return stream;
}

void SparseMacNest::build(StepBuilder &b) const {
  source.prepareStep(b);
  Value count = b.pixels ? b.pixels : b.constant(g.outputWidth);
  b.loop(b.constant(0), count, pixels, [&](Value i) {
    Value pixel = pixels == 1 ? i : b.smin(i, b.sub(count, b.constant(pixels)));
    source.preparePixels(b, pixel);
    b.loop(b.constant(0), b.constant(g.outputChannels), sparse.rows,
           b.tables[0], [&](Value j, ValueRange carried) {
             Value channel = j;
             if (g.outputChannels % sparse.rows != 0)
               channel = b.smin(j, b.constant(g.outputChannels - sparse.rows));
             return Values{buildGroup(b, pixel, channel, carried[0])};
           });
  });
}
