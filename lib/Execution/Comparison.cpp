//===- Comparison.cpp - The first element that differs --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vector by vector, since a user looks at one inference at a time.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/Comparison.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace thimble;

/// The project's tolerance of float32 outputs.
static constexpr double relativeTolerance = 2e-5;

std::string Difference::describe() const {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "vector " << vector << ", element [";
  llvm::interleave(index, stream, ",");
  // Nine digits tell any two floats apart.
  stream << "]: expected " << llvm::format("%.10g", expected) << ", found "
         << llvm::format("%.10g", found) << " (" << count << " of " << size
         << (size == 1 ? " element differs)" : " elements differ)");
  return text;
}

static bool isWithinTolerance(double found, double expected) {
  if (std::isnan(found) || std::isnan(expected))
    return std::isnan(found) && std::isnan(expected);
  if (std::isinf(found) || std::isinf(expected))
    return found == expected;
  return std::fabs(found - expected) <=
         relativeTolerance * std::max(1.0, std::fabs(expected));
}

static SmallVector<int64_t> unflatten(uint64_t flat, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> index(shape.size());
  for (size_t axis = shape.size(); axis-- > 0; flat /= shape[axis])
    index[axis] = static_cast<int64_t>(flat % shape[axis]);
  return index;
}

/// Compares one tensor of one vector.
static std::optional<Difference> compare(const TensorInfo &tensor,
                                         StringRef found, StringRef expected,
                                         FloatRule rule) {
  if (found == expected)
    return std::nullopt;
  uint64_t width = getElementBytes(tensor.element);
  bool isTolerant =
      tensor.element == ElementKind::float32 && rule == FloatRule::tolerance;
  Difference difference;
  difference.size = expected.size() / width;
  for (uint64_t i = 0; i < difference.size; ++i) {
    if (found.substr(i * width, width) == expected.substr(i * width, width))
      continue;
    double have = readElement(tensor.element, found, i);
    double want = readElement(tensor.element, expected, i);
    if (isTolerant && isWithinTolerance(have, want))
      continue;
    if (difference.count++ > 0)
      continue;
    difference.index = unflatten(i, tensor.shape);
    difference.expected = want;
    difference.found = have;
  }
  if (difference.count == 0)
    return std::nullopt;
  return difference;
}

std::optional<Difference> thimble::findDifference(ArrayRef<TensorInfo> tensors,
                                                  const TensorVectors &found,
                                                  const TensorVectors &expected,
                                                  FloatRule rule) {
  for (uint64_t vector = 0; vector < expected.count; ++vector)
    for (auto [index, tensor] : llvm::enumerate(tensors)) {
      auto part = [&, bytes = tensor.bytes](const std::string &all) {
        return StringRef(all).substr(vector * bytes, bytes);
      };
      std::optional<Difference> difference =
          compare(tensor, part(found.tensors[index]),
                  part(expected.tensors[index]), rule);
      if (!difference)
        continue;
      difference->tensor = static_cast<unsigned>(index);
      difference->vector = vector;
      return difference;
    }
  return std::nullopt;
}
