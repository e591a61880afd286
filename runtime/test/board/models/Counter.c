//===- Counter.c - A model with a state -------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts its calls from 40 on. Its output is the count.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

void counter_invoke(void *arena, void *state);
void counter_reset(void *state);

void counter_reset(void *state) { *(uint32_t *)state = 40; }

void counter_invoke(void *arena, void *state) {
  *(uint32_t *)arena = ++*(uint32_t *)state;
}
