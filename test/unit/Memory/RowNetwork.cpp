//===- RowNetwork.cpp - Networks for tests of row streams -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Equal seeds give equal networks with every standard library.
//
//===----------------------------------------------------------------------===//

#include "RowNetwork.h"
#include "llvm/ADT/STLExtras.h"

using namespace thimble;
using llvm::SmallVector;

unsigned RowNetwork::addTensor(int64_t rows, int64_t rowBytes, bool isInput) {
  problem.graph.addBuffer(rows * rowBytes, 4);
  problem.graph.buffers.back().isInput = isInput;
  return problem.rows.addTensor({rows, rowBytes, isInput, false});
}

unsigned RowNetwork::addInput(int64_t rows, int64_t rowBytes) {
  return addTensor(rows, rowBytes, /*isInput=*/true);
}

unsigned RowNetwork::addFeed(int64_t rows, int64_t rowBytes) {
  unsigned tensor = addTensor(rows, rowBytes);
  RowOp op;
  op.result = tensor;
  op.steps = rows;
  op.mayStream = true;
  ReplayLayer layer;
  layer.steps = rows;
  addOp(op, GraphOp(), layer);
  return tensor;
}

void RowNetwork::addOp(RowOp op, GraphOp whole, ReplayLayer layer) {
  for (const RowRead &read : op.reads)
    whole.operands.push_back(read.tensor);
  whole.results.push_back(op.result);
  whole.scratchAlignment = 8;
  layer.result = op.result;
  layer.scratchBytes.push_back(whole.scratchBytes);
  called.push_back(layer);
  problem.graph.ops.push_back(whole);
  problem.rows.addOp(std::move(op));
  problem.costs.streamCycles.push_back(100);
}

unsigned RowNetwork::addWindow(unsigned tensor, Window window, int64_t rowBytes,
                               int64_t scratchBytes) {
  int64_t height = rowsOf(tensor);
  int64_t span = (window.rows - 1) * window.dilation + 1;
  int64_t rows =
      (height + window.padBefore + window.padBehind - span) / window.stride + 1;
  RowTable table = makeRowTable(
      {window.rows, window.stride, window.dilation, window.padBefore, false},
      rows, height);
  unsigned result = addTensor(rows, rowBytes);
  RowOp op;
  op.reads.push_back({tensor, table});
  op.result = result;
  op.steps = rows;
  op.mayStream = true;
  op.scratch.assign(rows, scratchBytes / 2);
  op.scratch.front() = scratchBytes;
  GraphOp whole;
  whole.scratchBytes = scratchBytes;
  int64_t lag = window.rows == 1 ? 1 : 0;
  RowOverlap overlap{tensor, result, rowBytesOf(tensor), rowBytes, {}, {}};
  for (int64_t row = 0; row < height; ++row) {
    int64_t last = table.last[row];
    overlap.last.push_back(last < 0 ? -1 : std::min(last + lag, rows - 1));
    if (lag == 0)
      overlap.first.push_back(table.first[row]);
  }
  ReplayLayer layer;
  layer.steps = rows;
  layer.lag = lag;
  if (rows > 1)
    whole.overlaps.push_back(overlap);
  layer.reads.push_back({tensor, table});
  addOp(op, whole, layer);
  return result;
}

unsigned RowNetwork::addSum(unsigned a, unsigned b) {
  int64_t rows = rowsOf(a), rowBytes = rowBytesOf(a);
  RowTable table = makeRowTable({}, rows, rows);
  unsigned result = addTensor(rows, rowBytes);
  RowOp op;
  op.result = result;
  op.steps = rows;
  op.mayStream = rows > 1;
  GraphOp whole;
  ReplayLayer layer;
  layer.steps = rows;
  for (unsigned tensor : {a, b}) {
    if (tensor == b && a == b)
      continue;
    op.overwrites.push_back(op.reads.size());
    op.reads.push_back({tensor, table});
    layer.reads.push_back({tensor, table, /*overwritten=*/true});
    whole.inPlace.push_back({tensor, result});
    RowOverlap overlap{tensor, result, rowBytes, rowBytes, {}, {}};
    overlap.last.assign(table.last.begin(), table.last.end());
    if (rows > 1)
      whole.overlaps.push_back(overlap);
  }
  addOp(op, whole, layer);
  return result;
}

unsigned RowNetwork::addPool(unsigned tensor, int64_t rowBytes,
                             int64_t keptBytes) {
  int64_t height = rowsOf(tensor);
  unsigned result = addTensor(1, rowBytes);
  RowOp op;
  op.reads.push_back({tensor, makeRowTable({}, height, height)});
  op.result = result;
  op.steps = height;
  op.mayStream = op.absorbs = height > 1;
  op.keptBytes = height > 1 ? keptBytes : 0;
  ReplayLayer layer;
  layer.reads.push_back({tensor, makeRowTable({1, 1, 1, 0, true}, 1, height)});
  addOp(op, GraphOp(), layer);
  return result;
}

