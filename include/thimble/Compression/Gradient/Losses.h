//===- Losses.h - How far a student is from its teacher ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Losses of a batch and their derivatives by the student's values.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_LOSSES_H
#define THIMBLE_COMPRESSION_GRADIENT_LOSSES_H

#include <cstdint>

namespace thimble::gradient {

/// temperature^2 * KL(softmax(teacher / temperature) || softmax(student /
/// temperature)), the mean over `rows` of `depth` logits (Hinton et al. 2015,
/// arXiv 1503.02531), times `weight`. Adds derivatives to `gradient` unless it
/// is null.
double addKullbackLeibler(const float *student, const float *teacher,
                          int64_t rows, int64_t depth, float temperature,
                          double weight, float *gradient);

/// The mean squared difference of `count` numbers, times `weight`. Adds
/// derivatives to `gradient` unless it is null.
double addSquaredError(const float *student, const float *teacher,
                       int64_t count, double weight, float *gradient);

/// The variance of `count` numbers.
double getVariance(const float *numbers, int64_t count);

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_LOSSES_H
