# ThimbleRuntimeBoards.cmake - Builds the boards from a project for the host
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The boards need a cross compiler, hence a CMake run of their own: this starts
# it as a part of the including project's build, which thereby also rebuilds
# them when one of their sources changes.

include(ExternalProject)
set(THIMBLE_RUNTIME_SOURCE_DIR ${CMAKE_CURRENT_LIST_DIR}/..)

# thimble_add_runtime_boards(<target> <folder> [COMPILER gcc|clang]
#                            [BOARDS <core>...] [TESTS])
#
# Target <target> puts <folder>/share/thimble/boards/<core>/board.ld, board.json
# and libthimble_board_<core>.a in place, and installs them with the project.
# Without BOARDS all are built. TESTS adds one test runtime.boards, which runs
# those of the boards.
function(thimble_add_runtime_boards target folder)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "TESTS" "COMPILER" "BOARDS")
  if(NOT ARG_COMPILER)
    set(ARG_COMPILER gcc)
  endif()
  if(NOT ARG_BOARDS)
    set(ARG_BOARDS all)
  endif()
  # A list must not look like two arguments to the inner CMake.
  string(JOIN "|" cores ${ARG_BOARDS})
  ExternalProject_Add(${target}
    SOURCE_DIR ${THIMBLE_RUNTIME_SOURCE_DIR}
    BINARY_DIR ${folder}
    PREFIX ${folder}/external
    LIST_SEPARATOR "|"
    CMAKE_ARGS
      -DCMAKE_TOOLCHAIN_FILE=${THIMBLE_RUNTIME_SOURCE_DIR}/cmake/arm-none-eabi-${ARG_COMPILER}.cmake
      -DCMAKE_BUILD_TYPE=Release
      -DTHIMBLE_BOARDS=${cores}
      -DTHIMBLE_RT_TESTS=$<BOOL:${ARG_TESTS}>
    INSTALL_COMMAND ""
    BUILD_ALWAYS ON
    USES_TERMINAL_BUILD OFF)
  install(DIRECTORY ${folder}/share/thimble/boards DESTINATION share/thimble)
  if(ARG_TESTS)
    add_test(NAME runtime.boards
      COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${folder} --output-on-failure)
  endif()
endfunction()
