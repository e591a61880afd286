//===- Call.h - A model's call under observation ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interface of call.S and of the two float register files.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SRC_RUNNER_CALL_H
#define THIMBLE_SRC_RUNNER_CALL_H

#include "thimble_rt/job.h"

extern "C" {

/// One call of a model. call.S knows the offsets.
struct thimble_run_call_frame {
  uint32_t function; /* address, Thumb bit set */
  uint32_t arguments[THIMBLE_JOB_MAX_ARGUMENTS];
  /* Filled in by the call: */
  uint32_t stack_bytes; /* as in thimble_result */
  uint32_t registers;   /* as in thimble_result, core registers only */
};

/// Paints the free stack, fills r4 to r11 with patterns, calls the function,
/// and compares.
void thimble_run_call(thimble_run_call_frame *frame);

/// Fills the callee-saved float registers with patterns.
void thimble_run_float_fill(void);
/// The float registers that no longer hold their pattern, as in thimble_result.
uint32_t thimble_run_float_changed(void);

} // extern "C"

#endif // THIMBLE_SRC_RUNNER_CALL_H
