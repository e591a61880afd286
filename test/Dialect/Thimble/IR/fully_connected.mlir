// fully_connected.mlir - matrix product with a constant matrix
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.1>
!r = !quant.uniform<i8:f32, 0.25:4>

// The biases with 3 * 4 for the zero point: 17, 5, 21.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.fully_connected %{{.*}}, %{{.*}}, %{{.*}} {thimble.id = "fully_connected_0"}
// STEP-LABEL: func.func @int8_invoke(
// STEP: @int8.fully_connected_0.weights(dense<1> : tensor<12xi8>)
// STEP: @int8.fully_connected_0.parameters(dense<[17, 0, 0, 0,
// STEP-SAME: 5, 0, 0, 0,
// STEP-SAME: 21, 0, 0, 0
// STEP-LABEL: func.func private @int8.fully_connected_0.step(
// STEP: arith.muli
// STEP: llvm.store %{{.*}} : i8
func.func @int8(%x: tensor<2x4x!q>) -> tensor<2x3x!r> {
  %w = thimble.constant dense<1> : tensor<3x4xi8> : tensor<3x4x!w>
  %b = thimble.constant dense<[5, -7, 9]> : tensor<3xi32> : tensor<3xi32>
  %0 = thimble.fully_connected %x, %w, %b {thimble.id = "fully_connected_0"}
    : (tensor<2x4x!q>, tensor<3x4x!w>, tensor<3xi32>) -> tensor<2x3x!r>
  return %0 : tensor<2x3x!r>
}

// -----

// The input is rows of 4 elements whatever its rank.
// CHECK-LABEL: func.func @rows
// STEP-LABEL: func.func private @rows.fully_connected_0.step(
func.func @rows(%x: tensor<2x2x2xf32>) -> tensor<2x3xf32> {
  %w = thimble.constant dense<1.0> : tensor<3x4xf32> : tensor<3x4xf32>
  %0 = thimble.fully_connected %x, %w {thimble.id = "fully_connected_0"}
    : (tensor<2x2x2xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @rank(%x: tensor<2x4xf32>, %w: tensor<1x3x4xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected a filter of rank 2, found rank 3}}
  %0 = thimble.fully_connected %x, %w : (tensor<2x4xf32>, tensor<1x3x4xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @depth(%x: tensor<2x5xf32>, %w: tensor<3x4xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected an input of rows of 4 elements, found 'tensor<2x5xf32>'}}
  %0 = thimble.fully_connected %x, %w : (tensor<2x5xf32>, tensor<3x4xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @outputs(%x: tensor<2x4xf32>, %w: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{expected an output of 2 rows of 3 elements, found 'tensor<2x4xf32>'}}
  %0 = thimble.fully_connected %x, %w : (tensor<2x4xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
