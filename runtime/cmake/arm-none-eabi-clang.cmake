# arm-none-eabi-clang.cmake - Toolchain file: Clang for Arm Cortex-M
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Which core is compiled for is said per target: one build holds all boards.
# THIMBLE_LLVM_BIN is where Clang's tools are.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(THIMBLE_LLVM_BIN "/usr/lib/llvm-22/bin" CACHE PATH
    "Folder of clang and llvm-ar")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES THIMBLE_LLVM_BIN)
set(CMAKE_C_COMPILER "${THIMBLE_LLVM_BIN}/clang")
set(CMAKE_CXX_COMPILER "${THIMBLE_LLVM_BIN}/clang++")
set(CMAKE_ASM_COMPILER "${THIMBLE_LLVM_BIN}/clang")
set(CMAKE_AR "${THIMBLE_LLVM_BIN}/llvm-ar" CACHE FILEPATH "Archiver")
set(CMAKE_RANLIB "${THIMBLE_LLVM_BIN}/llvm-ranlib" CACHE FILEPATH "Indexer")
foreach(language C CXX ASM)
  set(CMAKE_${language}_COMPILER_TARGET arm-none-eabi)
endforeach()
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
