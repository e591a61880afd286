//===- QuantizedElements.h - One output of each int8 op ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The definition of each int8 op's result in plain integer C++, for one element
// or one row: the oracle of tests and of constant folding. Lowerings emit other
// code that must equal this.
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_QUANTIZEDELEMENTS_H
#define THIMBLE_SUPPORT_QUANTIZEDELEMENTS_H

#include "thimble/Support/QuantizedParameters.h"

namespace thimble {

/// The last step of every multiply-accumulate op:
/// clamp(accumulator * multiplier + zero point).
/// Source: reference/integer_ops/conv.h `ConvPerChannel`.
int8_t requantizeInt8(int32_t accumulator, QuantizedMultiplier multiplier,
                      int32_t outputZeroPoint, ClampRange range = {});

/// Source: reference/integer_ops/add.h `AddFunc`, reference/sub.h.
int8_t addInt8(const AdditionParameters &parameters, int8_t x, int8_t y);
int8_t subtractInt8(const AdditionParameters &parameters, int8_t x, int8_t y);

/// Source: reference/integer_ops/mul.h.
int8_t multiplyInt8(const MultiplicationParameters &parameters, int8_t x,
                    int8_t y);

/// `sum` of the `count` > 0 taps inside the image: rounded quotient, halves
/// away from zero. Source: reference/integer_ops/pooling.h `AveragePool`.
int8_t averagePoolInt8(int32_t sum, int32_t count, ClampRange range = {});

/// `sum` of all raw elements. Source: reference/reduce.h `QuantizedMeanOrSum`.
int8_t meanInt8(const MeanParameters &parameters, int32_t sum);

/// `output` has the length of `row`, which has 1 to 4095 elements (more equal
/// maxima would overflow the reference's sum).
/// Source: reference/softmax.h `Softmax`.
void softmaxInt8(const SoftmaxParameters &parameters,
                 llvm::ArrayRef<int8_t> row,
                 llvm::MutableArrayRef<int8_t> output);

} // namespace thimble

#endif // THIMBLE_SUPPORT_QUANTIZEDELEMENTS_H
