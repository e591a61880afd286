//===- RuntimeCost.h - Time of functions that objects call ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory functions and the compiler's run-time library are not in the object:
// what they cost can only be assumed. Used inside this library only.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_TARGET_RUNTIMECOST_H
#define THIMBLE_LIB_TARGET_RUNTIMECOST_H

#include "thimble/Target/CodeProfile.h"

namespace thimble {

/// What some code takes per execution.
struct ExecutionCost {
  double instructions = 0;
  double cycles = 0;

  void add(const ExecutionCost &other, double times) {
    instructions += times * other.instructions;
    cycles += times * other.cycles;
  }
};

/// One call of a function outside the object; nothing if it is not known.
ExecutionCost getRuntimeCost(const ProfiledCall &call, bool thumb1Only);

} // namespace thimble

#endif // THIMBLE_LIB_TARGET_RUNTIMECOST_H
