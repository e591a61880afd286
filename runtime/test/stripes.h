//===- stripes.h - A generated header, written by hand ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What thimblec --io=rows writes for a model whose first input (int8) has three
// rows, with another input (float) and one output (int16). Valid C99 and C++17.
//
//===----------------------------------------------------------------------===//

#ifndef STRIPES_H
#define STRIPES_H

#include <stdint.h>

#define STRIPES_ABI_VERSION 1u
#define STRIPES_ARENA_BYTES 64u
#define STRIPES_ARENA_ALIGNMENT 8u
#define STRIPES_STACK_BYTES 24u
#define STRIPES_INPUT_COUNT 2u
#define STRIPES_INPUT_0_BYTES 12u
#define STRIPES_INPUT_0_ROWS 3u
#define STRIPES_INPUT_0_ROW_BYTES 4u
#define STRIPES_INPUT_0_RANK 4u
#define STRIPES_INPUT_0_SHAPE {1, 3, 2, 2}
#define STRIPES_INPUT_0_SCALE 0.5f
#define STRIPES_INPUT_0_ZERO_POINT (-3)
#define STRIPES_INPUT_0_NAME "picture"
#define STRIPES_INPUT_1_BYTES 4u
#define STRIPES_INPUT_1_RANK 1u
#define STRIPES_INPUT_1_SHAPE {1}
#define STRIPES_INPUT_1_SCALE 1.0f
#define STRIPES_INPUT_1_ZERO_POINT 0
#define STRIPES_INPUT_1_NAME "threshold"
#define STRIPES_OUTPUT_COUNT 1u
#define STRIPES_OUTPUT_0_BYTES 2u
#define STRIPES_OUTPUT_0_RANK 1u
#define STRIPES_OUTPUT_0_SHAPE {1}
#define STRIPES_OUTPUT_0_SCALE 0.25f
#define STRIPES_OUTPUT_0_ZERO_POINT 7
#define STRIPES_OUTPUT_0_NAME "sum"

#ifdef __cplusplus
extern "C" {
#endif

static inline float *stripes_input_1(void *arena) {
  return (float *)(void *)((uint8_t *)arena + 16);
}
void stripes_begin(void *arena);
void stripes_push_row(void *arena, const int8_t *row);
void stripes_finish(void *arena);
static inline const int16_t *stripes_output_0(void *arena) {
  return (const int16_t *)(const void *)((uint8_t *)arena + 32);
}

#ifdef __cplusplus
}
#endif

#endif // STRIPES_H
