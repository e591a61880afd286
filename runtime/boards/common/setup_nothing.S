//===- setup_nothing.S - A core that needs no set-up ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thimble_board_setup for cores that are ready after reset.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .text.thimble_board_setup, "ax", %progbits
  .p2align 1
  .thumb
  .thumb_func
  .globl thimble_board_setup
  .type thimble_board_setup, %function
thimble_board_setup:
  bx    lr
  .size thimble_board_setup, . - thimble_board_setup

  .section .note.GNU-stack, "", %progbits
