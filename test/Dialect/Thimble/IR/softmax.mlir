// softmax.mlir - softmax of beta * x over the last dimension
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>
!p = !quant.uniform<i8:f32, 0.00390625:-128>

// A step is a row: find its maximum, sum, divide.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.softmax %{{.*}} {beta = 1.000000e+00 : f32, thimble.id = "softmax_0"}
// STEP-LABEL: @int8.softmax_0.step(
// STEP: scf.for
// STEP: arith.maxsi
// STEP: scf.for
// STEP: scf.for
// STEP: llvm.store %{{.*}} : i8
func.func @int8(%x: tensor<2x4x!q>) -> tensor<2x4x!p> {
  %0 = thimble.softmax %x {thimble.id = "softmax_0", beta = 1.0 : f32} : (tensor<2x4x!q>) -> tensor<2x4x!p>
  return %0 : tensor<2x4x!p>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: @float.softmax_0.step(
// STEP-NOT: math.
// STEP: arith.divf
// STEP-NOT: math.
// STEP: return
func.func @float(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = thimble.softmax %x {thimble.id = "softmax_0", beta = 1.0 : f32} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @rank(%x: tensor<f32>) -> tensor<f32> {
  // expected-error @+1 {{expected a tensor of rank 1 or more}}
  %0 = thimble.softmax %x {beta = 1.0 : f32} : (tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @scale(%x: tensor<4x!q>) -> tensor<4x!q> {
  // expected-error @+1 {{expected an output of scale 1/256 and zero point -128 and a positive beta, found}}
  %0 = thimble.softmax %x {beta = 1.0 : f32} : (tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
!p = !quant.uniform<i8:f32, 0.00390625:-128>
func.func @long(%x: tensor<4096x!q>) -> tensor<4096x!p> {
  // expected-error @+1 {{elements in the last dimension, found 'tensor<4096x}}
  %0 = thimble.softmax %x {beta = 1.0 : f32} : (tensor<4096x!q>) -> tensor<4096x!p>
  return %0 : tensor<4096x!p>
}
