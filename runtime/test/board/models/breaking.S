//===- breaking.S - Models with a known stack use and models that misbehave ===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// stack_invoke uses as many bytes of stack as its input, a word, says (a
// multiple of 4; the lowest word is written). registers_invoke changes the core
// register whose number the input is, unaligned_invoke loads a word from the
// arena plus the input, undefined_invoke executes an undefined instruction,
// address_invoke returns the address of its arena, recursion_invoke never ends,
// memory_stack_invoke calls memory function number [arena] with nothing of its own
// on the stack.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  .text
  .thumb

  .macro MODEL name
  .p2align 2
  .thumb_func
  .globl \name
  .type \name, %function
\name:
  .endm

  MODEL stack_invoke
  ldr   r1, [r0]
  cmp   r1, #0
  beq   1f
  mov   r2, sp
  subs  r2, r2, r1
  str   r1, [r2]
1:
  bx    lr

  MODEL registers_invoke
  ldr   r1, [r0]
  movs  r2, #0
  cmp   r1, #4
  bne   1f
  mov   r4, r2
1:
  cmp   r1, #7
  bne   1f
  mov   r7, r2
1:
  cmp   r1, #8
  bne   1f
  mov   r8, r2
1:
  cmp   r1, #11
  bne   1f
  mov   r11, r2
1:
  cmp   r1, #13
  bne   1f
  sub   sp, #8
1:
  bx    lr

  MODEL unaligned_invoke
  ldr   r1, [r0]
  adds  r1, r0, r1
  ldr   r2, [r1]
  str   r2, [r0, #4]
  bx    lr

  MODEL undefined_invoke
  udf   #0
  bx    lr

  MODEL address_invoke
  str   r0, [r0]
  bx    lr

  MODEL recursion_invoke
  push  {r0-r7}
  b     recursion_invoke

  MODEL memory_stack_invoke
  ldr   r3, [r0]
  // Copies get an address, the others a count and a byte.
  movs  r1, #37
  cmp   r3, #4
  bhs   1f
  movs  r1, r0
  adds  r1, #64
1:
  lsls  r3, r3, #2
  ldr   r2, =memory_functions
  ldr   r3, [r2, r3]
  movs  r2, #37
  bx    r3
  .pool

  .section .rodata.memory_functions, "a", %progbits
  .p2align 2
memory_functions:
  .word memcpy, memmove, __aeabi_memcpy, __aeabi_memmove
  .word memset, __aeabi_memset, __aeabi_memclr

  .section .note.GNU-stack, "", %progbits
