//===- Wrapped.cpp - A firmware that calls a model by wrapper ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What Direct.c does, through model.hpp.
//
//===----------------------------------------------------------------------===//

#include "mixer.h"
#include "thimble_rt/model.hpp"

THIMBLE_MODEL(Mixer, mixer, MIXER);

extern "C" int run(const int8_t *left, const float *right);

static Mixer::Arena arena;

int run(const int8_t *left, const float *right) {
  Mixer mixer(arena);
  for (uint32_t i = 0; i < mixer.input<0>().size(); ++i)
    mixer.input<0>()[i] = left[i];
  for (uint32_t i = 0; i < mixer.input<1>().size(); ++i)
    mixer.input<1>()[i] = right[i];
  mixer.invoke();
  return mixer.output<0>()[1] + mixer.output<1>()[0];
}
