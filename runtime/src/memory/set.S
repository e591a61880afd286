//===- set.S - memset and its kin -----------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Armv6-M instructions only, so that one file serves every core.
//
// All are weak: a firmware with a C library uses that one's. They also go by
// their names in Arm's run-time ABI (RTABI 4.3.4), whose functions return
// nothing. Stack: 24 bytes at most.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3

  .section .text.thimble_memory_set, "ax", %progbits
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

  BEGIN memset
.Lset_bytes:
  push  {r0, r4, r5, lr}
  uxtb  r1, r1
  lsls  r3, r1, #8
  orrs  r1, r3
  lsls  r3, r1, #16
  orrs  r1, r3
1:
  lsls  r3, r0, #30
  beq   2f
  subs  r2, #1
  blo   7f
  strb  r1, [r0]
  adds  r0, #1
  b     1b
2:
  movs  r3, r1
  movs  r4, r1
  movs  r5, r1
  b     4f
3:
  stmia r0!, {r1, r3, r4, r5}
4:
  subs  r2, #16
  bhs   3b
  adds  r2, #16
  b     6f
5:
  strb  r1, [r0]
  adds  r0, #1
6:
  subs  r2, #1
  bhs   5b
7:
  pop   {r0, r4, r5, pc}
  END memset

  // In the run-time ABI the byte comes last.
  BEGIN __aeabi_memset, __aeabi_memset4, __aeabi_memset8
  movs  r3, r1
  movs  r1, r2
  movs  r2, r3
  b     .Lset_bytes
  END __aeabi_memset, __aeabi_memset4, __aeabi_memset8

  BEGIN __aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8
  movs  r2, r1
  movs  r1, #0
  b     .Lset_bytes
  END __aeabi_memclr, __aeabi_memclr4, __aeabi_memclr8

  .section .note.GNU-stack, "", %progbits
