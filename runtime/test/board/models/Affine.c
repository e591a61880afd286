//===- Affine.c - A model that behaves --------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arena: int8 input [0, 16), int8 output [16, 32), the input doubled in
// [32, 48). output = 3 * input + 1, in int8.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

void affine_invoke(void *arena);

void affine_invoke(void *arena) {
  int8_t *bytes = arena;
  for (int i = 0; i < 16; ++i) {
    bytes[32 + i] = (int8_t)(2 * bytes[i]);
    bytes[16 + i] = (int8_t)(3 * bytes[i] + 1);
  }
}
