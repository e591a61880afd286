//===- copy_words.S - memcpy and memmove for aligned words ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For Armv6-M, which loads and stores aligned words only: words if both
// addresses can be aligned together, else bytes.
//
// All are weak: a firmware with a C library uses that one's. They also go by
// their names in Arm's run-time ABI (RTABI 4.3.4), whose functions return
// nothing. Stack: 24 bytes at most.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3

  .section .text.thimble_memory_copy_words, "ax", %progbits
  .p2align 2
  .thumb

  .macro BEGIN names:vararg
  .irp name, \names
  .weak \name
  .thumb_func
  .type \name, %function
\name:
  .endr
  .endm

  .macro END names:vararg
  .irp name, \names
  .size \name, . - \name
  .endr
  .endm

  BEGIN memcpy, __aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8
.Lcopy_upwards:
  push  {r0, r4-r6, lr}
  // Both addresses equal modulo 4?
  movs  r3, r0
  eors  r3, r1
  lsls  r3, r3, #30
  bne   6f
1:
  lsls  r3, r0, #30
  beq   2f
  subs  r2, #1
  blo   7f
  ldrb  r3, [r1]
  adds  r1, #1
  strb  r3, [r0]
  adds  r0, #1
  b     1b
2:
  subs  r2, #16
  blo   3f
  ldmia r1!, {r3-r6}
  stmia r0!, {r3-r6}
  b     2b
3:
  adds  r2, #16
4:
  subs  r2, #4
  blo   5f
  ldmia r1!, {r3}
  stmia r0!, {r3}
  b     4b
5:
  adds  r2, #4
6:
  subs  r2, #1
  blo   7f
  ldrb  r3, [r1]
  adds  r1, #1
  strb  r3, [r0]
  adds  r0, #1
  b     6b
7:
  pop   {r0, r4-r6, pc}
  END memcpy, __aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8

  // Copying upwards in pieces is right for overlaps, too, if the destination is
  // below the source: a piece overwrites what was loaded before.
  BEGIN memmove, __aeabi_memmove, __aeabi_memmove4, __aeabi_memmove8
  subs  r3, r0, r1
  cmp   r3, r2
  bhs   .Lcopy_upwards
  b     2f
1:
  ldrb  r3, [r1, r2]
  strb  r3, [r0, r2]
2:
  subs  r2, #1
  bhs   1b
  bx    lr
  END memmove, __aeabi_memmove, __aeabi_memmove4, __aeabi_memmove8

  .section .note.GNU-stack, "", %progbits
