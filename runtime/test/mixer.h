//===- mixer.h - A generated header, written by hand ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What thimblec writes for a model with two inputs (int8, float) and two
// outputs (int16, int8). Valid C99 and C++17.
//
//===----------------------------------------------------------------------===//

#ifndef MIXER_H
#define MIXER_H

#include <stdint.h>

#define MIXER_ARENA_BYTES 64u
#define MIXER_ARENA_ALIGNMENT 16u
#define MIXER_STACK_BYTES 24u
#define MIXER_INPUT_COUNT 2u
#define MIXER_INPUT_0_BYTES 12u
#define MIXER_INPUT_0_RANK 4u
#define MIXER_INPUT_0_SHAPE {1, 2, 3, 2}
#define MIXER_INPUT_0_SCALE 0.5f
#define MIXER_INPUT_0_ZERO_POINT (-3)
#define MIXER_INPUT_0_NAME "left"
#define MIXER_INPUT_1_BYTES 16u
#define MIXER_INPUT_1_RANK 2u
#define MIXER_INPUT_1_SHAPE {1, 4}
#define MIXER_INPUT_1_SCALE 1.0f
#define MIXER_INPUT_1_ZERO_POINT 0
#define MIXER_INPUT_1_NAME "right"
#define MIXER_OUTPUT_COUNT 2u
#define MIXER_OUTPUT_0_BYTES 4u
#define MIXER_OUTPUT_0_RANK 1u
#define MIXER_OUTPUT_0_SHAPE {2}
#define MIXER_OUTPUT_0_SCALE 0.125f
#define MIXER_OUTPUT_0_ZERO_POINT 0
#define MIXER_OUTPUT_0_NAME "sums"
#define MIXER_OUTPUT_1_BYTES 1u
#define MIXER_OUTPUT_1_RANK 0u
#define MIXER_OUTPUT_1_SHAPE {1}
#define MIXER_OUTPUT_1_SCALE 0.25f
#define MIXER_OUTPUT_1_ZERO_POINT 7
#define MIXER_OUTPUT_1_NAME "verdict"

#ifdef __cplusplus
extern "C" {
#endif

static inline int8_t *mixer_input_0(void *arena) { return (int8_t *)arena; }
static inline float *mixer_input_1(void *arena) {
  return (float *)(void *)((uint8_t *)arena + 16);
}
static inline const int16_t *mixer_output_0(void *arena) {
  return (const int16_t *)(const void *)((uint8_t *)arena + 32);
}
static inline const int8_t *mixer_output_1(void *arena) {
  return (const int8_t *)arena + 40;
}
void mixer_invoke(void *arena);

#ifdef __cplusplus
}
#endif

#endif /* MIXER_H */
