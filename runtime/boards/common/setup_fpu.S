//===- setup_fpu.S - Enable the floating-point and vector unit ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Full access to coprocessors 10 and 11 (CPACR), which are the FPU and, on
// Armv8.1-M, the vector extension.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .text.thimble_board_setup, "ax", %progbits
  .p2align 2
  .thumb
  .thumb_func
  .globl thimble_board_setup
  .type thimble_board_setup, %function
thimble_board_setup:
  ldr   r0, =0xE000ED88
  ldr   r1, [r0]
  ldr   r2, =0x00F00000
  orrs  r1, r2
  str   r1, [r0]
  dsb
  isb
  bx    lr
  .pool
  .size thimble_board_setup, . - thimble_board_setup

  .section .note.GNU-stack, "", %progbits
