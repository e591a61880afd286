//===- Elimination.h - The order in which weights go ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Optimal brain surgeon in rows that lose the same columns.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_NUMERICS_ELIMINATION_H
#define THIMBLE_LIB_COMPRESSION_NUMERICS_ELIMINATION_H

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace thimble {

/// Which columns are eliminated together, and what limits that.
struct EliminationPlan {
  /// Disjoint sets of columns: units that go together.
  std::vector<std::vector<int64_t>> units;
  /// Of each unit, the group that it is of; empty: no groups.
  std::vector<int64_t> groups;
  /// How many units of a group may go, by group.
  std::vector<int64_t> quotas;
};

/// Units in the order in which they went, and what each cost.
struct EliminationTrace {
  std::vector<int64_t> units;
  std::vector<double> losses;
};

/// Eliminates units until the quotas are used up or none is left; always the
/// one with the least loss. `weights`: rows that share their zeros, R x K;
/// `inverse`: K x K inverse of the damped Hessian. `isExact`: losses are those
/// of what is left; otherwise those of the whole.
EliminationTrace eliminate(const Eigen::MatrixXd &weights,
                           const Eigen::MatrixXd &inverse,
                           const EliminationPlan &plan, bool isExact);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_NUMERICS_ELIMINATION_H
