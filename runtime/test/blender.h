//===- blender.h - A generated header with --io=pointers --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The model of mixer.h with its tensors behind pointers. States its version,
// which mixer.h leaves out.
//
//===----------------------------------------------------------------------===//

#ifndef BLENDER_H
#define BLENDER_H

#include <stdint.h>

#define BLENDER_ABI_VERSION 1u
#define BLENDER_ARENA_BYTES 64u
#define BLENDER_ARENA_ALIGNMENT 16u
#define BLENDER_STACK_BYTES 24u
#define BLENDER_INPUT_COUNT 2u
#define BLENDER_INPUT_0_BYTES 12u
#define BLENDER_INPUT_0_RANK 4u
#define BLENDER_INPUT_0_SHAPE {1, 2, 3, 2}
#define BLENDER_INPUT_0_SCALE 0.5f
#define BLENDER_INPUT_0_ZERO_POINT (-3)
#define BLENDER_INPUT_0_NAME "left"
#define BLENDER_INPUT_1_BYTES 16u
#define BLENDER_INPUT_1_RANK 2u
#define BLENDER_INPUT_1_SHAPE {1, 4}
#define BLENDER_INPUT_1_SCALE 1.0f
#define BLENDER_INPUT_1_ZERO_POINT 0
#define BLENDER_INPUT_1_NAME "right"
#define BLENDER_OUTPUT_COUNT 2u
#define BLENDER_OUTPUT_0_BYTES 4u
#define BLENDER_OUTPUT_0_RANK 1u
#define BLENDER_OUTPUT_0_SHAPE {2}
#define BLENDER_OUTPUT_0_SCALE 0.125f
#define BLENDER_OUTPUT_0_ZERO_POINT 0
#define BLENDER_OUTPUT_0_NAME "sums"
#define BLENDER_OUTPUT_1_BYTES 1u
#define BLENDER_OUTPUT_1_RANK 0u
#define BLENDER_OUTPUT_1_SHAPE {1}
#define BLENDER_OUTPUT_1_SCALE 0.25f
#define BLENDER_OUTPUT_1_ZERO_POINT 7
#define BLENDER_OUTPUT_1_NAME "verdict"

#ifdef __cplusplus
extern "C" {
#endif

void blender_invoke(void *arena, const int8_t *input_0, const float *input_1,
                    int16_t *output_0, int8_t *output_1);

#ifdef __cplusplus
}
#endif

#endif /* BLENDER_H */
