//===- WeightLayout.cpp - The order in which a nest reads weights ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formula stands at the struct's definition.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/WeightLayout.h"
#include <algorithm>
#include <cassert>

using namespace thimble;

int64_t WeightLayout::channelAt(int64_t position) const {
  int64_t group = position / (depth * lanes);
  return std::min(group * lanes, channels - lanes) + position % lanes;
}

int64_t WeightLayout::sourceIndex(int64_t position) const {
  int64_t channel = channelAt(position), place = position / lanes % depth;
  return channelsInnermost ? place * channels + channel
                           : channel * depth + place;
}

bool WeightLayout::isIdentity() const {
  if (tableSize() != tensorSize())
    return false;
  for (int64_t i = 0; i < tableSize(); ++i)
    if (sourceIndex(i) != i)
      return false;
  return true;
}

std::vector<uint8_t> WeightLayout::arrange(llvm::ArrayRef<uint8_t> tensor,
                                           int64_t elementBytes) const {
  assert(int64_t(tensor.size()) == tensorSize() * elementBytes);
  std::vector<uint8_t> table;
  table.reserve(tableSize() * elementBytes);
  for (int64_t i = 0; i < tableSize(); ++i) {
    auto element = tensor.slice(sourceIndex(i) * elementBytes, elementBytes);
    table.insert(table.end(), element.begin(), element.end());
  }
  return table;
}

std::vector<uint8_t> WeightLayout::restore(llvm::ArrayRef<uint8_t> table,
                                           int64_t elementBytes) const {
  assert(int64_t(table.size()) == tableSize() * elementBytes);
  std::vector<uint8_t> tensor(tensorSize() * elementBytes);
  for (int64_t i = 0; i < tableSize(); ++i)
    std::copy_n(table.begin() + i * elementBytes, elementBytes,
                tensor.begin() + sourceIndex(i) * elementBytes);
  return tensor;
}
