//===- float_registers.S - A model that breaks a float register -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clears s16, s31 or (any other input) s0, which is not callee-saved.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  .fpu  fpv4-sp-d16
  .text
  .thumb
  .p2align 2
  .thumb_func
  .globl float_registers_invoke
  .type float_registers_invoke, %function
float_registers_invoke:
  ldr   r1, [r0]
  movs  r2, #0
  vmov  s0, r2
  cmp   r1, #16
  bne   1f
  vmov  s16, r2
1:
  cmp   r1, #31
  bne   1f
  vmov  s31, r2
1:
  bx    lr

  .section .note.GNU-stack, "", %progbits
