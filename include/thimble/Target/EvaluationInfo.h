//===- EvaluationInfo.h - How networks did on samples -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the report says about accuracy.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_EVALUATIONINFO_H
#define THIMBLE_TARGET_EVALUATIONINFO_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <optional>
#include <string>

namespace thimble {

/// An estimate and the bounds of its 95 % confidence interval.
struct Estimate {
  double value = 0, low = 0, high = 0;
};

/// A difference of two estimates on the same samples, with the standard error
/// of the paired difference.
struct PairedDifference {
  double value = 0;
  double standardError = 0;
};

/// How a network did; `Scores.h` explains the tasks.
struct NetworkScore {
  /// By the task: parts between 0 and 1 for top1, auc and agreement, in the
  /// square of the output's unit for mse.
  Estimate score;
  std::optional<Estimate> absoluteError; ///< for mse
  std::optional<Estimate> agreement;     ///< with the teacher; not for mse, auc
  std::optional<Estimate> divergence;    ///< from the teacher; the same
  /// What is lost against the teacher, in percent: points of accuracy, area or
  /// agreement, or of the teacher's mean error. Negative if it is better.
  std::optional<PairedDifference> drop;
};

/// A network that was scored.
struct EvaluatedNetwork {
  std::string name; ///< as `float`
  NetworkScore score;
};

/// One run of all networks on the same samples.
struct EvaluationInfo {
  std::string samples; ///< path
  uint64_t count = 0;
  /// How many of them are also among the samples that were calibrated with.
  uint64_t shared = 0;
  std::string task; ///< top1, auc, mse, agreement
  llvm::SmallVector<EvaluatedNetwork, 3> networks; ///< the teacher first
};

/// Writes a table with one line per network.
void writeTable(const EvaluationInfo &evaluation, llvm::raw_ostream &stream);

} // namespace thimble

#endif // THIMBLE_TARGET_EVALUATIONINFO_H
