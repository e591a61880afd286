# board.cmake - The emulated Cortex-M33
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Secure state throughout, with FPU and DSP.
set(BOARD_MACHINE mps2-an505)
set(BOARD_COMPILE_OPTIONS -mcpu=cortex-m33)
set(BOARD_SOURCES
  boards/common/setup_fpu.S
  boards/common/stack_guard_unmapped.S
  src/memory/copy_unaligned.S
  src/runner/float_registers.S
)
