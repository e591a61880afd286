//===- reset.S - From reset to main ---------------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Enables the faults that have a name of their own, lets the board set up its
// core, fills .data and .bss and calls main, whose result is the exit code.
// Armv6-M instructions only, so that one file serves every core.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .text.thimble_board_reset, "ax", %progbits
  .p2align 2
  .thumb
  .thumb_func
  .globl thimble_board_reset
  .type thimble_board_reset, %function
thimble_board_reset:
  ldr   r0, =__thimble_stack_top
  mov   sp, r0
  // SHCSR: SecureFault, UsageFault, BusFault, MemManage.
  ldr   r0, =0xE000ED24
  ldr   r1, =0x000F0000
  str   r1, [r0]
  bl    thimble_board_setup
  bl    thimble_board_guard_stack

  ldr   r0, =__thimble_data_start
  ldr   r1, =__thimble_data_end
  ldr   r2, =__thimble_data_load
  b     2f
1:
  ldmia r2!, {r3}
  stmia r0!, {r3}
2:
  cmp   r0, r1
  blo   1b

  ldr   r0, =__thimble_bss_start
  ldr   r1, =__thimble_bss_end
  movs  r3, #0
  b     2f
1:
  stmia r0!, {r3}
2:
  cmp   r0, r1
  blo   1b

  bl    main
  bl    thimble_semihost_exit
  .pool
  .size thimble_board_reset, . - thimble_board_reset

  .section .note.GNU-stack, "", %progbits
