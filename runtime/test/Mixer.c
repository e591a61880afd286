//===- Mixer.c - The model behind mixer.h and blender.h ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sums[0] is the sum of all left elements, sums[1] that of the right ones,
// rounded down; verdict is left[1] + left[11].
//
//===----------------------------------------------------------------------===//

#include "mixer.h"
#include "blender.h"

void blender_invoke(void *arena, const int8_t *left, const float *right,
                    int16_t *sums, int8_t *verdict) {
  (void)arena;
  int sum = 0;
  for (int i = 0; i < 12; ++i)
    sum += left[i];
  float rightSum = 0;
  for (int i = 0; i < 4; ++i)
    rightSum += right[i];
  sums[0] = (int16_t)sum;
  sums[1] = (int16_t)rightSum;
  *verdict = (int8_t)(left[1] + left[11]);
}

void mixer_invoke(void *arena) {
  blender_invoke(arena, mixer_input_0(arena), mixer_input_1(arena),
                 (int16_t *)(void *)((uint8_t *)arena + 32),
                 (int8_t *)arena + 40);
}
