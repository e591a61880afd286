// add.mlir - lhs + rhs
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
// CHECK: thimble.add %{{.*}}, %{{.*}} {activation = #thimble.activation<relu>, thimble.id = "add_0"}
// STEP-LABEL: func.func private @int8.add_0.step(
// STEP: llvm.load %{{.*}} -> i8
// STEP: llvm.load %{{.*}} -> i8
// STEP: arith.addi
// STEP: llvm.store %{{.*}} : i8
func.func @int8(%x: tensor<2x4x!a>, %y: tensor<4x!b>) -> tensor<2x4x!r> {
  %0 = thimble.add %x, %y {thimble.id = "add_0", activation = #thimble.activation<relu>}
    : (tensor<2x4x!a>, tensor<4x!b>) -> tensor<2x4x!r>
  return %0 : tensor<2x4x!r>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: func.func private @float.add_0.step(
// STEP: arith.addf
func.func @float(%x: tensor<2x4xf32>, %y: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %0 = thimble.add %x, %y {thimble.id = "add_0"} : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

func.func @empty(%x: tensor<0xf32>) -> tensor<0xf32> {
  // expected-error @+1 {{expected a tensor with elements, found 'tensor<0xf32>'}}
  %0 = thimble.add %x, %x : (tensor<0xf32>, tensor<0xf32>) -> tensor<0xf32>
  return %0 : tensor<0xf32>
}

// -----

func.func @kinds(%x: tensor<2xf32>, %y: tensor<2xi32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected tensors all f32, all per-tensor int8 or all per-tensor int16 with zero point 0, found 'tensor<2xf32>' and 'tensor<2xi32>'}}
  %0 = thimble.add %x, %y : (tensor<2xf32>, tensor<2xi32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @broadcast(%x: tensor<2x3xf32>, %y: tensor<2xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected a shape that broadcasts to 'tensor<2x3xf32>', found 'tensor<2xf32>'}}
  %0 = thimble.add %x, %y : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @result(%x: tensor<1x3xf32>) -> tensor<2x3xf32> {
  // expected-error @+1 {{expected a result of shape [1, 3], found 'tensor<2x3xf32>'}}
  %0 = thimble.add %x, %x : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

!a = !quant.uniform<i8:f32, 1000.0:0>
!r = !quant.uniform<i8:f32, 0.000001:0>
func.func @scales(%x: tensor<2x!a>) -> tensor<2x!r> {
  // expected-error @+1 {{expected scales whose ratios fixed point can hold, found}}
  %0 = thimble.add %x, %x : (tensor<2x!a>, tensor<2x!a>) -> tensor<2x!r>
  return %0 : tensor<2x!r>
}
