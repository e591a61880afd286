# arm-none-eabi.cmake - Tells CMake to build for a bare Cortex-M4 with GCC
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Used as `cmake --toolchain arm-none-eabi.cmake`. Packages are still searched on the host, because
# the compiler that turns the model into an object runs there.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-m4 -mthumb")
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE NEVER)
