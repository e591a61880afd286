//===- NestCost.h - Cycles of a nest before there is code -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decisions of the KERNEL stage weigh layers against each other when nothing
// has been emitted yet. A nest counts what its loops do; measured constants of
// each class of cores turn the counts into cycles. The report does not use
// this: it times the emitted code.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_NESTCOST_H
#define THIMBLE_LOOPNEST_NESTCOST_H

#include "thimble/TargetInfo/TargetInfo.h"

namespace thimble {

/// What the loops of a multiply-accumulate nest do in a step. Loads, products
/// and outputs of a vector count once.
struct NestWork {
  double products = 0;
  double loads = 0;
  double iterations = 0;   ///< of the innermost loop
  double taps = 0;         ///< runs begun, where a block has several
  double windowRows = 0;   ///< rows of windows begun
  double blocks = 0;       ///< of pixels by channels
  double pixelBlocks = 0;  ///< sweeps over all channels
  double outputs = 0;      ///< requantized and stored
  double tableEntries = 0; ///< addresses of taps put into scratch
  double copiedRows = 0, copiedBytes = 0;
};

/// How a nest multiplies and accumulates.
enum class NestForm {
  Scalar,
  Lanes,             ///< four channels in a vector
  LongRuns,          ///< 16 products of a run in an instruction
  LongRunsVectorEnd, ///< the same; four sums are finished as a vector
  Depthwise,
  DepthwiseLanes,
  Sparse,      ///< an iteration is a block of weights that is not zero
  SparseLanes, ///< the same, four channels in a vector
  SparseRuns,  ///< the same, all columns of a block in an instruction
};

/// Cycles of a step: the sum of all counts, each times a constant of the form
/// and the class of cores (Thumb-1, Thumb-2, MVE). The constants are least
/// squares of the relative error against the static estimate of the emitted
/// code of five int8 networks; they hold within 10 % for nearly all layers of a
/// Cortex-M0+ and M4, within 30 % for a Cortex-M55.
double estimateCycles(const NestWork &work, NestForm form, bool isFloat,
                      const TargetInfo &target);

/// A rough figure for elementwise ops, pools and the like: so many elements
/// read and written.
double estimateElementCycles(double read, double written,
                             const TargetInfo &target);

} // namespace thimble

#endif // THIMBLE_LOOPNEST_NESTCOST_H
