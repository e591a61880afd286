//===- Direct.c - A firmware that calls a model without wrapper -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Wrapped.cpp does, by the functions of the generated header alone.
//
//===----------------------------------------------------------------------===//

#include "mixer.h"

int run(const int8_t *left, const float *right);

static uint8_t arena[MIXER_ARENA_BYTES]
    __attribute__((aligned(MIXER_ARENA_ALIGNMENT)));

int run(const int8_t *left, const float *right) {
  for (uint32_t i = 0; i < MIXER_INPUT_0_BYTES; ++i)
    mixer_input_0(arena)[i] = left[i];
  for (uint32_t i = 0; i < MIXER_INPUT_1_BYTES / sizeof(float); ++i)
    mixer_input_1(arena)[i] = right[i];
  mixer_invoke(arena);
  return mixer_output_0(arena)[1] + mixer_output_1(arena)[0];
}
