//===- NestCost.cpp - Cycles of a nest before there is code ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants are cycles without wait states, as in TargetInfo/Timing; kernels
// are shaped by the same properties of the target that choose them here.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/NestCost.h"
#include <algorithm>

using namespace thimble;

namespace {
/// Cycles of one of each.
struct Rates {
  double product, load, iteration, tap, windowRow, block, pixelBlock, output,
      tableEntry;
};
} // namespace

static Rates ratesOf(NestForm form, const TargetInfo &target) {
  switch (form) {
  case NestForm::Lanes:
    return {1.6, 1.6, 0, 10.3, 0, 0, 0, 11.4, 3};
  case NestForm::LongRuns:
    return {4.0, 0, 0, 8.2, 0, 0, 0, 9.6, 3};
  case NestForm::LongRunsVectorEnd:
    return {0, 0, 11.4, 0, 0, 39, 0, 0, 3};
  case NestForm::DepthwiseLanes:
    return {1.9, 1.0, 0, 0, 4.1, 0, 34, 26, 2.75};
  case NestForm::Depthwise:
    if (target.thumb1Only)
      return {6.3, 1.85, 0, 0, 0, 0, 0, 66, 21.7};
    return {1.2, 1.28, 0, 0, 0.8, 15.2, 0, 8.9, 2.1};
  case NestForm::SparseLanes:
    return {1.74, 0.53, 5.2, 20, 0, 0, 0, 10.6, 3};
  case NestForm::SparseRuns:
    return {3.1, 0, 5.5, 15, 0, 0, 0, 10, 3};
  case NestForm::Sparse:
    if (target.thumb1Only)
      return {8.8, 0, 3.6, 33, 0, 0, 0, 55, 21.7};
    return {2.94, 0, 8, 39, 0, 0, 0, 4.4, 2.1};
  case NestForm::Scalar:
    break;
  }
  if (target.thumb1Only)
    return {1.84, 3.1, 1.0, 22, 0, 19, 14, 46, 21.7};
  return {1.24, 0.76, 10.65, 27, 0, 0, 0, 14.8, 2.1};
}

/// What a product of floats takes longer than one of integers.
static double floatProduct(const TargetInfo &target) {
  if (target.hasHardFloat || target.isHost)
    return target.hasMVE ? 0 : 2.5;
  return target.thumb1Only ? 205 : 80; // library calls
}

double thimble::estimateCycles(const NestWork &work, NestForm form,
                               bool isFloat, const TargetInfo &target) {
  Rates rates = ratesOf(form, target);
  if (isFloat) {
    rates.product += floatProduct(target);
  } else if (!target.hasDSP && !target.thumb1Only && !target.isHost) {
    rates.product += 1; // MLA instead of SMLABB
    rates.output += 6;  // SMULL and additions instead of SMMLAR
  }
  double rowCopy = target.thumb1Only ? 80 : 60; // calls of memcpy
  double copiedByte = target.thumb1Only ? 1 : target.hasMVE ? 0.25 : 0.5;
  return work.products * rates.product + work.loads * rates.load +
         work.iterations * rates.iteration + work.taps * rates.tap +
         work.windowRows * rates.windowRow + work.blocks * rates.block +
         work.pixelBlocks * rates.pixelBlock + work.outputs * rates.output +
         work.tableEntries * rates.tableEntry + work.copiedRows * rowCopy +
         work.copiedBytes * copiedByte;
}

double thimble::estimateElementCycles(double read, double written,
                                      const TargetInfo &target) {
  if (target.thumb1Only)
    return std::max(9 * read, 90 * written);
  return target.hasMVE ? std::max(5.5 * read, 18 * written)
                       : std::max(9 * read, 24 * written);
}
