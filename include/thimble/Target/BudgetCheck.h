//===- BudgetCheck.h - Does a model fit its limits --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compares the costs of a model with the user's limits.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_BUDGETCHECK_H
#define THIMBLE_TARGET_BUDGETCHECK_H

#include "thimble/Target/Report.h"
#include "thimble/Target/TargetOptions.h"

namespace thimble {

/// A limit that does not hold.
struct BudgetExcess {
  std::string message; ///< the limit, the shortfall and the layer
  std::string layer;   ///< id of the layer with the largest share
};

/// The limits that `report` exceeds: flash, then RAM, then stack.
llvm::SmallVector<BudgetExcess> findExcesses(const Report &report,
                                             const Budgets &budgets);

} // namespace thimble

#endif // THIMBLE_TARGET_BUDGETCHECK_H
