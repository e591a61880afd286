//===- RoundingTest.cpp - Tests of training how to round ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against rounding to nearest, where the training starts.
//
//===----------------------------------------------------------------------===//

#include "Student.h"
#include "thimble/Compression/Gradient/RoundingOptimization.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>

using namespace thimble;
using namespace thimble::gradient;

namespace {

/// A layer as training wants it.
RoundingLayer getLayer(Student &student, NodeId node, int bits) {
  return {node,
          &*student.layers[node],
          student.teacher.layers[node].weights,
          getAlphabet(bits),
          {}};
}

/// Nodes first..last, whose result is the last one's.
RoundingTask getTask(const Student &student, NodeId first, NodeId last) {
  return {
      student.network, student.parameters, student.network, student.teacher,
      {0, 0},          {first, last + 1},  {last, last},    student.samples};
}

/// The block's error over the variance, on all samples.
double measureError(const Student &student, NodeId last) {
  Parameters parameters = student.parameters;
  for (size_t i = 0; i < student.layers.size(); ++i)
    if (student.layers[i])
      writeParameters(*student.network.getNode(i).layer, *student.layers[i],
                      parameters.layers[i]);
  int64_t count = student.samples.count, size = student.network.getSize(0);
  Batch own(student.network, count), wanted(student.network, count);
  for (int64_t i = 0; i < count; ++i)
    student.samples.read(i, own.set(0) + i * size);
  std::copy_n(own.get(0), count * size, wanted.set(0));
  runForward(student.network, parameters, own, {0, last + 1});
  runForward(student.network, student.teacher, wanted, {0, last + 1});
  double sum = 0, squares = 0, mean = 0;
  int64_t total = count * student.network.getSize(last);
  for (int64_t i = 0; i < total; ++i) {
    sum += std::pow(own.get(last)[i] - wanted.get(last)[i], 2);
    mean += wanted.get(last)[i] / total;
  }
  for (int64_t i = 0; i < total; ++i)
    squares += std::pow(wanted.get(last)[i] - mean, 2);
  return sum / squares;
}

TEST(Rounding, OfOneLayerBeatsNearest) {
  Network network = makeResidualNetwork();
  Student student(network, 3, 1);
  std::vector<int8_t> nearest = student.layers[1]->codes;
  double start = measureError(student, 1);
  std::vector<RoundingLayer> layers = {getLayer(student, 1, 3)};
  RoundingResult result = optimizeRounding(getTask(student, 1, 1), layers);
  double end = measureError(student, 1);
  EXPECT_NEAR(result.startError, start, 0.2 * start);
  EXPECT_NEAR(result.error, end, 0.2 * end);
  EXPECT_LT(end, 0.5 * start);
  int64_t changed = 0;
  for (size_t i = 0; i < nearest.size(); ++i) {
    changed += nearest[i] != student.layers[1]->codes[i];
    EXPECT_LE(std::abs(student.layers[1]->codes[i]), 3);
    int64_t row = i / network.getNode(1).layer->columns;
    EXPECT_LE(
        std::abs(student.layers[1]->codes[i] * student.layers[1]->scales[row] -
                 layers[0].weights[i]),
        1.0001f * student.layers[1]->scales[row]);
  }
  EXPECT_EQ(result.changedCodes, changed);
}

TEST(Rounding, OfABlockBeatsNearest) {
  Network network = makeResidualNetwork();
  Student student(network, 3, 2);
  double start = measureError(student, 4);
  std::vector<RoundingLayer> layers = {getLayer(student, 2, 3),
                                       getLayer(student, 3, 3)};
  RoundingResult result = optimizeRounding(getTask(student, 2, 4), layers);
  EXPECT_LT(result.error, result.startError);
  EXPECT_LT(measureError(student, 4), 0.8 * start);
}

TEST(Rounding, PaysForBits) {
  Network network = makeResidualNetwork();
  Student student(network, 4, 3), cheap = student;
  std::vector<RoundingLayer> layers = {getLayer(student, 1, 4)};
  RoundingResult free = optimizeRounding(getTask(student, 1, 1), layers);
  layers = {getLayer(cheap, 1, 4)};
  RoundingOptions options;
  options.bitWeight = free.startError / 50;
  RoundingResult paid = optimizeRounding(getTask(cheap, 1, 1), layers, options);
  EXPECT_LT(paid.bits, free.bits - 10);
  EXPECT_NEAR(paid.bits, estimateBits(cheap.layers[1]->codes), 1e-9);
  EXPECT_LT(paid.error + options.bitWeight * paid.bits,
            paid.startError + options.bitWeight * paid.startBits);
}

TEST(Rounding, KeepsFixedCodesAndPalettes) {
  Network network = makeResidualNetwork();
  Student student(network, 4, 4);
  QuantizedLayer &layer = *student.layers[3];
  RoundingLayer rounding = getLayer(student, 3, 4);
  rounding.alphabet = {-7, -3, 0, 2, 5};
  for (int8_t &code : layer.codes) {
    auto above = std::lower_bound(rounding.alphabet.begin(),
                                  rounding.alphabet.end(), code);
    code = above == rounding.alphabet.end() ? 5 : *above;
    rounding.isFixed.push_back(code == 0);
  }
  std::vector<int8_t> start = layer.codes;
  std::vector<RoundingLayer> layers = {rounding};
  RoundingResult result = optimizeRounding(getTask(student, 3, 4), layers);
  EXPECT_LT(result.error, result.startError);
  EXPECT_GT(result.changedCodes, 0);
  for (size_t i = 0; i < start.size(); ++i) {
    EXPECT_TRUE(std::binary_search(rounding.alphabet.begin(),
                                   rounding.alphabet.end(), layer.codes[i]));
    if (start[i] == 0)
      EXPECT_EQ(layer.codes[i], 0);
  }
}

TEST(Rounding, NeverReturnsWorseThanTheStart) {
  Network network = makeResidualNetwork();
  Student student(network, 4, 5);
  std::vector<int8_t> start = student.layers[1]->codes;
  std::vector<RoundingLayer> layers = {getLayer(student, 1, 4)};
  RoundingOptions options;
  options.iterations = 3;
  options.rate = 1000;
  RoundingResult result =
      optimizeRounding(getTask(student, 1, 1), layers, options);
  EXPECT_EQ(result.changedCodes, 0);
  EXPECT_EQ(result.error, result.startError);
  EXPECT_EQ(student.layers[1]->codes, start);
}

TEST(Rounding, IsTheSameTwiceAndWithAnyNumberOfThreads) {
  Network network = makeResidualNetwork();
  std::vector<int8_t> results[3];
  for (int run = 0; run < 3; ++run) {
    Student student(network, 3, 6);
    std::vector<RoundingLayer> layers = {getLayer(student, 2, 3),
                                         getLayer(student, 3, 3)};
    RoundingOptions options;
    options.iterations = 150;
    options.threads = run == 2 ? 1 : 2;
    EXPECT_GT(
        optimizeRounding(getTask(student, 2, 4), layers, options).changedCodes,
        0);
    results[run] = student.layers[3]->codes;
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

} // namespace
