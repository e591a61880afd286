// sub.mlir - lhs - rhs
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!a = !quant.uniform<i8:f32, 0.5:-3>
!b = !quant.uniform<i8:f32, 0.25:1>
!r = !quant.uniform<i8:f32, 0.5:4>

// CHECK-LABEL: func.func @int8
// CHECK: thimble.sub %{{.*}}, %{{.*}} {thimble.id = "sub_0"}
// STEP-LABEL: func.func private @int8.sub_0.step(
// STEP: llvm.load %{{.*}} -> i8
// STEP: llvm.load %{{.*}} -> i8
// STEP: arith.subi
// STEP: llvm.store %{{.*}} : i8
func.func @int8(%x: tensor<2x4x!a>, %y: tensor<4x!b>) -> tensor<2x4x!r> {
  %0 = thimble.sub %x, %y {thimble.id = "sub_0"} : (tensor<2x4x!a>, tensor<4x!b>) -> tensor<2x4x!r>
  return %0 : tensor<2x4x!r>
}

// -----

// CHECK-LABEL: func.func @float
// CHECK: activation = #thimble.activation<relu6>
// STEP-LABEL: func.func private @float.sub_0.step(
// STEP: arith.subf
// STEP: arith.constant 6.000000e+00 : f32
func.func @float(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = thimble.sub %x, %y {thimble.id = "sub_0", activation = #thimble.activation<relu6>}
    : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @kinds(%x: tensor<2xf32>, %y: tensor<2xi32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected tensors all f32, all per-tensor int8 or all per-tensor int16 with zero point 0, found 'tensor<2xf32>' and 'tensor<2xi32>'}}
  %0 = thimble.sub %x, %y : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

!a = !quant.uniform<i8:f32, 1000.0:0>
!r = !quant.uniform<i8:f32, 0.000001:0>
func.func @scales(%x: tensor<2x!a>) -> tensor<2x!r> {
  // expected-error @+1 {{expected scales whose ratios fixed point can hold, found}}
  %0 = thimble.sub %x, %x : (tensor<2x!a>, tensor<2x!a>) -> tensor<2x!r>
  return %0 : tensor<2x!r>
}
