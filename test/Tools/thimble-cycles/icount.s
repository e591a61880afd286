@===- icount.s - The emulator's own instruction count agrees --------------===@
@ SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
@
@ With -icount shift=6 an instruction takes 64 ns of virtual time, and the
@ system timer counts 40 ns, that is 8/5 ticks an instruction. The runner
@ measures `invoke` with it, calls included, and ends the emulator with 0 if
@ the ticks are within 32 of those of the instructions the plugin must find.
@
@ RUN: llvm-mc -triple=thumbv7em-none-eabi -mcpu=cortex-m4 -filetype=obj \
@ RUN:   %s -o %t.o
@ RUN: ld.lld -N --image-base=0 -Ttext=0 -e 0 %t.o -o %t.elf
@ RUN: llvm-nm -S %t.elf | sed -n -f %S/Inputs/symbols.sed > %t.symbols
@ RUN: %qemu -M mps2-an386 -icount shift=6 -kernel %t.elf \
@ RUN:   -plugin %plugin,core=cortex-m4,symbols=%t.symbols,out=%t.json
@ RUN: FileCheck %s --input-file %t.json
@
@===----------------------------------------------------------------------===@

@ CHECK: "total": {"instructions": 1501505,

  .syntax unified
  .text
  .word 0x20010000
  .word start

  .type start, %function
  .thumb_func
start:
  ldr r6, =0xE000E010 @ SysTick: control, reload, current value
  ldr r0, =0xFFFFFF
  str r0, [r6, #4]
  str r0, [r6, #8]
  movs r0, #5 @ on, processor clock
  str r0, [r6]
  nop
  ldr r4, [r6, #8]
  bl invoke
  ldr r5, [r6, #8]
  subs r4, r4, r5
  ldr r5, =1501505 * 8 / 5
  subs r4, r4, r5
  movs r2, #0
  adds r4, #32
  cmp r4, #64
  it hi
  movhi r2, #1
  ldr r0, =0x20026
  push {r0, r2} @ reason and exit code
  mov r1, sp
  movs r0, #0x20 @ SYS_EXIT_EXTENDED
  bkpt 0xab
  .pool
  .size start, . - start

@ 1 + 500 * (1 + 1000 * 3 + 2) + 4: the loop crosses a page.
  .balign 1024
  .space 1014
  .type invoke, %function
  .thumb_func
invoke:
  movw r1, #500
1:
  movw r0, #1000
2:
  adds r2, r0, r1
  subs r0, #1
  bne 2b
  subs r1, #1
  bne 1b
  nop
  nop
  nop
  bx lr
  .size invoke, . - invoke
