@===- cortex-m4.s - Exact counts of known code on the Cortex-M4 -----------===@
@ SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
@
@ Every line says its cycles; a CHECK line is twice their sum, because the
@ runner invokes twice. A return is 3: BX 1, refill 2.
@
@ RUN: llvm-mc -triple=thumbv7em-none-eabi -mcpu=cortex-m4 -filetype=obj \
@ RUN:   -I %S/Inputs %s -o %t.o
@ RUN: ld.lld -N --image-base=0 -Ttext=0 -e 0 %t.o -o %t.elf
@ RUN: llvm-nm -S %t.elf | sed -n -f %S/Inputs/symbols.sed > %t.symbols
@ RUN: %qemu -M mps2-an386 -kernel %t.elf \
@ RUN:   -plugin %plugin,core=cortex-m4,symbols=%t.symbols,out=%t.json
@ RUN: FileCheck %s --input-file %t.json
@
@===----------------------------------------------------------------------===@

@ CHECK: "schema": 1,
@ CHECK: "core": "cortex-m4",
@ CHECK: "estimate": false,
@ CHECK: "invocations": 2,
@ CHECK: "total": {"instructions": 1632, "cycles": 2076}
@ CHECK: "min": {"instructions": 816, "cycles": 1038}
@ CHECK: "max": {"instructions": 816, "cycles": 1038}

  .include "start.inc"

FUNCTION prepare
  ldr r0, =0xE000ED88 @ CPACR: the floating-point unit on
  ldr r1, =0xF00000
  str r1, [r0]
  dsb
  isb
  bx lr
  .pool
END prepare

@ CHECK-DAG: {"name": "invoke", "calls": 2, "instructions": 30, "cycles": 92}
FUNCTION invoke
  push {r4, lr}          @ 3
  ldr r4, =0x20000100    @ 2
  bl layer_straight      @ 3
  bl layer_loop          @ 3
  bl layer_nested        @ 3
  bl layer_multiple      @ 3
  bl layer_loads         @ 3
  bl layer_smlad         @ 3
  bl layer_calls         @ 3
  bl layer_pages         @ 3
  bl layer_straddle      @ 3
  bl layer_conditional   @ 3
  bl layer_table         @ 3
  bl layer_float         @ 3
  pop {r4, pc}           @ 1 + 2 + 2
  .pool
END invoke

@ CHECK-DAG: "layer_straight", "calls": 2, "instructions": 16, "cycles": 32}
FUNCTION layer_straight
  movs r0, #7            @ 1
  movs r1, #3            @ 1
  muls r0, r1, r0        @ 1
  smull r2, r3, r0, r1   @ 1
  ssat r2, #8, r0        @ 1
  sdiv r2, r0, r1        @ 7
  tst r0, r1             @ 1
  bx lr                  @ 3
END layer_straight

@ CHECK-DAG: "layer_loop", "calls": 2, "instructions": 44, "cycles": 84}
FUNCTION layer_loop
  movs r0, #10           @ 1
1:
  subs r0, #1            @ 10 * 1
  bne 1b                 @ 9 * 3 + 1
  bx lr                  @ 3
END layer_loop

@ CHECK-DAG: "layer_nested", "calls": 2, "instructions": 82, "cycles": 142}
FUNCTION layer_nested
  movs r1, #3            @ 1
1:
  movs r0, #5            @ 3 * 1
2:
  subs r0, #1            @ 15 * 1
  bne 2b                 @ 12 * 3 + 3
  subs r1, #1            @ 3 * 1
  bne 1b                 @ 2 * 3 + 1
  bx lr                  @ 3
END layer_nested

