//===- copy_unaligned.S - memcpy and memmove for any words ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For Armv7-M and later, where single words can be loaded from any address.
//
// All are weak: a firmware with a C library uses that one's. They also go by
// their names in Arm's run-time ABI (RTABI 4.3.4), whose functions return
// nothing. Stack: 24 bytes at most.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3

  .section .text.thimble_memory_copy_unaligned, "ax", %progbits
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
  push  {r0, r4, r5, lr}
  subs  r2, #16
  blo   2f
1:
  ldr   r3, [r1]
  ldr   r4, [r1, #4]
  ldr   r5, [r1, #8]
  ldr   r12, [r1, #12]
  str   r3, [r0]
  str   r4, [r0, #4]
  str   r5, [r0, #8]
  str   r12, [r0, #12]
  adds  r1, #16
  adds  r0, #16
  subs  r2, #16
  bhs   1b
2:
  adds  r2, #12
  bmi   4f
3:
  ldr   r3, [r1], #4
  str   r3, [r0], #4
  subs  r2, #4
  bpl   3b
4:
  adds  r2, #3
  bmi   6f
5:
  ldrb  r3, [r1], #1
  strb  r3, [r0], #1
  subs  r2, #1
  bpl   5b
6:
  pop   {r0, r4, r5, pc}
  END memcpy, __aeabi_memcpy, __aeabi_memcpy4, __aeabi_memcpy8

  // Copying upwards in pieces is right for overlaps, too, if the destination is
  // below the source: a piece overwrites what was loaded before. Else downwards.
  BEGIN memmove, __aeabi_memmove, __aeabi_memmove4, __aeabi_memmove8
  subs  r3, r0, r1
  cmp   r3, r2
  bhs   .Lcopy_upwards
1:
  subs  r2, #4
  blo   2f
  ldr   r3, [r1, r2]
  str   r3, [r0, r2]
  b     1b
2:
  adds  r2, #4
  b     4f
3:
  ldrb  r3, [r1, r2]
  strb  r3, [r0, r2]
4:
  subs  r2, #1
  bhs   3b
  bx    lr
  END memmove, __aeabi_memmove, __aeabi_memmove4, __aeabi_memmove8

  .section .note.GNU-stack, "", %progbits
