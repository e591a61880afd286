//===- ripples.h - A generated header, written by hand ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What thimblec --streaming writes for a model that takes a row of two int8
// elements and gives an int8. Valid C99 and C++17.
//
//===----------------------------------------------------------------------===//

#ifndef RIPPLES_H
#define RIPPLES_H

#include <stdint.h>

#define RIPPLES_ABI_VERSION 1u
#define RIPPLES_ARENA_BYTES 16u
#define RIPPLES_ARENA_ALIGNMENT 8u
#define RIPPLES_STATE_BYTES 12u
#define RIPPLES_STATE_ALIGNMENT 4u
#define RIPPLES_STACK_BYTES 24u
#define RIPPLES_INPUT_COUNT 1u
#define RIPPLES_INPUT_0_BYTES 2u
#define RIPPLES_INPUT_0_RANK 4u
#define RIPPLES_INPUT_0_SHAPE {1, 1, 1, 2}
#define RIPPLES_INPUT_0_SCALE 0.5f
#define RIPPLES_INPUT_0_ZERO_POINT (-3)
#define RIPPLES_INPUT_0_NAME "row"
#define RIPPLES_OUTPUT_COUNT 1u
#define RIPPLES_OUTPUT_0_BYTES 1u
#define RIPPLES_OUTPUT_0_RANK 1u
#define RIPPLES_OUTPUT_0_SHAPE {1}
#define RIPPLES_OUTPUT_0_SCALE 0.25f
#define RIPPLES_OUTPUT_0_ZERO_POINT 0
#define RIPPLES_OUTPUT_0_NAME "sum"

#ifdef __cplusplus
extern "C" {
#endif

static inline int8_t *ripples_input_0(void *arena) {
  return (int8_t *)(void *)((uint8_t *)arena + 8);
}
void ripples_reset(void *state);
void ripples_invoke(void *arena, void *state);
static inline const int8_t *ripples_output_0(void *arena) {
  return (const int8_t *)(const void *)((uint8_t *)arena + 0);
}

#ifdef __cplusplus
}
#endif

#endif // RIPPLES_H
