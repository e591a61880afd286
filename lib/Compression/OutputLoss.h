//===- OutputLoss.h - How far a student is from its teacher -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The measure that layers are weighed by: needs no labels.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_OUTPUTLOSS_H
#define THIMBLE_LIB_COMPRESSION_OUTPUTLOSS_H

#include "FunctionNetwork.h"

namespace thimble {

/// Mean over samples of, for each output, KL(teacher || student) in nats if the
/// output is a distribution (it comes from a softmax), else the squared error
/// divided by the teacher's variance over all samples.
class OutputLoss {
public:
  /// `teacherOutputs`: for each output, all samples' values.
  OutputLoss(const FunctionNetwork &teacher,
             std::vector<std::vector<float>> teacherOutputs, int64_t samples);

  /// The sum over `count` samples from `first` on; `values` are the student's
  /// for output `index`.
  double add(size_t index, const float *values, int64_t first,
             int64_t count) const;
  /// The mean over all samples of the student's outputs.
  double getMean(const std::vector<std::vector<float>> &outputs) const;

private:
  struct Output {
    std::vector<float> teacher;
    int64_t size = 0;
    bool isDistribution = false;
    double variance = 1;
  };
  std::vector<Output> outputs;
  int64_t samples;
};

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_OUTPUTLOSS_H
