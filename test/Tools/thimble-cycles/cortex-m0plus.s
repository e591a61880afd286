@===- cortex-m0plus.s - Exact counts of known code on the Cortex-M0+ ------===@
@ SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
@
@ Every line says its cycles; a CHECK line is twice their sum, because the
@ runner invokes twice. A return is 2: BX with its refill.
@
@ RUN: llvm-mc -triple=thumbv6m-none-eabi -mcpu=cortex-m0plus -filetype=obj \
@ RUN:   -I %S/Inputs %s -o %t.o
@ RUN: ld.lld -N --image-base=0 -Ttext=0 -e 0 %t.o -o %t.elf
@ RUN: llvm-nm -S %t.elf | sed -n -f %S/Inputs/symbols.sed > %t.symbols
@ RUN: %qemu -M mps2-an385 -kernel %t.elf \
@ RUN:   -plugin %plugin,core=cortex-m0plus,symbols=%t.symbols,out=%t.json
@ RUN: FileCheck %s --input-file %t.json
@
@===----------------------------------------------------------------------===@

@ CHECK: "core": "cortex-m0plus",
@ CHECK: "invocations": 2,
@ CHECK: "total": {"instructions": 1516, "cycles": 1788}

  .include "start.inc"

FUNCTION prepare
  bx lr
END prepare

@ CHECK-DAG: {"name": "invoke", "calls": 2, "instructions": 22, "cycles": 68}
FUNCTION invoke
  push {r4, lr}          @ 1 + 2
  ldr r4, =0x20000100    @ 2
  bl layer_straight      @ 3
  bl layer_loop          @ 3
  bl layer_nested        @ 3
  bl layer_multiple      @ 3
  bl layer_loads         @ 3
  bl layer_calls         @ 3
  bl layer_pages         @ 3
  bl layer_straddle      @ 3
  pop {r4, pc}           @ 3 + 2
  .pool
END invoke

@ CHECK-DAG: "layer_straight", "calls": 2, "instructions": 18, "cycles": 28}
FUNCTION layer_straight
  movs r0, #7            @ 1
  movs r1, #3            @ 1
  muls r0, r1, r0        @ 1
  tst r0, r1             @ 1
  sxtb r0, r1            @ 1
  rev r0, r1             @ 1
  mrs r0, primask        @ 3
  dmb                    @ 3
  bx lr                  @ 2
END layer_straight

@ CHECK-DAG: "layer_loop", "calls": 2, "instructions": 44, "cycles": 64}
FUNCTION layer_loop
  movs r0, #10           @ 1
1:
  subs r0, #1            @ 10 * 1
  bne 1b                 @ 9 * 2 + 1
  bx lr                  @ 2
END layer_loop

@ CHECK-DAG: "layer_nested", "calls": 2, "instructions": 82, "cycles": 112}
FUNCTION layer_nested
  movs r1, #3            @ 1
1:
  movs r0, #5            @ 3 * 1
2:
  subs r0, #1            @ 15 * 1
  bne 2b                 @ 12 * 2 + 3
  subs r1, #1            @ 3 * 1
  bne 1b                 @ 2 * 2 + 1
  bx lr                  @ 2
END layer_nested

@ CHECK-DAG: "layer_multiple", "calls": 2, "instructions": 10, "cycles": 50}
FUNCTION layer_multiple
  push {r4-r7, lr}       @ 1 + 5
  ldm r4!, {r0-r3}       @ 1 + 4
  subs r4, #16           @ 1
  stm r4!, {r0-r3}       @ 1 + 4
  pop {r4-r7, pc}        @ 3 + 5
END layer_multiple

@ CHECK-DAG: "layer_loads", "calls": 2, "instructions": 22, "cycles": 40}
FUNCTION layer_loads
  ldr r0, [r4]           @ 2
  ldr r1, [r4, #4]       @ 2
  ldrb r2, [r4, #8]      @ 2
  str r0, [r4, #12]      @ 2
  movs r1, #4            @ 1
  ldr r2, [r4, r1]       @ 2
  str r2, [r4, r1]       @ 2
  adds r3, r4, #4        @ 1
  ldr r0, [r3]           @ 2
  ldr r3, =0x20000100    @ 2
  bx lr                  @ 2
  .pool
END layer_loads

@ CHECK-DAG: "layer_calls", "calls": 2, "instructions": 18, "cycles": 42}
FUNCTION layer_calls
  push {r4, lr}          @ 3
  bl helper              @ 3 + 3
  ldr r3, =helper        @ 2
  blx r3                 @ 2 + 3
  pop {r4, pc}           @ 3 + 2
  .pool
END layer_calls

FUNCTION helper
  movs r0, #1            @ 1
  bx lr                  @ 2
END helper

@ CHECK-DAG: "layer_pages", "calls": 2, "instructions": 1264, "cycles": 1314}
  .balign 1024
  .space 1016
FUNCTION layer_pages
  movs r0, #5            @ 1
1:
  ldr r1, [r4]           @ 5 * 2
  ldr r2, [r4, #4]       @ 5 * 2
  ldr r3, [r4, #8]       @ 5 * 2
  ldr r1, [r4, #12]      @ 5 * 2, the first one of its page
  subs r0, #1            @ 5 * 1
  bne 1b                 @ 4 * 2 + 1
  .rept 600
  adds r0, #1            @ 600 * 1
  .endr
  bx lr                  @ 2
END layer_pages

@ CHECK-DAG: "layer_straddle", "calls": 2, "instructions": 36, "cycles": 70}
  .balign 1024
  .space 1018
FUNCTION layer_straddle
  push {r4, lr}          @ 3
  movs r6, #3            @ 1
1:
  bl helper              @ 3 * (3 + 3), half of it on the next page
  subs r6, #1            @ 3 * 1
  bne 1b                 @ 2 * 2 + 1
  pop {r4, pc}           @ 3 + 2
END layer_straddle
