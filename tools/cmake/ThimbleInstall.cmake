# ThimbleInstall.cmake - what firmware projects get by find_package(Thimble)
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The package is made twice: for the build folder, so that nothing needs to be
# installed to try it, and for the installation.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

function(thimble_write_package folder prefix)
  configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/tools/cmake/ThimbleConfig.cmake.in
    ${folder}/ThimbleConfig.cmake
    INSTALL_DESTINATION ${prefix}/${THIMBLE_PACKAGE_DIR}
    INSTALL_PREFIX ${prefix}
    PATH_VARS THIMBLE_BIN_DIR THIMBLE_RUNTIME_INCLUDE_DIR)
  write_basic_package_version_file(${folder}/ThimbleConfigVersion.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
endfunction()

set(THIMBLE_PACKAGE_DIR lib/cmake/Thimble)
set(THIMBLE_BIN_DIR bin)
set(THIMBLE_RUNTIME_INCLUDE_DIR ${PROJECT_SOURCE_DIR}/runtime/include)
set(package ${PROJECT_BINARY_DIR}/${THIMBLE_PACKAGE_DIR})
thimble_write_package(${package} ${PROJECT_BINARY_DIR})
configure_file(${PROJECT_SOURCE_DIR}/tools/cmake/ThimbleAddModel.cmake
  ${package}/ThimbleAddModel.cmake COPYONLY)

set(THIMBLE_RUNTIME_INCLUDE_DIR include)
thimble_write_package(${PROJECT_BINARY_DIR}/CMakeFiles/Thimble
  ${CMAKE_INSTALL_PREFIX})
install(FILES
  ${PROJECT_BINARY_DIR}/CMakeFiles/Thimble/ThimbleConfig.cmake
  ${PROJECT_BINARY_DIR}/CMakeFiles/Thimble/ThimbleConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/tools/cmake/ThimbleAddModel.cmake
  DESTINATION ${THIMBLE_PACKAGE_DIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/runtime/include/thimble_rt
  DESTINATION include)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md
  DESTINATION share/doc/thimble)
