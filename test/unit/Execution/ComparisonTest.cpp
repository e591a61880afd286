//===- ComparisonTest.cpp - The first element that differs ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which element is named, and where the tolerance ends.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/Comparison.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstring>
#include <limits>

using namespace thimble;
using testing::ElementsAre;

static TensorInfo makeTensor(ElementKind kind, llvm::ArrayRef<int64_t> shape) {
  TensorInfo tensor;
  tensor.element = kind;
  tensor.shape.assign(shape.begin(), shape.end());
  tensor.bytes = getElementBytes(kind);
  for (int64_t size : shape)
    tensor.bytes *= size;
  return tensor;
}

static std::string floats(std::initializer_list<float> values) {
  std::string bytes(values.size() * 4, '\0');
  std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}

static TensorVectors vectors(uint64_t count,
                             std::initializer_list<std::string> tensors) {
  TensorVectors result;
  result.count = count;
  result.tensors.assign(tensors.begin(), tensors.end());
  return result;
}

TEST(Comparison, NamesTheFirstVectorThenTheFirstTensor) {
  TensorInfo tensors[] = {makeTensor(ElementKind::int8, {2, 2}),
                          makeTensor(ElementKind::int8, {1})};
  // Tensor 0 differs in vector 1 only, tensor 1 in vector 0.
  TensorVectors expected = vectors(2, {"abcdefgh", "xy"});
  TensorVectors found = vectors(2, {"abcdeFgH", "Xy"});
  auto difference =
      findDifference(tensors, found, expected, FloatRule::tolerance);
  ASSERT_TRUE(difference.has_value());
  EXPECT_EQ(difference->vector, 0u);
  EXPECT_EQ(difference->tensor, 1u);

  found.tensors[1] = "xy";
  difference = findDifference(tensors, found, expected, FloatRule::tolerance);
  ASSERT_TRUE(difference.has_value());
  EXPECT_EQ(difference->tensor, 0u);
  EXPECT_EQ(difference->vector, 1u);
  EXPECT_THAT(difference->index, ElementsAre(0, 1));
  EXPECT_EQ(difference->describe(),
            "vector 1, element [0,1]: expected 102, found 70 (2 of 4 elements "
            "differ)");
  EXPECT_FALSE(findDifference(tensors, expected, expected, FloatRule::exact));
}

TEST(Comparison, ReadsIntegersByTheirWidth) {
  TensorInfo tensor = makeTensor(ElementKind::int16, {1, 2});
  auto difference = findDifference(
      tensor, vectors(1, {std::string("\x00\x00\x00\x80", 4)}),
      vectors(1, {std::string("\x00\x00\xff\x7f", 4)}), FloatRule::tolerance);
  ASSERT_TRUE(difference.has_value());
  EXPECT_THAT(difference->index, ElementsAre(0, 1));
  EXPECT_EQ(difference->expected, 32767);
  EXPECT_EQ(difference->found, -32768);
}

static bool isAccepted(float found, float expected, FloatRule rule) {
  TensorInfo tensor = makeTensor(ElementKind::float32, {1});
  return !findDifference(tensor, vectors(1, {floats({found})}),
                         vectors(1, {floats({expected})}), rule);
}

TEST(Comparison, ToleratesSmallDifferencesOfFloats) {
  FloatRule rule = FloatRule::tolerance;
  EXPECT_TRUE(isAccepted(1.9e-5f, 0.0f, rule));
  EXPECT_FALSE(isAccepted(2.1e-5f, 0.0f, rule));
  EXPECT_TRUE(isAccepted(1000.019f, 1000.0f, rule));
  EXPECT_FALSE(isAccepted(1000.021f, 1000.0f, rule));
  EXPECT_TRUE(isAccepted(0.0f, -0.0f, rule));
  float infinity = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(isAccepted(infinity, infinity, rule));
  EXPECT_FALSE(isAccepted(infinity, -infinity, rule));
  EXPECT_FALSE(isAccepted(1.0f, infinity, rule));
  EXPECT_FALSE(isAccepted(std::nanf(""), 0.0f, rule));
  EXPECT_FALSE(isAccepted(0.0f, std::nanf(""), rule));
  EXPECT_TRUE(isAccepted(std::nanf("1"), std::nanf("2"), rule));
}

TEST(Comparison, ComparesFloatsBitForBitOnRequest) {
  EXPECT_FALSE(isAccepted(1e-9f, 0.0f, FloatRule::exact));
  EXPECT_FALSE(isAccepted(0.0f, -0.0f, FloatRule::exact));
  EXPECT_TRUE(isAccepted(0.25f, 0.25f, FloatRule::exact));
}
