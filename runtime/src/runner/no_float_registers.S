//===- no_float_registers.S - A core without float registers --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The float part of Call.h for cores that have none.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .text.thimble_run_float, "ax", %progbits
  .p2align 1
  .thumb

  .thumb_func
  .globl thimble_run_float_fill
  .type thimble_run_float_fill, %function
thimble_run_float_fill:
  bx    lr
  .size thimble_run_float_fill, . - thimble_run_float_fill

  .thumb_func
  .globl thimble_run_float_changed
  .type thimble_run_float_changed, %function
thimble_run_float_changed:
  movs  r0, #0
  bx    lr
  .size thimble_run_float_changed, . - thimble_run_float_changed

  .section .note.GNU-stack, "", %progbits
