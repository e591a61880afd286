//===- Overrun.c - A model that writes outside its memory -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes one byte at the offset that its 4-byte input holds, relative to the
// arena. The output is the input.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

void overrun_invoke(void *arena);

void overrun_invoke(void *arena) {
  int32_t offset = *(int32_t *)arena;
  ((volatile uint8_t *)arena)[offset] ^= 0x80;
}
