//===- Quantized.cpp - A firmware that uses all of the runtime --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantizes and dequantizes 8 and 16 bits and binds two models of both kinds.
//
//===----------------------------------------------------------------------===//

#include "blender.h"
#include "mixer.h"
#include "thimble_rt/model.hpp"

THIMBLE_MODEL(Mixer, mixer, MIXER);
THIMBLE_POINTER_MODEL(Blender, blender, BLENDER);

extern "C" float run(const float *left, const float *right);

static Mixer::Arena arena;

float run(const float *left, const float *right) {
  Mixer mixer(arena);
  for (uint32_t i = 0; i < mixer.input<0>().size(); ++i)
    mixer.input<0>()[i] = Mixer::Input<0>::quantize(left[i]);
  for (uint32_t i = 0; i < mixer.input<1>().size(); ++i)
    mixer.input<1>()[i] = Mixer::Input<1>::quantize(right[i]);
  mixer.invoke();
  const float first = Mixer::Output<1>::dequantize(mixer.output<1>()[0]);

  int16_t sums[2] = {Mixer::Output<0>::quantize(first), 0};
  int8_t verdict[1];
  Blender(&arena).invoke(mixer.input<0>(), mixer.input<1>(), sums, verdict);
  return first + Mixer::Output<0>::dequantize(sums[1]);
}
