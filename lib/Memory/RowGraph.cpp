//===- RowGraph.cpp - How rows flow through a network ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of a tensor are made from the first to the last, and for the sum of live
// bytes they die in that order: a row that is never read lives as long as the
// rows before it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/RowGraph.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>

using namespace thimble;
using llvm::SmallVector;

unsigned RowGraph::addTensor(RowTensor tensor) {
  tensors.push_back(tensor);
  readers.emplace_back();
  producers.push_back(-1);
  return tensors.size() - 1;
}

/// By number of finished steps: how many rows from the first on are dead.
static SmallVector<int64_t> countFreed(const RowTable &table, int64_t steps) {
  SmallVector<int64_t> freed;
  int64_t row = 0, height = table.last.size();
  for (int64_t done = 0; done <= steps; ++done) {
    while (row < height && table.last[row] < done)
      ++row;
    freed.push_back(row);
  }
  return freed;
}

unsigned RowGraph::addOp(RowOp op) {
  unsigned number = ops.size();
  assert(producers[op.result] == -1 && !tensors[op.result].isInput &&
         "written twice");
  assert((op.mayStream || op.steps == 1) && "a whole call is one step");
  producers[op.result] = number;
  op.scratch.resize(op.steps, 0);
  auto &own = freed.emplace_back();
  for (auto [index, read] : llvm::enumerate(op.reads)) {
    assert(int64_t(read.table.need.size()) == op.steps &&
           int64_t(read.table.last.size()) == tensors[read.tensor].rows &&
           "a table of another op or tensor");
    assert((producers[read.tensor] >= 0 || tensors[read.tensor].isInput) &&
           "read before it is written");
    readers[read.tensor].push_back({number, unsigned(index)});
    own.push_back(countFreed(read.table, op.steps));
  }
  ops.push_back(std::move(op));
  return number;
}

int64_t RowGraph::rowsMade(unsigned op, int64_t steps) const {
  int64_t rows = tensors[ops[op].result].rows;
  if (ops[op].steps == rows)
    return steps;
  return steps == ops[op].steps ? rows : 0;
}

int64_t RowGraph::producingStep(unsigned tensor, int64_t row) const {
  int producer = producers[tensor];
  if (producer < 0)
    return -1;
  int64_t steps = ops[producer].steps;
  return steps == tensors[tensor].rows ? row : steps - 1;
}

int64_t RowGraph::stepsNeeded(unsigned op, unsigned read, int64_t step) const {
  const RowRead &operand = ops[op].reads[read];
  int64_t rows = operand.table.need[step];
  return rows == 0 ? 0 : producingStep(operand.tensor, rows - 1) + 1;
}

int64_t RowGraph::rowsFreed(Reader reader, int64_t steps) const {
  return freed[reader.op][reader.read][steps];
}

bool RowGraph::mayOverwrite(unsigned number, unsigned index) const {
  const RowOp &op = ops[number];
  const RowTensor &from = tensors[op.reads[index].tensor];
  const RowTensor &to = tensors[op.result];
  return llvm::is_contained(op.overwrites, index) && !from.isOutput &&
         from.rowBytes == to.rowBytes && from.rows == to.rows;
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

RowState::RowState(const RowGraph &graph, unsigned begin) : graph(graph) {
  for (unsigned op = 0; op < graph.getNumOps(); ++op)
    done.push_back(op < begin ? graph.getOp(op).steps : 0);
  for (unsigned i = 0; i < graph.getTensors().size(); ++i)
    live += liveRows(i) * graph.getTensor(i).rowBytes;
}

int64_t RowState::liveRows(unsigned tensor) const {
  const RowTensor &description = graph.getTensor(tensor);
  int producer = graph.getProducer(tensor);
  int64_t made = producer < 0 ? description.rows
                              : graph.rowsMade(producer, done[producer]);
  if (description.isOutput)
    return made;
  llvm::ArrayRef<RowGraph::Reader> readers = graph.getReaders(tensor);
  if (readers.empty())
    return 0;
  int64_t freed = description.rows;
  for (RowGraph::Reader reader : readers)
    freed = std::min(freed, graph.rowsFreed(reader, done[reader.op]));
  return std::max<int64_t>(made - freed, 0);
}

bool RowState::isEnabled(unsigned op) const {
  return !isFinished(op) && findMissing(op, false) < 0;
}

int RowState::findMissing(unsigned op, bool last) const {
  int found = -1;
  for (unsigned i = 0; i < graph.getOp(op).reads.size(); ++i) {
    int producer = graph.getProducer(graph.getOp(op).reads[i].tensor);
    if (producer < 0 || done[producer] >= graph.stepsNeeded(op, i, done[op]))
      continue;
    if (found < 0 || (last ? producer > found : producer < found))
      found = producer;
  }
  return found;
}

int64_t RowState::touchedBytes(unsigned op) const {
  const RowOp &description = graph.getOp(op);
  int64_t bytes = liveRows(description.result) *
                  graph.getTensor(description.result).rowBytes;
  for (const RowRead &read : description.reads)
    bytes += liveRows(read.tensor) * graph.getTensor(read.tensor).rowBytes;
  if (done[op] > 0 && !isFinished(op))
    bytes += description.keptBytes;
  return bytes;
}

/// Whether the next step's result can lie where a row was that dies in it.
bool RowState::isInPlace(unsigned op) const {
  const RowOp &description = graph.getOp(op);
  for (unsigned read = 0; read < description.reads.size(); ++read) {
    if (!graph.mayOverwrite(op, read))
      continue;
    unsigned tensor = description.reads[read].tensor;
    if (llvm::all_of(graph.getReaders(tensor), [&](RowGraph::Reader reader) {
          return reader.op == op ||
                 graph.rowsFreed(reader, done[reader.op]) > done[op];
        }))
      return true;
  }
  return false;
}

int64_t RowState::run(unsigned op) {
  assert(isEnabled(op) && "a row is missing");
  const RowOp &description = graph.getOp(op);
  int64_t step = done[op], before = touchedBytes(op);
  int64_t made = graph.rowsMade(op, step + 1) - graph.rowsMade(op, step);
  int64_t during = live + description.scratch[step];
  if (!isInPlace(op))
    during += made * graph.getTensor(description.result).rowBytes;
  if (step == 0)
    during += description.keptBytes;
  ++done[op];
  live += touchedBytes(op) - before;
  return std::max(during, live);
}