@ CHECK-DAG: "layer_multiple", "calls": 2, "instructions": 16, "cycles": 70}
FUNCTION layer_multiple
  push {r4-r7, lr}       @ 1 + 5
  ldm r4, {r0-r3}        @ 1 + 4
  stm r4, {r0-r3}        @ 1 + 4
  ldrd r0, r1, [r4]      @ 3
  strd r0, r1, [r4, #8]  @ 3
  adds r5, r4, #4        @ 1
  ldm r5!, {r0, r1}      @ 1 + 2, 1 for the fresh address
  pop {r4-r7, pc}        @ 1 + 5 + 2
END layer_multiple

@ CHECK-DAG: "layer_loads", "calls": 2, "instructions": 38, "cycles": 62}
FUNCTION layer_loads
  ldr r0, [r4]           @ 2
  ldr r1, [r4, #4]       @ 1, pipelined
  ldrb r2, [r4, #8]      @ 1, pipelined
  str r0, [r4, #12]      @ 1
  ldr r0, [r4]           @ 2, behind a store
  movs r1, #4            @ 1
  ldr r2, [r4, r1]       @ 2 + 1, a fresh index
  str r2, [r4, r1]       @ 1, pipelined
  ldr r0, [r4], #4       @ 2, base update
  ldr r0, [r4, #-4]!     @ 2, base update
  ldr r0, [r4]           @ 2, behind a base update
  add r3, r4, #8         @ 1
  ldr r0, [r3]           @ 2 + 1, a fresh address
  ldr r3, =0x20000100    @ 1, pipelined
  ldr r0, [r3]           @ 2, the loaded value is its address
  str r0, [r4, #16]      @ 1
  str r0, [r4], #4       @ 1
  sub r4, r4, #4         @ 1
  bx lr                  @ 3
  .pool
END layer_loads

@ CHECK-DAG: "layer_smlad", "calls": 2, "instructions": 22, "cycles": 28}
FUNCTION layer_smlad
  movs r2, #0            @ 1
  ldr r0, [r4]           @ 2
  ldr r1, [r4, #4]       @ 1
  smlad r2, r0, r1, r2   @ 1
  smlad r2, r1, r0, r2   @ 1
  sxtb16 r3, r0          @ 1
  smlad r2, r3, r1, r2   @ 1
  smlabb r2, r0, r1, r2  @ 1
  smlald r2, r3, r0, r1  @ 1
  mla r2, r0, r1, r2     @ 1
  bx lr                  @ 3
END layer_smlad

@ The helper is part of the layer, by whichever instruction it is called.
@ CHECK-DAG: "layer_calls", "calls": 2, "instructions": 18, "cycles": 48}
FUNCTION layer_calls
  push {r4, lr}          @ 3
  bl helper              @ 3 + 4
  ldr r3, =helper        @ 2
  blx r3                 @ 3 + 4
  pop {r4, pc}           @ 5
  .pool
END layer_calls

FUNCTION helper
  movs r0, #1            @ 1
  bx lr                  @ 3
END helper

@ A conditional return: 1 when skipped.
@ CHECK-DAG: "layer_conditional", "calls": 2, "instructions": 18, "cycles": 34}
FUNCTION layer_conditional
  push {r4, lr}          @ 3
  movs r0, #2            @ 1
1:
  subs r0, #1            @ 2 * 1
  it eq                  @ 2 * 1
  popeq {r4, pc}         @ 1, then 5
  b 1b                   @ 3
END layer_conditional

@ CHECK-DAG: "layer_table", "calls": 2, "instructions": 6, "cycles": 22}
FUNCTION layer_table
  movs r0, #1            @ 1
  tbb [pc, r0]           @ 6, 1 for the fresh index
1:
  .byte (2f - 1b) / 2
  .byte (3f - 1b) / 2
2:
  nop
3:
  bx lr                  @ 3
END layer_table

@ CHECK-DAG: "layer_float", "calls": 2, "instructions": 24, "cycles": 84}
FUNCTION layer_float
  vldr s0, [r4]          @ 2
  vldr s1, [r4, #4]      @ 2
  vmul.f32 s2, s0, s1    @ 1
  vadd.f32 s3, s2, s0    @ 1 + 1, a fresh operand
  vfma.f32 s4, s0, s1    @ 3
  vfma.f32 s4, s1, s0    @ 3, a fresh addend is free
  vstr s4, [r4, #8]      @ 2 + 1
  vdiv.f32 s5, s0, s1    @ 14
  vmov r0, s5            @ 1 + 1
  vldm r4, {s0-s3}       @ 1 + 4
  vmov r0, r1, s2, s3    @ 2
  bx lr                  @ 3
END layer_float

@ The emulator cuts blocks at pages of 1 KiB and after 512 instructions: no
@ refill, and loads are pipelined over the cut.
@ CHECK-DAG: "layer_pages", "calls": 2, "instructions": 1264, "cycles": 1294}
  .balign 1024
  .space 1016
FUNCTION layer_pages
  movs r0, #5            @ 1
1:
  ldr r1, [r4]           @ 5 * 2
  ldr r2, [r4, #4]       @ 5 * 1
  ldr r3, [r4, #8]       @ 5 * 1
  ldr r1, [r4, #12]      @ 5 * 1, the first one of its page
  subs r0, #1            @ 5 * 1
  bne 1b                 @ 4 * 3 + 1
  .rept 600
  adds r0, #1            @ 600 * 1
  .endr
  bx lr                  @ 3
END layer_pages

@ CHECK-DAG: "layer_straddle", "calls": 2, "instructions": 54, "cycles": 84}
  .balign 1024
  .space 1018
FUNCTION layer_straddle
  movs r0, #5            @ 1
1:
  ldr r1, [r4]           @ 5 * 2
  ldr.w r2, [r4, #4]     @ 5 * 1, half of it on the next page
  ldr r3, [r4, #8]       @ 5 * 1
  subs r0, #1            @ 5 * 1
  bne 1b                 @ 4 * 3 + 1
  bx lr                  @ 3
END layer_straddle
