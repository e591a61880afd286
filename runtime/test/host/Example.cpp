//===- Example.cpp - The example of the documentation -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// README.md and model.hpp show what is between the scissors; example_test.py
// compares, ExampleTest in ModelTest.cpp runs it.
//
//===----------------------------------------------------------------------===//

float mix(const float *left, const float *right);

// 8<
#include "mixer.h"
#include "thimble_rt/model.hpp"

THIMBLE_MODEL(Mixer, mixer, MIXER);

static Mixer::Arena arena;

float mix(const float *left, const float *right) {
  Mixer mixer(arena);
  for (uint32_t i = 0; i < mixer.input<0>().size(); ++i)
    mixer.input<0>()[i] = Mixer::Input<0>::quantize(left[i]);
  for (uint32_t i = 0; i < mixer.input<1>().size(); ++i)
    mixer.input<1>()[i] = Mixer::Input<1>::quantize(right[i]);
  mixer.invoke();
  return Mixer::Output<1>::dequantize(mixer.output<1>()[0]);
}
// >8
