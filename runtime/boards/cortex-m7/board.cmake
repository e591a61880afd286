# board.cmake - The emulated Cortex-M7
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# With its FPU.
set(BOARD_MACHINE mps2-an500)
set(BOARD_COMPILE_OPTIONS -mcpu=cortex-m7)
set(BOARD_SOURCES
  boards/common/setup_fpu.S
  boards/common/stack_guard_mpu.S
  src/memory/copy_unaligned.S
  src/runner/float_registers.S
)
