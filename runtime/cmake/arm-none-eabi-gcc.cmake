# arm-none-eabi-gcc.cmake - Toolchain file: GCC for Arm Cortex-M
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Which core is compiled for is said per target: one build holds all boards.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
