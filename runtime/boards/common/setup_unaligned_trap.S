//===- setup_unaligned_trap.S - Fault on unaligned accesses ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An Armv6-M core faults on every unaligned access; the Armv7-M core that
// emulates it here does so for all loads and stores once CCR.UNALIGN_TRP is
// set.
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
  ldr   r0, =0xE000ED14
  ldr   r1, [r0]
  movs  r2, #8
  orrs  r1, r2
  str   r1, [r0]
  dsb
  isb
  bx    lr
  .pool
  .size thimble_board_setup, . - thimble_board_setup

  .section .note.GNU-stack, "", %progbits
