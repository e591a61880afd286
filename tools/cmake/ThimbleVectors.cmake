# ThimbleVectors.cmake - vector instructions for the mathematics of compression
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Training and least squares are three times as fast with AVX2 and FMA. All that
# includes Eigen must be compiled for the same instructions: its templates have
# the same names whatever they were compiled for. What is built so runs only on
# machines that have the instructions.

include(CheckCXXSourceRuns)
check_cxx_source_runs("
#if !defined(__x86_64__)
#error expected x86-64
#endif
int main() {
  return __builtin_cpu_supports(\"avx2\") && __builtin_cpu_supports(\"fma\")
             ? 0
             : 1;
}" THIMBLE_HOST_HAS_AVX2)
option(THIMBLE_USE_AVX2 "Compile the mathematics for x86-64-v3"
       ${THIMBLE_HOST_HAS_AVX2})

# Compiles what follows in this folder for vectors, if wished.
macro(thimble_use_vectors)
  if(THIMBLE_USE_AVX2)
    add_compile_options(-march=x86-64-v3)
  endif()
endmacro()
