//===- CoordinateDescent.h - One weight after another, better ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Improves codes that were rounded by any means, and fits the grid to them.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_COORDINATEDESCENT_H
#define THIMBLE_COMPRESSION_NUMERICS_COORDINATEDESCENT_H

#include "thimble/Compression/Numerics/ErrorFeedback.h"

namespace thimble {

/// Moves one weight at a time to the code that minimizes
/// tr((W-Q) H (W-Q)^T) + price of bits while all others stay, until nothing
/// moves or `sweeps` have passed. With `movesPairs` it goes on where it is
/// stuck by moving two weights of a row at once. `hessian` has a positive
/// diagonal; columns that are dead are left alone. Returns how many moves it
/// made.
int64_t refineByCoordinateDescent(const Eigen::MatrixXd &target,
                                  const FeedbackOrder &order,
                                  const WeightGrid &grid,
                                  const CodeLengths &lengths, int sweeps,
                                  bool movesPairs, CodeMatrix &codes);

/// Squared output error of each row.
Eigen::VectorXd getRowErrors(const Eigen::MatrixXd &difference,
                             const Eigen::MatrixXd &hessian);

/// The scales that minimize the output error of `codes`, in closed form: one
/// per row or, if the grid shares it, one for all. A row for which it would
/// not be positive keeps its own.
void refitScales(const Eigen::MatrixXd &target, const Eigen::MatrixXd &hessian,
                 const CodeMatrix &codes, WeightGrid &grid);

/// Moves the codes of palettes to where they minimize the output error,
/// rounded to 8 bits; `codes` follow. Code 0 stays 0. Returns false, and
/// changes nothing, if two codes would become one.
bool refitLists(const Eigen::MatrixXd &target, const Eigen::MatrixXd &hessian,
                CodeMatrix &codes, WeightGrid &grid);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_COORDINATEDESCENT_H
