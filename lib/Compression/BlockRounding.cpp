//===- BlockRounding.cpp - Rounding trained block by block ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Blocks see the student's values, so each makes up for those before it.
//
//===----------------------------------------------------------------------===//

#include "BlockRounding.h"

using namespace thimble;
using gradient::NodeId;
using gradient::ValueId;

/// Whether each value is the only one that nodes behind it read.
static std::vector<bool> findCuts(const gradient::Network &network) {
  std::vector<NodeId> lastUser(network.getNodeCount(), -1);
  for (NodeId id = 0; id < network.getNodeCount(); ++id)
    for (ValueId input : network.getNode(id).inputs)
      lastUser[input] = id;
  std::vector<bool> isCut(network.getNodeCount());
  NodeId reach = -1; // the last node that reads a value before this one
  for (NodeId id = 0; id < network.getNodeCount(); ++id) {
    bool isConstant =
        network.getNode(id).kind == gradient::Node::Kind::Constant;
    isCut[id] = !isConstant && reach <= id;
    if (!isConstant)
      reach = std::max(reach, lastUser[id]);
  }
  return isCut;
}

std::vector<NetworkBlock>
thimble::findBlocks(const TeacherAndStudent &networks) {
  const FunctionNetwork &student = networks.student;
  std::vector<bool> isCut = findCuts(student.network);
  std::vector<NetworkBlock> blocks;
  NetworkBlock block;
  size_t layer = 0;
  auto close = [&](NodeId node) {
    NodeId other = networks.counterparts[node];
    if (block.layers.empty() || other < 0)
      return;
    block.nodes.last = node + 1;
    block.output = {node, other};
    blocks.push_back(std::move(block));
    block = {};
    block.nodes.first = node + 1;
  };
  for (NodeId node = 0; node < student.network.getNodeCount(); ++node) {
    // What follows a layer, such as a pool, belongs to its block.
    bool isLayer =
        layer < student.layers.size() && student.layers[layer].second == node;
    if (isLayer)
      block.layers.push_back(layer++);
    if (isCut[node])
      close(node);
  }
  return blocks;
}

void thimble::roundBlocks(const TeacherAndStudent &networks,
                          const SampleBlock &samples,
                          llvm::ArrayRef<RecipeAttr> recipes,
                          llvm::ArrayRef<MaskMatrix> kept,
                          const gradient::RoundingOptions &options,
                          std::vector<CompressedLayer> &layers,
                          gradient::Parameters &parameters) {
  const FunctionNetwork &student = networks.student;
  for (const NetworkBlock &block : findBlocks(networks)) {
    std::vector<gradient::QuantizedLayer> numbers;
    std::vector<gradient::RoundingLayer> trained;
    double bits = 0;
    for (size_t index : block.layers) {
      const gradient::LayerShape &shape =
          *student.network.getNode(student.layers[index].second).layer;
      numbers.push_back(toEngine(shape, layers[index]));
      gradient::CodeTraining training =
          getCodeTraining(shape, layers[index], recipes[index], kept[index]);
      if (training.isCoded)
        bits += gradient::estimateBits(numbers.back().codes);
      trained.push_back(
          {student.layers[index].second, nullptr, std::move(training.weights),
           std::move(training.alphabet), std::move(training.isFixed)});
    }
    for (auto [layer, its] : llvm::zip_equal(trained, numbers))
      layer.layer = &its;
    gradient::RoundingTask task{student.network,
                                parameters,
                                networks.teacher.network,
                                networks.teacher.parameters,
                                {student.inputs[0], networks.teacher.inputs[0]},
                                block.nodes,
                                block.output,
                                getSampleSet(samples)};
    gradient::RoundingOptions blockOptions = options;
    blockOptions.holdsBits = bits > 0;
    gradient::optimizeRounding(task, trained, blockOptions);
    for (auto [index, its] : llvm::zip_equal(block.layers, numbers)) {
      const gradient::LayerShape &shape =
          *student.network.getNode(student.layers[index].second).layer;
      fromEngine(shape, its, networks.getInputScale(index), layers[index]);
      setParameters(networks, index, layers[index], parameters);
    }
  }
}
