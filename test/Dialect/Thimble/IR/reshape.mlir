// reshape.mlir - the same elements with another shape
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

// In place it needs no code at all; from the caller's memory it is a copy.
// CHECK-LABEL: func.func @in_place
// CHECK: thimble.reshape %{{.*}} {thimble.id = "reshape_0"} : (tensor<2x3xf32>) -> tensor<6xf32>
// STEP-LABEL: func.func @in_place_invoke(
// STEP-NOT: call
// STEP: return
func.func @in_place(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  %0 = thimble.reshape %x {thimble.id = "reshape_0"} : (tensor<2x3xf32>) -> tensor<6xf32>
  return %0 : tensor<6xf32>
}

// -----

func.func @elements(%x: tensor<2x3xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected as many elements of the same size as before, found 'tensor<2x3xf32>' and 'tensor<5xf32>'}}
  %0 = thimble.reshape %x : (tensor<2x3xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}
