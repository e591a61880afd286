//===- Division.c - A model that needs the compiler's run-time --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arena: two 64-bit integers, their quotient, two doubles, their sum: calls of
// libgcc on every core.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

void division_invoke(void *arena);

void division_invoke(void *arena) {
  uint64_t *integers = arena;
  double *reals = (double *)arena + 3;
  integers[2] = integers[0] / integers[1];
  reals[2] = reals[0] + reals[1];
}
