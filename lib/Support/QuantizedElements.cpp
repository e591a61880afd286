//===- QuantizedElements.cpp - One output of each int8 op -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kept literal on purpose: nothing here is optimized.
//===----------------------------------------------------------------------===//

#include "thimble/Support/QuantizedElements.h"

#include "thimble/Support/FixedPointMath.h"

#include <algorithm>

using namespace thimble;

static int8_t clampTo(int32_t value, ClampRange range) {
  return static_cast<int8_t>(std::min(std::max(value, range.min), range.max));
}

int8_t thimble::requantizeInt8(int32_t accumulator,
                               QuantizedMultiplier multiplier,
                               int32_t outputZeroPoint, ClampRange range) {
  return clampTo(
      wrappingAdd(multiplyByQuantizedMultiplier(accumulator, multiplier),
                  outputZeroPoint),
      range);
}

/// One input of an addition at the common scale.
static int32_t commonScale(const AdditionParameters &parameters, int8_t x,
                           int32_t zeroPoint, QuantizedMultiplier multiplier) {
  return multiplyByQuantizedMultiplierSmallerThanOneExp(
      (x - zeroPoint) * (1 << parameters.leftShift), multiplier);
}

static int8_t finishAddition(const AdditionParameters &parameters,
                             int32_t sum) {
  return requantizeInt8(sum, parameters.outputMultiplier,
                        parameters.outputZeroPoint, parameters.range);
}

int8_t thimble::addInt8(const AdditionParameters &parameters, int8_t x,
                        int8_t y) {
  return finishAddition(parameters,
                        commonScale(parameters, x, parameters.zeroPoint1,
                                    parameters.multiplier1) +
                            commonScale(parameters, y, parameters.zeroPoint2,
                                        parameters.multiplier2));
}

int8_t thimble::subtractInt8(const AdditionParameters &parameters, int8_t x,
                             int8_t y) {
  return finishAddition(parameters,
                        commonScale(parameters, x, parameters.zeroPoint1,
                                    parameters.multiplier1) -
                            commonScale(parameters, y, parameters.zeroPoint2,
                                        parameters.multiplier2));
}

int8_t thimble::multiplyInt8(const MultiplicationParameters &parameters,
                             int8_t x, int8_t y) {
  int32_t product = (x - parameters.zeroPoint1) * (y - parameters.zeroPoint2);
  return requantizeInt8(product, parameters.outputMultiplier,
                        parameters.outputZeroPoint, parameters.range);
}

int8_t thimble::averagePoolInt8(int32_t sum, int32_t count, ClampRange range) {
  assert(count > 0 && "a window without a tap inside the image");
  int32_t half = count / 2;
  return clampTo((sum > 0 ? sum + half : sum - half) / count, range);
}

int8_t thimble::meanInt8(const MeanParameters &parameters, int32_t sum) {
  return requantizeInt8(wrappingSub(sum, parameters.sumOffset),
                        parameters.multiplier, parameters.outputZeroPoint);
}

void thimble::softmaxInt8(const SoftmaxParameters &parameters,
                          llvm::ArrayRef<int8_t> row,
                          llvm::MutableArrayRef<int8_t> output) {
  assert(!row.empty() && row.size() < 4096 && row.size() == output.size() &&
         "a row the reference can sum");
  std::array<int32_t, 256> expTable = softmaxExpTable(parameters);
  int32_t maximum = *std::max_element(row.begin(), row.end());
  Fixed<12> sum;
  for (int8_t x : row)
    sum = sum + rescale<12>(Fixed<0>{expTable[maximum - x]});
  Reciprocal scale = reciprocal(sum);
  for (size_t i = 0; i < row.size(); ++i) {
    Fixed<0> share = scale.value * Fixed<0>{expTable[maximum - row[i]]};
    // 0.31 to units of 1/256.
    int32_t units =
        roundingDivideByPowerOfTwo(share.raw, scale.bitsOverUnit + 23);
    output[i] = clampTo(units - 128, ClampRange());
  }
}
