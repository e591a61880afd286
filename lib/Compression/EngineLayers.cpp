//===- EngineLayers.cpp - Compressed layers for training ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies in another order.
//
//===----------------------------------------------------------------------===//

#include "EngineLayers.h"
#include <algorithm>
#include <set>

using namespace thimble;

gradient::QuantizedLayer thimble::toEngine(const gradient::LayerShape &shape,
                                           const CompressedLayer &layer) {
  gradient::QuantizedLayer result;
  result.codes.resize(shape.getCount());
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column)
      result.codes[shape.getIndex(row, column)] =
          layer.weights.codes(row, column);
  result.scales.assign(layer.weights.scales.begin(),
                       layer.weights.scales.end());
  result.bias.assign(layer.biases.begin(), layer.biases.end());
  return result;
}

void thimble::fromEngine(const gradient::LayerShape &shape,
                         const gradient::QuantizedLayer &trained,
                         double inputScale, CompressedLayer &layer) {
  for (int64_t row = 0; row < shape.rows; ++row) {
    for (int64_t column = 0; column < shape.columns; ++column)
      layer.weights.codes(row, column) =
          trained.codes[shape.getIndex(row, column)];
    layer.biases[row] = trained.bias[row];
    layer.weights.scales[row] =
        getSafeScale(trained.getScale(row), layer.biases[row], inputScale);
  }
}

gradient::CodeTraining
thimble::getCodeTraining(const gradient::LayerShape &shape,
                         const CompressedLayer &layer, RecipeAttr recipe,
                         const MaskMatrix &kept) {
  gradient::CodeTraining result;
  const CodeMatrix &codes = layer.weights.codes;
  std::set<int8_t> used(codes.data(), codes.data() + codes.size());
  bool isStep = recipe && recipe.getStep();
  bool isPalette = recipe && recipe.getEntries() > 0;
  if (isPalette) {
    result.alphabet.assign(used.begin(), used.end());
  } else {
    int64_t low = isStep ? *used.begin() : -layer.weights.limit;
    int64_t high = isStep ? *used.rbegin() : layer.weights.limit;
    for (int64_t code = std::min<int64_t>(low, *used.begin());
         code <= std::max<int64_t>(high, *used.rbegin()); ++code)
      result.alphabet.push_back(static_cast<int8_t>(code));
  }
  result.weights.resize(shape.getCount());
  // A code that moves takes those behind it off the trellis.
  bool isTrellis = recipe && recipe.getTrellis();
  if (kept.size() || isTrellis)
    result.isFixed.resize(shape.getCount(), isTrellis);
  for (int64_t row = 0; row < shape.rows; ++row)
    for (int64_t column = 0; column < shape.columns; ++column) {
      int64_t index = shape.getIndex(row, column);
      result.weights[index] = static_cast<float>(layer.targets(row, column));
      if (kept.size())
        result.isFixed[index] = isTrellis || !kept(row, column);
    }
  result.isCoded = isStep;
  return result;
}

gradient::SampleSet thimble::getSampleSet(const SampleBlock &block) {
  gradient::SampleSet result;
  result.count = block.count;
  const std::vector<float> &floats = block.inputs[0];
  int64_t size = static_cast<int64_t>(floats.size()) / block.count;
  result.read = [&floats, size](uint64_t index, float *sample) {
    std::copy_n(floats.data() + index * size, size, sample);
  };
  return result;
}
