//===- BeamRounding.h - Error feedback that keeps its options ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Error feedback decides each weight for good. Here several roundings of the
// columns so far go on side by side, and the best of them is taken at the end.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_BEAMROUNDING_H
#define THIMBLE_COMPRESSION_NUMERICS_BEAMROUNDING_H

#include "thimble/Compression/Numerics/ErrorFeedback.h"

namespace thimble {

/// Rounds `target` (O x K) in the order of `order` as roundInGptqOrder() does,
/// but keeps for each row the `width` cheapest choices of the codes up to each
/// column: squared output error plus price of bits. Of each of them go on the
/// code that error feedback would take and those beside it.
///
/// Codes times Hessian are points of a lattice, and this is a search for the
/// point nearest to the target; error feedback is Babai's nearest plane. The
/// M-algorithm: Anderson and Mohan, "Sequential coding algorithms", IEEE
/// Transactions on Communications 32, 1984. Time: O(rows K^2 width);
/// where that would take longer than some seconds the beam is narrower.
CodeMatrix roundByBeam(const Eigen::MatrixXd &target,
                       const FeedbackOrder &order, const WeightGrid &grid,
                       const CodeLengths &lengths, int width);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_BEAMROUNDING_H
