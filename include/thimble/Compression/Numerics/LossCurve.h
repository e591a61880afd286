//===- LossCurve.h - What a coarser step costs, without luck ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loss of a network whose layer is rounded more coarsely is measured on
// some hundred samples, for one of many equally good roundings. An allocation
// that takes such figures at their word chooses what was lucky.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_LOSSCURVE_H
#define THIMBLE_COMPRESSION_NUMERICS_LOSSCURVE_H

#include <vector>

namespace thimble {

/// The losses that a smooth curve through measured ones gives for the same
/// steps. `steps` are positive; `losses` may be negative where there is little
/// but noise, whose size is about `noise` (and 15 % of the loss).
///
/// The curve is log loss = a + (2 + b) x + c x^2 of the logarithm x of the
/// step: errors grow with the square of the step as long as they are small.
/// Least squares over a, b and c by Gauss-Newton; b and c are pulled to 0, so
/// that two or three points do as well.
std::vector<double> smoothLosses(const std::vector<double> &steps,
                                 const std::vector<double> &losses,
                                 double noise);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_LOSSCURVE_H
