# board.cmake - The emulated Cortex-M3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# No FPU.
set(BOARD_MACHINE mps2-an385)
set(BOARD_COMPILE_OPTIONS -mcpu=cortex-m3)
set(BOARD_SOURCES
  boards/common/setup_nothing.S
  boards/common/stack_guard_mpu.S
  src/memory/copy_unaligned.S
  src/runner/no_float_registers.S
)
