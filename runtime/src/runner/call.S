//===- call.S - A model's call under observation --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thimble_run_call of Call.h. What must survive the call is in .bss, since a
// faulty model may change any register and the stack pointer. Armv6-M
// instructions only, so that one file serves every core.
//
// The paint of the word at address a is ~a, the pattern of register n is
// 0x5EED0000 + n. The call's own frame lies above the stack pointer at the call
// and is therefore neither painted nor counted.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3

  .set FUNCTION, 0
  .set ARGUMENTS, 4
  .set STACK_BYTES, 36
  .set REGISTERS, 40

  .section .bss.thimble_run_saved, "aw", %nobits
  .p2align 2
thimble_run_saved_sp:
  .space 4
thimble_run_saved_frame:
  .space 4

  .section .text.thimble_run_call, "ax", %progbits
  .p2align 2
  .thumb
  .thumb_func
  .globl thimble_run_call
  .type thimble_run_call, %function
thimble_run_call:
  push  {r4-r7, lr}
  mov   r4, r8
  mov   r5, r9
  mov   r6, r10
  mov   r7, r11
  // One word more, and four for the arguments beyond r3: 56 bytes, a multiple
  // of 8.
  push  {r3-r7}
  sub   sp, #16
  ldr   r4, [r0, #ARGUMENTS + 16]
  ldr   r5, [r0, #ARGUMENTS + 20]
  ldr   r6, [r0, #ARGUMENTS + 24]
  ldr   r7, [r0, #ARGUMENTS + 28]
  mov   r1, sp
  stmia r1!, {r4-r7}

  ldr   r1, =thimble_run_saved_sp
  mov   r2, sp
  stmia r1!, {r2}
  str   r0, [r1]

  // Paint.
  ldr   r1, =__thimble_stack_base
1:
  mvns  r3, r1
  stmia r1!, {r3}
  cmp   r1, r2
  blo   1b

  ldr   r1, [r0, #FUNCTION]
  mov   r12, r1
  ldr   r4, =0x5EED0008
  mov   r8, r4
  adds  r4, #1
  mov   r9, r4
  adds  r4, #1
  mov   r10, r4
  adds  r4, #1
  mov   r11, r4
  ldr   r4, =0x5EED0004
  adds  r5, r4, #1
  adds  r6, r4, #2
  adds  r7, r4, #3
  ldr   r1, [r0, #ARGUMENTS + 4]
  ldr   r2, [r0, #ARGUMENTS + 8]
  ldr   r3, [r0, #ARGUMENTS + 12]
  ldr   r0, [r0, #ARGUMENTS]
  blx   r12

  // r0 gathers the mask of changed registers; r1 to r3 are free.
  movs  r0, #0
  ldr   r1, =thimble_run_saved_sp
  ldr   r1, [r1]
  cmp   sp, r1
  beq   1f
  movs  r2, #1
  lsls  r2, r2, #13
  orrs  r0, r2
  mov   sp, r1
1:
  // r1 is the expected pattern, r3 the bit of the register.
  ldr   r1, =0x5EED0004
  movs  r3, #1 << 4
  .macro CHECK_REGISTER register
  mov   r2, \register
  cmp   r2, r1
  beq   1f
  orrs  r0, r3
1:
  adds  r1, #1
  lsls  r3, r3, #1
  .endm
  CHECK_REGISTER r4
  CHECK_REGISTER r5
  CHECK_REGISTER r6
  CHECK_REGISTER r7
  CHECK_REGISTER r8
  CHECK_REGISTER r9
  CHECK_REGISTER r10
  CHECK_REGISTER r11

  ldr   r4, =thimble_run_saved_frame
  ldr   r4, [r4]
  str   r0, [r4, #REGISTERS]

  // The lowest word that lost its paint.
  ldr   r1, =__thimble_stack_base
  mov   r2, sp
1:
  cmp   r1, r2
  beq   2f
  mvns  r3, r1
  ldmia r1!, {r5}
  cmp   r5, r3
  beq   1b
  subs  r1, #4
2:
  subs  r2, r2, r1
  str   r2, [r4, #STACK_BYTES]

  add   sp, #16
  pop   {r3-r7}
  mov   r8, r4
  mov   r9, r5
  mov   r10, r6
  mov   r11, r7
  pop   {r4-r7, pc}
  .pool
  .size thimble_run_call, . - thimble_run_call

  .section .note.GNU-stack, "", %progbits
