// mean.mlir - mean over whole dimensions
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:4>

// Rows are mixed: there is one step.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.mean %{{.*}} {axes = array<i64: 1, 2>, thimble.id = "mean_0"}
// STEP: call @int8.mean_0(%{{.*}}, %c0_i32, %c1_i32)
// STEP-LABEL: func.func private @int8.mean_0.step(
// STEP: arith.addi
// STEP: llvm.store %{{.*}} : i8
func.func @int8(%x: tensor<1x2x4x2x!q>) -> tensor<1x2x!r> {
  %0 = thimble.mean %x {thimble.id = "mean_0", axes = array<i64: 1, 2>} : (tensor<1x2x4x2x!q>) -> tensor<1x2x!r>
  return %0 : tensor<1x2x!r>
}

// -----

// CHECK-LABEL: func.func @keep_dims
// STEP-LABEL: func.func private @keep_dims.mean_0.step(
// STEP: arith.addf
func.func @keep_dims(%x: tensor<1x2x4x2xf32>) -> tensor<1x1x1x2xf32> {
  %0 = thimble.mean %x {thimble.id = "mean_0", axes = array<i64: 1, 2>} : (tensor<1x2x4x2xf32>) -> tensor<1x1x1x2xf32>
  return %0 : tensor<1x1x1x2xf32>
}

// -----

func.func @kinds(%x: tensor<1x2xi32>) -> tensor<1xi32> {
  // expected-error @+1 {{expected operand and result both f32, both per-tensor int8 or both per-tensor int16 with zero point 0, found}}
  %0 = thimble.mean %x {axes = array<i64: 1>} : (tensor<1x2xi32>) -> tensor<1xi32>
  return %0 : tensor<1xi32>
}

// -----

func.func @axes(%x: tensor<1x2xf32>) -> tensor<f32> {
  // expected-error @+1 {{expected ascending axes below 2}}
  %0 = thimble.mean %x {axes = array<i64: 1, 0>} : (tensor<1x2xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func @elements(%x: tensor<3x2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected a result of 3 elements, found 'tensor<2xf32>'}}
  %0 = thimble.mean %x {axes = array<i64: 1>} : (tensor<3x2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
