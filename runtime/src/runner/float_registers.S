//===- float_registers.S - Callee-saved float registers -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The float part of Call.h: s16 to s31, which are also d8 to d15 and q4 to q7.
// The pattern of register n is 0x5EED0000 + n. The runner's C++ is compiled
// without float registers, so that nothing else changes them.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .fpu  fpv4-sp-d16
  .section .text.thimble_run_float, "ax", %progbits
  .p2align 2
  .thumb

  .thumb_func
  .globl thimble_run_float_fill
  .type thimble_run_float_fill, %function
thimble_run_float_fill:
  ldr   r1, =0x5EED0010
  .irp  number, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  vmov  s\number, r1
  adds  r1, #1
  .endr
  bx    lr
  .pool
  .size thimble_run_float_fill, . - thimble_run_float_fill

  .thumb_func
  .globl thimble_run_float_changed
  .type thimble_run_float_changed, %function
thimble_run_float_changed:
  movs  r0, #0
  ldr   r1, =0x5EED0010
  movs  r3, #1
  lsls  r3, r3, #16
  .irp  number, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  vmov  r2, s\number
  cmp   r2, r1
  beq   1f
  orrs  r0, r3
1:
  adds  r1, #1
  lsls  r3, r3, #1
  .endr
  bx    lr
  .pool
  .size thimble_run_float_changed, . - thimble_run_float_changed

  .section .note.GNU-stack, "", %progbits