unsigned RowNetwork::addWhole(llvm::ArrayRef<unsigned> read, int64_t rows,
                              int64_t rowBytes, int64_t scratchBytes) {
  unsigned result = addTensor(rows, rowBytes);
  RowOp op;
  op.result = result;
  op.scratch.push_back(scratchBytes);
  GraphOp whole;
  whole.scratchBytes = scratchBytes;
  ReplayLayer layer;
  for (unsigned tensor : read) {
    RowTable table = makeRowTable({1, 1, 1, 0, true}, 1, rowsOf(tensor));
    op.reads.push_back({tensor, table});
    layer.reads.push_back({tensor, table});
  }
  addOp(op, whole, layer);
  return result;
}

void RowNetwork::finish(unsigned output) {
  // Tensors of a row graph are what they are when they are added.
  RowGraph rows;
  for (auto [index, tensor] : llvm::enumerate(problem.rows.getTensors())) {
    RowTensor copy = tensor;
    copy.isOutput = index == output;
    rows.addTensor(copy);
  }
  for (const RowOp &op : problem.rows.getOps())
    rows.addOp(op);
  problem.rows = rows;
  problem.graph.buffers[output].isOutput = true;
  problem.measureWholeCalls();
}

RowReplay::Result RowNetwork::replay(const RowPlan &plan) const {
  SmallVector<ReplayTensor> tensors;
  for (auto [tensor, place] :
       llvm::zip_equal(problem.rows.getTensors(), plan.places))
    tensors.push_back({tensor.rows, tensor.rowBytes, place.offset, place.rows,
                       place.newest, true});
  SmallVector<ReplayLayer, 0> layers;
  SmallVector<bool> isStreamed(called.size(), false);
  for (const RowSegment &segment : plan.schedule.segments)
    for (unsigned op = segment.begin; op < segment.end; ++op)
      isStreamed[op] = segment.isStream();
  for (auto [index, op] : llvm::enumerate(problem.rows.getOps())) {
    ReplayLayer layer = called[index];
    if (isStreamed[index]) {
      layer = ReplayLayer();
      for (auto [i, read] : llvm::enumerate(op.reads))
        layer.reads.push_back({read.tensor, read.table,
                               llvm::is_contained(op.overwrites, unsigned(i))});
      layer.result = op.result;
      layer.steps = op.steps;
      layer.scratchBytes = op.scratch;
      layer.keptBytes = op.keptBytes;
      layer.keptOffset = plan.keptOffsets[index];
    }
    layer.descending = plan.descending[index];
    layer.scratchOffset = std::max<int64_t>(plan.scratchOffsets[index], 0);
    layers.push_back(layer);
  }
  RowReplay replay(tensors, layers, plan.arenaBytes);
  for (auto [index, tensor] : llvm::enumerate(problem.rows.getTensors()))
    if (tensor.isInput)
      if (auto error = replay.writeInput(index))
        return error;
  for (auto [segment, events] :
       llvm::zip_equal(plan.schedule.segments, plan.events)) {
    if (!segment.isStream())
      if (auto error = replay.runWhole(segment.begin))
        return error;
    for (StreamEvent event : events)
      if (auto error =
              event.kind == StreamEvent::Kind::Hold
                  ? replay.hold(problem.rows.getOp(event.op).result)
                  : replay.runStep(event.op,
                                   event.kind == StreamEvent::Kind::Direct))
        return error;
  }
  for (auto [index, tensor] : llvm::enumerate(problem.rows.getTensors()))
    if (tensor.isOutput)
      return replay.readWhole(index);
  return std::nullopt;
}

RowNetwork thimble::makeRandomNetwork(unsigned seed, unsigned numLayers) {
  std::mt19937_64 engine(seed);
  auto pick = [&](int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  };
  RowNetwork network;
  SmallVector<unsigned> recent = {
      network.addInput(pick(5, 20), pick(1, 8) * 4)};
  for (unsigned i = 0; i < numLayers; ++i) {
    unsigned x = recent[recent.size() - 1 - pick(0, 1) * (recent.size() > 1)];
    int64_t height = network.rowsOf(x), kind = pick(0, 19);
    if (kind == 0 && height > 1) {
      recent.push_back(network.addPool(x, network.rowBytesOf(x), 8));
    } else if (kind == 1) {
      recent.push_back(network.addWhole({x}, pick(1, 6), pick(1, 8) * 4, 8));
    } else if (kind <= 7) {
      for (unsigned y : llvm::reverse(recent))
        if (y != x && network.rowsOf(y) == height &&
            network.rowBytesOf(y) == network.rowBytesOf(x)) {
          recent.push_back(network.addSum(x, y));
          break;
        }
    } else {
      Window window;
      window.rows = pick(1, 4);
      window.stride = pick(1, 3);
      window.dilation = pick(1, 2);
      int64_t span = (window.rows - 1) * window.dilation + 1;
      window.padBefore = pick(0, window.rows - 1);
      window.padBehind = pick(0, window.rows - 1);
      if (height + window.padBefore + window.padBehind < span)
        continue;
      if (pick(0, 2) == 0 && span % 2 == 1) {
        window.stride = 1;
        window.padBefore = window.padBehind = span / 2;
      }
      bool keepsSize = pick(0, 1);
      int64_t rowBytes = keepsSize ? network.rowBytesOf(x) : pick(1, 8) * 4;
      recent.push_back(network.addWindow(x, window, rowBytes, pick(0, 2) * 8));
    }
  }
  network.finish(recent.back());
  return network;
}
