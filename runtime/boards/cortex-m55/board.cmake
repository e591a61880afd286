# board.cmake - The emulated Cortex-M55
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Secure state throughout, with FPU and Helium.
set(BOARD_MACHINE mps3-an547)
set(BOARD_COMPILE_OPTIONS -mcpu=cortex-m55)
set(BOARD_SOURCES
  boards/common/setup_fpu.S
  boards/common/stack_guard_unmapped.S
  src/memory/copy_unaligned.S
  src/runner/float_registers.S
)
