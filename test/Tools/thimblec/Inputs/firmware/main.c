//===- main.c - Calls two models ------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Only linked, never run.
//
//===----------------------------------------------------------------------===//

#include "model.h"
#include "net.h"
#include "thimble_rt/abi.h"

static uint64_t modelArena[MODEL_ARENA_BYTES / 8 + 1];
static uint64_t netArena[NET_ARENA_BYTES / 8 + 1];

int main(void) {
  model_input_0(modelArena)[0] = 1;
  model_invoke(modelArena);
  net_input_0(netArena)[0] = model_output_0(modelArena)[0];
  net_invoke(netArena);
  return net_output_0(netArena)[0];
}
