//===- Scores.h - How well a network does on samples ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What evaluation reports, each number with a 95 % interval: a figure from a
// few hundred samples is uncertain by a point or two, and a difference of less
// says nothing.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_SCORES_H
#define THIMBLE_EVALUATION_SCORES_H

#include "thimble/Target/EvaluationInfo.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <vector>

namespace thimble {

//===----------------------------------------------------------------------===//
// Statistics
//===----------------------------------------------------------------------===//

/// A proportion with Wilson's score interval (E. B. Wilson, JASA 22, 1927).
/// `trials` is at least 1.
Estimate estimateProportion(uint64_t successes, uint64_t trials);

/// A mean with the interval of the normal approximation; without extent for one
/// value. `values` is not empty.
Estimate estimateMean(llvm::ArrayRef<double> values);

/// The probability that a positive sample has a higher score than a negative
/// one, ties counting half (Mann-Whitney), and its variance, both from
/// placement values (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988).
class AreaUnderCurve {
public:
  /// `labels` are 0 (negative) or 1 (positive), and there are some of each.
  AreaUnderCurve(llvm::ArrayRef<double> scores, llvm::ArrayRef<int64_t> labels);

  Estimate getEstimate() const;
  /// This area minus `other`'s, of other scores for the same labels.
  PairedDifference minus(const AreaUnderCurve &other) const;

private:
  /// For each positive sample the part of negative ones below it, and for each
  /// negative one the part of positive ones above it.
  std::vector<double> positives, negatives;
};

/// The mean of `a - b`.
PairedDifference pairedDifference(llvm::ArrayRef<double> a,
                                  llvm::ArrayRef<double> b);

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

/// The class that an output stands for: the first of the greatest numbers; of
/// a single number, whether it is above 1/2.
int64_t classOf(llvm::ArrayRef<float> output);

/// KL(teacher || student) in nats. Outputs that are no distribution (numbers of
/// at least 0 with the sum 1, but for rounding) are taken as logits; numbers
/// below 1e-6 count as that, so that what an int8 output rounds to 0 is not
/// infinitely wrong.
double divergence(llvm::ArrayRef<float> teacher, llvm::ArrayRef<float> student);

//===----------------------------------------------------------------------===//
// Tasks
//===----------------------------------------------------------------------===//

/// What a network is judged by.
enum class Task {
  top1,     ///< part of the samples whose class is the label
  auc,      ///< area under the curve of the reconstruction error (or of a
            ///< single output) over labels 0 and 1
  mse,      ///< mean squared reconstruction error
  agreement ///< part of the samples whose class is the teacher's
};

llvm::StringRef getTaskName(Task task);

/// The task that `name` is; inferred if that is empty: with labels top1 (auc if
/// the output is a reconstruction), without mse for a reconstruction, else
/// agreement. A reconstruction has as many numbers as the input. Fails on other
/// names, and if the samples lack what the task needs.
llvm::Expected<Task> chooseTask(llvm::StringRef name,
                                llvm::ArrayRef<int64_t> labels,
                                uint64_t inputElements,
                                uint64_t outputElements);

/// What a network gave for all samples.
struct NetworkOutputs {
  uint64_t elements = 0;      ///< of one output
  std::vector<float> outputs; ///< sample by sample
  /// Mean over elements of (output - input)^2 and of its absolute value, for
  /// each sample; empty if the output is no reconstruction.
  std::vector<double> squaredErrors, absoluteErrors;

  uint64_t getCount() const { return outputs.size() / elements; }
  llvm::ArrayRef<float> getOutput(uint64_t sample) const {
    return llvm::ArrayRef(outputs).slice(sample * elements, elements);
  }
};

/// Scores `student`; `teacher` is null for the teacher itself, whose agreement
/// with itself is 1.
NetworkScore scoreNetwork(Task task, llvm::ArrayRef<int64_t> labels,
                          const NetworkOutputs &student,
                          const NetworkOutputs *teacher);

} // namespace thimble

#endif // THIMBLE_EVALUATION_SCORES_H
