//===- abi.h - What compiled model and firmware agree upon ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C ABI of a model compiled by Thimble, shared by the compiler (which
// emits objects and headers that follow it) and by the runtime (which calls
// them). Valid C99 and C++17; a firmware that only calls the functions of the
// generated header needs nothing of it.
//
// For a model with prefix `p` (macros: `P`) the object defines
//
//   void p_invoke(void *arena);
//   void p_invoke(void *arena, const I0 *..., O0 *...);     --io=pointers
//   void p_invoke(void *arena, ..., void *state);           --streaming
//   void p_reset(void *state);
//   void p_begin(void *arena);                              --io=rows
//   void p_push_row(void *arena, const I0 *row);
//   void p_finish(void *arena);
//
// `arena` is P_ARENA_BYTES of memory aligned to P_ARENA_ALIGNMENT. Its content
// before the call is arbitrary but for the inputs, which the call consumes: all
// inputs are written before every call, and the outputs stay readable until the
// next one. With --io=pointers the arguments are one `const` pointer per input,
// then one pointer per output, each aligned to THIMBLE_ABI_IO_ALIGNMENT. With
// --io=rows an inference is p_begin, P_INPUT_0_ROWS times p_push_row with rows
// of P_INPUT_0_ROW_BYTES at any address, and p_finish; other inputs are written
// before p_begin, and the arena is the model's from then until p_finish. With
// --streaming `state` is P_STATE_BYTES of memory aligned to P_STATE_ALIGNMENT:
// p_reset begins a stream in it, every p_invoke takes the stream's next rows,
// and in between it is the model's. All other memory may be reused freely
// between calls, and calls on different arenas (and states) may run at the same
// time.
//
// The generated header defines, next to the functions, for every tensor
// T = P_INPUT_0 ... P_OUTPUT_0 ... the macros T_BYTES, T_RANK, T_SHAPE,
// T_SCALE, T_ZERO_POINT and T_NAME. The scale is a `float`; a tensor that is
// not quantized has scale 1 and zero point 0. It may define P_ABI_VERSION; a
// header without it follows version 1.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_ABI_H
#define THIMBLE_RT_ABI_H

/// Version of everything this file says. A change that makes an object and a
/// caller of different versions disagree increments it.
#define THIMBLE_ABI_VERSION 1u

/// Alignment in bytes of every pointer that --io=pointers adds to the
/// arguments. The arena states its own alignment.
#define THIMBLE_ABI_IO_ALIGNMENT 8u

/// The entry point of a model whose inputs and outputs live in the arena.
typedef void (*thimble_invoke_fn)(void *arena);

#endif // THIMBLE_RT_ABI_H
