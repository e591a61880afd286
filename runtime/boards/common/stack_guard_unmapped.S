//===- stack_guard_unmapped.S - Fault on a stack overflow -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// On these machines nothing is mapped below RAM, at whose bottom the stack is,
// and accesses to it fault: nothing is left to do.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .text.thimble_board_guard_stack, "ax", %progbits
  .p2align 1
  .thumb
  .thumb_func
  .globl thimble_board_guard_stack
  .type thimble_board_guard_stack, %function
thimble_board_guard_stack:
  bx    lr
  .size thimble_board_guard_stack, . - thimble_board_guard_stack

  .section .note.GNU-stack, "", %progbits
