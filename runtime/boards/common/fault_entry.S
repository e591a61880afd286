//===- fault_entry.S - Entry of every exception ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hands the exception frame to thimble_board_report_fault on a stack of its
// own: the stack may be what failed, and the frame lies on it.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .bss.thimble_board_fault_stack, "aw", %nobits
  .p2align 3
  .space 512
thimble_board_fault_stack_top:

  .section .text.thimble_board_fault, "ax", %progbits
  .p2align 2
  .thumb
  .thumb_func
  .globl thimble_board_fault
  .type thimble_board_fault, %function
thimble_board_fault:
  mrs   r0, msp
  mrs   r1, ipsr
  ldr   r2, =thimble_board_fault_stack_top
  mov   sp, r2
  bl    thimble_board_report_fault
  .pool
  .size thimble_board_fault, . - thimble_board_fault

  .section .note.GNU-stack, "", %progbits
