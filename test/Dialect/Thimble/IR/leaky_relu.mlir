// leaky_relu.mlir - x for positive x, alpha * x otherwise
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:0>

// -128 becomes -64, -2 becomes -1.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.leaky_relu %{{.*}} {alpha = 5.000000e-01 : f32, thimble.id = "leaky_relu_0"}
// STEP: @int8.leaky_relu_0.table(dense<"0xC0
// STEP-SAME: 7C7D7E7F"> : tensor<256xi8>)
func.func @int8(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = thimble.leaky_relu %x {thimble.id = "leaky_relu_0", alpha = 0.5 : f32} : (tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: @float.leaky_relu_0.step(
// STEP: arith.mulf
func.func @float(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = thimble.leaky_relu %x {thimble.id = "leaky_relu_0", alpha = 0.5 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @kinds(%x: tensor<2xi32>) -> tensor<2xi32> {
  // expected-error @+1 {{expected operand and result both f32, both per-tensor int8 or both per-tensor int16 with zero point 0, found 'tensor<2xi32>' and 'tensor<2xi32>'}}
  %0 = thimble.leaky_relu %x {alpha = 0.5 : f32} : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
