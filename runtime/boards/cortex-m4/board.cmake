# board.cmake - The emulated Cortex-M4
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# With its single-precision FPU.
set(BOARD_MACHINE mps2-an386)
set(BOARD_COMPILE_OPTIONS -mcpu=cortex-m4)
set(BOARD_SOURCES
  boards/common/setup_fpu.S
  boards/common/stack_guard_mpu.S
  src/memory/copy_unaligned.S
  src/runner/float_registers.S
)
