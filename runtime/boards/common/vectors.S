//===- vectors.S - Vector table -------------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The 16 architectural entries. Firmware for the emulator uses no interrupts,
// so that everything but reset is a fault.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .thimble.vectors, "a", %progbits
  .p2align 2
  .globl thimble_board_vectors
  .type thimble_board_vectors, %object
thimble_board_vectors:
  .word __thimble_stack_top
  .word thimble_board_reset
  .rept 14
  .word thimble_board_fault
  .endr
  .size thimble_board_vectors, . - thimble_board_vectors

  .section .note.GNU-stack, "", %progbits
