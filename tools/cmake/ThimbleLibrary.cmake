# ThimbleLibrary.cmake - how a library of the compiler is declared
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# One function, so that every lib/<Path>/CMakeLists.txt is a list of sources.

# thimble_add_library(ThimbleFoo a.cpp b.cpp [DEPENDS tablegen-targets]
#                     [LINK_LIBS other-thimble-libraries])
# Static, position independent, linked against the shared MLIR only: naming a
# component library such as MLIRIR would mix archives into the same process.
function(thimble_add_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  target_link_libraries(${name} PUBLIC ${ARG_LINK_LIBS} MLIR LLVM)
endfunction()

# thimble_add_tool(thimble-foo foo.cpp [LINK_LIBS thimble-libraries])
# An installed program in bin/.
function(thimble_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} MLIR LLVM)
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()
