# ThimbleAddModel.cmake - models as targets of a firmware project
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# thimble_add_model(<target> <model> CPU <core> [NAME <identifier>]
#                   [OPT 0|s|2|3] [REPORT <file.json>] [OPTIONS <option>...])
#
# Compiles a model when the project is built. What links <target> gets the
# object and can include "<name>.h"; <name> is NAME or the stem of the model's
# file. OPTIONS go to thimblec as they are, for instance --max-ram=20K.

cmake_minimum_required(VERSION 3.20)

function(thimble_add_model target model)
  cmake_parse_arguments(PARSE_ARGV 2 ARG "" "CPU;NAME;OPT;REPORT" "OPTIONS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "thimble_add_model: unexpected arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_CPU)
    message(FATAL_ERROR
      "thimble_add_model: expected CPU <core>, for instance CPU cortex-m4")
  endif()
  cmake_path(ABSOLUTE_PATH model BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
  if(NOT EXISTS ${model})
    message(FATAL_ERROR "thimble_add_model: there is no file ${model}")
  endif()

  set(options --mcpu=${ARG_CPU})
  cmake_path(GET model STEM LAST_ONLY name)
  if(ARG_NAME)
    set(name ${ARG_NAME})
    list(APPEND options --name=${name})
  endif()
  if(DEFINED ARG_OPT)
    list(APPEND options -O${ARG_OPT})
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target})
  set(outputs ${folder}/${name}.o ${folder}/${name}.h)
  if(ARG_REPORT)
    cmake_path(ABSOLUTE_PATH ARG_REPORT
      BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    list(APPEND options --report=${ARG_REPORT})
    list(APPEND outputs ${ARG_REPORT})
  endif()
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${outputs}
    COMMAND Thimble::thimblec ${model} ${options} ${ARG_OPTIONS}
      -o ${folder}/${name}.o
    DEPENDS ${model} Thimble::thimblec
    COMMENT "Compiling ${name} for ${ARG_CPU}"
    VERBATIM)
  # Other targets' sources include the header: a target to depend upon.
  add_custom_target(${target}-files DEPENDS ${outputs})

  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}-files)
  target_include_directories(${target} INTERFACE ${folder})
  target_link_libraries(${target} INTERFACE ${folder}/${name}.o)
endfunction()
