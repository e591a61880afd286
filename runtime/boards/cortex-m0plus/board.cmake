# board.cmake - The emulated Cortex-M0+
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# QEMU has no Cortex-M0+: a Cortex-M3 that traps unaligned accesses stands in.
set(BOARD_MACHINE mps2-an385)
set(BOARD_COMPILE_OPTIONS -mcpu=cortex-m0plus)
set(BOARD_SOURCES
  boards/common/setup_unaligned_trap.S
  boards/common/stack_guard_mpu.S
  src/memory/copy_words.S
  src/runner/no_float_registers.S
)
