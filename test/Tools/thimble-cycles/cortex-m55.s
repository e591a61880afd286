@===- cortex-m55.s - Low-overhead loops and vectors on the Cortex-M55 -----===@
@ SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
@
@ Instructions are exact; cycles are the estimate of a core that issues one
@ instruction a cycle and whose vector units are busy for two.
@
@ RUN: llvm-mc -triple=thumbv8.1m.main-none-eabi -mcpu=cortex-m55 \
@ RUN:   -filetype=obj -I %S/Inputs %s -o %t.o
@ RUN: ld.lld -N --image-base=0 -Ttext=0 -e 0 %t.o -o %t.elf
@ RUN: llvm-nm -S %t.elf | sed -n -f %S/Inputs/symbols.sed > %t.symbols
@ RUN: %qemu -M mps3-an547 -kernel %t.elf \
@ RUN:   -plugin %plugin,core=cortex-m55,symbols=%t.symbols,out=%t.json
@ RUN: FileCheck %s --input-file %t.json
@
@===----------------------------------------------------------------------===@

@ CHECK: "core": "cortex-m55",
@ CHECK: "estimate": true,
@ CHECK: "invocations": 2,

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

@ CHECK-DAG: "invoke", "calls": 2, "instructions": 10,
FUNCTION invoke
  push {r4, lr}
  ldr r4, =0x20000100
  bl layer_loop
  bl layer_tail
  pop {r4, pc}
  .pool
END invoke

@ The vector load and the vector multiplication are on units of their own, so
@ each costs its issue slot.
@ CHECK-DAG: "layer_loop", "calls": 2, "instructions": 74, "cycles": 80}
FUNCTION layer_loop
  push {r4, lr}           @ 2
  movs r0, #0             @ 1
  movs r3, #8             @ 1
  dls lr, r3              @ 1
1:
  vldrb.u8 q0, [r4], #16  @ 8 * 1
  vmladava.s8 r0, q0, q0  @ 8 * 1
  adds r1, #1             @ 8 * 1
  le lr, 1b               @ 8 * 1
  pop {r4, pc}            @ 2 + 1
END layer_loop

@ 40 bytes are three rounds of 16: 3 + 3 * 3 + 1 instructions.
@ CHECK-DAG: "layer_tail", "calls": 2, "instructions": 26,
FUNCTION layer_tail
  push {r4, lr}
  movs r3, #40
  dlstp.8 lr, r3
2:
  vldrb.u8 q0, [r4], #16
  vstrb.8 q0, [r4, #-16]
  letp lr, 2b
  pop {r4, pc}
END layer_tail

@ CHECK: "classes": {
@ CHECK-DAG: "vector-multiply-accumulate": 16
@ CHECK-DAG: "vector-load": 22
@ CHECK-DAG: "loop-start": 4
@ CHECK-DAG: "loop-end": 22
