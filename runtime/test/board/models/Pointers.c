//===- Pointers.c - A model with its tensors behind pointers ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Eight pointers, as many as the runner can pass: the arena, four inputs of one
// word, three outputs of one word. The outputs are three sums of inputs that no
// permutation of the inputs leaves alone. An input of 0xBAD is written to.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

void pointers_invoke(void *arena, const uint32_t *a, const uint32_t *b,
                     const uint32_t *c, const uint32_t *d, uint32_t *x,
                     uint32_t *y, uint32_t *z);

void pointers_invoke(void *arena, const uint32_t *a, const uint32_t *b,
                     const uint32_t *c, const uint32_t *d, uint32_t *x,
                     uint32_t *y, uint32_t *z) {
  volatile uint32_t *scratch = arena;
  *scratch = *a + 2 * *b;
  *x = *scratch;
  *y = *b + 2 * *c;
  *z = *c + 2 * *d;
  if (*a == 0xBAD)
    *(volatile uint32_t *)(uintptr_t)a = 0;
}
