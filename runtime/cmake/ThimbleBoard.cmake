# ThimbleBoard.cmake - One archive, linker script and description per board
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A board is a folder boards/<core> with board.cmake (machine, compile options,
# sources of its own) and memory.ld. Adding one takes no line elsewhere.

# Sources that every board has. Main.cpp last: see there.
set(THIMBLE_BOARD_COMMON_SOURCES
  boards/common/vectors.S
  boards/common/reset.S
  boards/common/fault_entry.S
  boards/common/Fault.cpp
  src/Semihost.cpp
  src/memory/set.S
  src/runner/call.S
  src/runner/Blocks.cpp
  src/runner/Job.cpp
  src/runner/Main.cpp
)

# Options for code of the project that runs on a board, tests included.
set(THIMBLE_FREESTANDING_OPTIONS
  -mthumb
  -fshort-enums
  -O2
  -ffreestanding
  -fno-builtin
  -ffunction-sections
  -fdata-sections
  -fno-unwind-tables
  -fno-asynchronous-unwind-tables
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions>
  $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>
  $<$<COMPILE_LANGUAGE:CXX>:-fno-threadsafe-statics>
  $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-tree-loop-distribute-patterns>
  $<$<COMPILE_LANGUAGE:C,CXX>:-Wall$<SEMICOLON>-Wextra$<SEMICOLON>-pedantic>
  $<$<COMPILE_LANGUAGE:C,CXX>:-Werror>
)

# thimble_board_properties(<core>)
#
# Sets BOARD_MACHINE, BOARD_COMPILE_OPTIONS, BOARD_SOURCES and BOARD_FOLDER
# (where its files are built) in the caller's scope.
macro(thimble_board_properties core)
  include(${PROJECT_SOURCE_DIR}/boards/${core}/board.cmake)
  set(BOARD_FOLDER ${PROJECT_BINARY_DIR}/share/thimble/boards/${core})
endmacro()

# thimble_add_board(<core>)
#
# Target thimble_board_<core>; files board.ld and board.json beside it.
function(thimble_add_board core)
  thimble_board_properties(${core})
  set(target thimble_board_${core})
  add_library(${target} STATIC
    ${THIMBLE_BOARD_COMMON_SOURCES} ${BOARD_SOURCES})
  target_include_directories(${target} PRIVATE include)
  target_compile_features(${target} PRIVATE cxx_std_17)
  # Soft: the runner must not touch the float registers it watches.
  target_compile_options(${target} PRIVATE
    ${THIMBLE_FREESTANDING_OPTIONS} ${BOARD_COMPILE_OPTIONS} -mfloat-abi=soft
    $<$<COMPILE_LANGUAGE:CXX>:SHELL:-include
      ${PROJECT_SOURCE_DIR}/src/NeutralAbi.h>)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF
    ARCHIVE_OUTPUT_DIRECTORY ${BOARD_FOLDER})

  file(READ boards/${core}/memory.ld memory)
  file(READ boards/common/sections.ld sections)
  file(CONFIGURE OUTPUT ${BOARD_FOLDER}/board.ld
    CONTENT "${memory}${sections}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    boards/${core}/memory.ld boards/common/sections.ld)

  # The compiler run-time of the soft-float ABI serves every object: calls of
  # the run-time ABI pass floats in core registers on all cores.
  execute_process(
    COMMAND ${THIMBLE_ARM_GCC} -mthumb ${BOARD_COMPILE_OPTIONS}
      -mfloat-abi=soft -print-libgcc-file-name
    OUTPUT_VARIABLE BOARD_LIBGCC OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  string(JOIN " " BOARD_OPTIONS ${BOARD_COMPILE_OPTIONS})
  set(BOARD_CORE ${core})
  configure_file(cmake/board.json.in ${BOARD_FOLDER}/board.json @ONLY)

  install(TARGETS ${target} ARCHIVE DESTINATION share/thimble/boards/${core})
  install(FILES ${BOARD_FOLDER}/board.ld ${BOARD_FOLDER}/board.json
    DESTINATION share/thimble/boards/${core})
endfunction()
