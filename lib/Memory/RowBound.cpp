//===- RowBound.cpp - What a network needs at least -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nodes are steps (on the source's side of the cut if finished) and rows with
// several last readers. A row is live, and its edge cut, if its producing step
// is finished and a last reader is not. Steps are finished in order and after
// the steps that they need: edges of unlimited capacity.
//
//===----------------------------------------------------------------------===//

#include "thimble/Memory/RowBound.h"
#include "MinCut.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;

namespace {
class CutModel {
public:
  explicit CutModel(const RowGraph &graph);

  /// The fewest live bytes when the op has finished exactly `step` steps and
  /// can run the next one.
  int64_t findCheapest(unsigned op, int64_t step);

private:
  void addSteps(unsigned op);
  void addRows(unsigned tensor);
  /// The node of a step, or the source if it is -1.
  unsigned node(unsigned op, int64_t step) const {
    return step < 0 ? source : nodes[op][step];
  }

  const RowGraph &graph;
  FlowNetwork network;
  unsigned source, sink;
  SmallVector<SmallVector<unsigned, 0>, 0> nodes; ///< by op and step
  /// By op and step: edges that force it to be finished, and not to be.
  SmallVector<SmallVector<unsigned, 0>, 0> finished, unfinished;
};
} // namespace

CutModel::CutModel(const RowGraph &graph)
    : graph(graph), source(network.addNode()), sink(network.addNode()) {
  for (unsigned op = 0; op < graph.getNumOps(); ++op)
    addSteps(op);
  for (unsigned i = 0; i < graph.getTensors().size(); ++i)
    addRows(i);
}

void CutModel::addSteps(unsigned number) {
  const RowOp &op = graph.getOp(number);
  auto &own = nodes.emplace_back();
  auto &on = finished.emplace_back(), &off = unfinished.emplace_back();
  for (int64_t step = 0; step < op.steps; ++step) {
    own.push_back(network.addNode());
    on.push_back(network.addEdge(source, own.back(), 0));
    off.push_back(network.addEdge(own.back(), sink, 0));
    if (step > 0)
      network.addEdge(own[step], own[step - 1], FlowNetwork::unlimited);
    for (unsigned i = 0; i < op.reads.size(); ++i) {
      int producer = graph.getProducer(op.reads[i].tensor);
      int64_t needed = graph.stepsNeeded(number, i, step);
      if (producer >= 0 && needed > 0)
        network.addEdge(own[step], node(producer, needed - 1),
                        FlowNetwork::unlimited);
    }
  }
  // Sums: they are live from the first step to the last one.
  if (op.keptBytes > 0 && op.steps > 1)
    network.addEdge(own.front(), own.back(), op.keptBytes);
}

void CutModel::addRows(unsigned tensor) {
  const RowTensor &description = graph.getTensor(tensor);
  int producer = graph.getProducer(tensor);
  for (int64_t row = 0; row < description.rows; ++row) {
    unsigned made = producer < 0
                        ? source
                        : node(producer, graph.producingStep(tensor, row));
    if (description.isOutput) {
      network.addEdge(made, sink, description.rowBytes);
      continue;
    }
    SmallVector<unsigned, 4> readers;
    for (RowGraph::Reader reader : graph.getReaders(tensor)) {
      const RowTable &table = graph.getOp(reader.op).reads[reader.read].table;
      if (table.last[row] >= 0)
        readers.push_back(node(reader.op, table.last[row]));
    }
    if (readers.size() == 1)
      network.addEdge(made, readers[0], description.rowBytes);
    if (readers.size() < 2)
      continue;
    unsigned live = network.addNode();
    network.addEdge(made, live, description.rowBytes);
    for (unsigned reader : readers)
      network.addEdge(live, reader, FlowNetwork::unlimited);
  }
}

int64_t CutModel::findCheapest(unsigned number, int64_t step) {
  const RowOp &op = graph.getOp(number);
  SmallVector<unsigned, 4> forced = {unfinished[number][step]};
  if (step > 0)
    forced.push_back(finished[number][step - 1]);
  for (unsigned i = 0; i < op.reads.size(); ++i) {
    int producer = graph.getProducer(op.reads[i].tensor);
    int64_t needed = graph.stepsNeeded(number, i, step);
    if (producer >= 0 && needed > 0)
      forced.push_back(finished[producer][needed - 1]);
  }
  for (unsigned edge : forced)
    network.setCapacity(edge, FlowNetwork::unlimited);
  int64_t bytes = network.findMinCut(source, sink);
  for (unsigned edge : forced)
    network.setCapacity(edge, 0);
  return bytes;
}

/// Bytes that the step needs beside what is live before it. A call for all rows
/// keeps no sums, but rows that were added up: sums count if they are fewer.
static int64_t getStepBytes(const RowGraph &graph, unsigned number,
                            int64_t step) {
  const RowOp &op = graph.getOp(number);
  int64_t bytes = op.scratch[step];
  bool inPlace = false;
  for (unsigned read = 0; read < op.reads.size(); ++read)
    inPlace |= graph.mayOverwrite(number, read);
  if (!inPlace)
    bytes += (graph.rowsMade(number, step + 1) - graph.rowsMade(number, step)) *
             graph.getTensor(op.result).rowBytes;
  if (op.absorbs && step > 0) {
    int64_t added = step * graph.getTensor(op.reads[0].tensor).rowBytes;
    bytes -= std::max<int64_t>(op.keptBytes - added, 0);
  }
  return bytes;
}

RowBound thimble::findRowBound(const RowGraph &graph,
                               llvm::ArrayRef<StepOrder> orders,
                               llvm::ArrayRef<int64_t> descending) {
  struct Candidate {
    int64_t most; ///< bytes, known to be enough for the step
    unsigned op;
    int64_t step;
  };
  SmallVector<SmallVector<int64_t, 0>, 0> most(graph.getNumOps());
  for (unsigned op = 0; op < graph.getNumOps(); ++op)
    most[op].assign(graph.getOp(op).steps, FlowNetwork::unlimited);
  for (const StepOrder &order : orders) {
    RowState state(graph);
    for (unsigned op : order.ops) {
      int64_t &bytes = most[op][state.getStepsDone(op)];
      bytes = std::min(bytes, state.run(op));
    }
  }
  SmallVector<Candidate, 0> candidates;
  for (unsigned op = 0; op < graph.getNumOps(); ++op)
    for (auto [step, bytes] : llvm::enumerate(most[op]))
      candidates.push_back(
          {std::min(bytes, descending[op]), op, int64_t(step)});
  llvm::sort(candidates, [](const Candidate &a, const Candidate &b) {
    return std::tuple(-a.most, a.op, a.step) <
           std::tuple(-b.most, b.op, b.step);
  });
  RowBound bound{RowState(graph).getLiveBytes(), -1, 0};
  CutModel model(graph);
  for (const Candidate &candidate : candidates) {
    if (candidate.most <= bound.bytes)
      break;
    int64_t bytes = model.findCheapest(candidate.op, candidate.step) +
                    getStepBytes(graph, candidate.op, candidate.step);
    bytes = std::min(bytes, descending[candidate.op]);
    if (bytes > bound.bytes)
      bound = {bytes, int(candidate.op), candidate.step};
  }
  return bound;
}
