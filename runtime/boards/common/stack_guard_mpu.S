//===- stack_guard_mpu.S - Fault on a stack overflow ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// These machines ignore accesses to unmapped memory, so that an overflow of the
// stack, which is at the bottom of RAM, would go unseen: the MPU (PMSAv7)
// forbids the megabyte below it.
//
//===----------------------------------------------------------------------===//

  .syntax unified
  // No floats cross a call: links with every float ABI (Tag_ABI_VFP_args).
  .eabi_attribute 28, 3
  .section .text.thimble_board_guard_stack, "ax", %progbits
  .p2align 2
  .thumb
  .thumb_func
  .globl thimble_board_guard_stack
  .type thimble_board_guard_stack, %function
thimble_board_guard_stack:
  ldr   r0, =0xE000ED94
  // MPU_RBAR: region 0 (bit 4: the number in bits 0 to 3 is valid).
  ldr   r1, =__thimble_stack_base - 0x100000 + 0x10
  str   r1, [r0, #8]
  // MPU_RASR: execute never, no access, 2^(19 + 1) bytes, enabled.
  ldr   r1, =0x10000027
  str   r1, [r0, #12]
  // MPU_CTRL: on, with the default map everywhere else.
  movs  r1, #5
  str   r1, [r0]
  dsb
  isb
  bx    lr
  .pool
  .size thimble_board_guard_stack, . - thimble_board_guard_stack

  .section .note.GNU-stack, "", %progbits
