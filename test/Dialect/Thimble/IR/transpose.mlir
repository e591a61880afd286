// transpose.mlir - permutes the dimensions
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

// CHECK-LABEL: func.func @matrix
// CHECK: thimble.transpose %{{.*}} {permutation = array<i64: 1, 0>, thimble.id = "transpose_0"}
// STEP: call @matrix.transpose_0(
// STEP: llvm.store
func.func @matrix(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = thimble.transpose %x {thimble.id = "transpose_0", permutation = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

func.func @permutation(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{expected a permutation of the dimensions of 'tensor<2x3xf32>' that gives 'tensor<3x2xf32>'}}
  %0 = thimble.transpose %x {permutation = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}
