//===- large.S - A model as large as the largest --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 1.1 MB of constants, the last of which is copied to the end of an arena of
// 400 KB, and next to it the word at the end of the code section.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  .section .rodata.large, "a", %progbits
  .p2align 2
  .fill 280000, 4, 0x11223344
large_last:
  .word 0x0BADCAFE

  .section .text.large, "ax", %progbits
  .thumb
  .p2align 2
  .thumb_func
  .globl large_invoke
  .type large_invoke, %function
large_invoke:
  ldr   r1, =large_last
  ldr   r1, [r1]
  ldr   r2, =400 * 1024 - 8
  adds  r0, r0, r2
  str   r1, [r0]
  ldr   r1, =0x600DC0DE
  str   r1, [r0, #4]
  bx    lr
  .pool

  .section .note.GNU-stack, "", %progbits
