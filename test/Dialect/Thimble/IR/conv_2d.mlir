// conv_2d.mlir - 2-D convolution
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32:0, {0.1, 0.2}>
!r = !quant.uniform<i8:f32, 0.25:4>

// The input's zero point is folded into the bias: 5 + 3 * 27 = 86, -7 + 81 = 74.
// It lies above the byte of the shift: 1 and 0 places before the last halving.
// The padding row holds it; so do the columns beside the image. relu is a clamp
// at the output's zero point.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.conv_2d %{{.*}}, %{{.*}}, %{{.*}} {activation = #thimble.activation<relu>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 1, 0, 1>, strides = array<i64: 2, 2>, thimble.id = "conv_2d_0"}
// STEP-LABEL: func.func @int8_invoke(
// STEP: call @int8.conv_2d_0(%{{.*}}, %c0_i32, %c2_i32)
// STEP: @int8.conv_2d_0.weights(dense<1> : tensor<54xi8>)
// STEP: @int8.conv_2d_0.parameters(dense<[1, 86, 0, 0,
// STEP-SAME: 0, 74, 0, 0,
// STEP-LABEL: func.func private @int8.conv_2d_0.step(
// STEP: arith.muli %{{.*}}, %{{.*}} : i32
// STEP: arith.maxsi
// STEP: arith.minsi
// STEP: llvm.store %{{.*}} : i8
// STEP-LABEL: func.func private @int8.conv_2d_0(
// STEP: %[[ZERO:.*]] = arith.constant -3 : i8
// STEP: "llvm.intr.memset"(%{{.*}}, %[[ZERO]],
// STEP: scf.for
// STEP: arith.select %{{.*}} : !llvm.ptr
// STEP: func.call @int8.conv_2d_0.step(
func.func @int8(%x: tensor<1x4x4x3x!q>) -> tensor<1x2x2x2x!r> {
  %w = thimble.constant dense<1> : tensor<2x3x3x3xi8> : tensor<2x3x3x3x!w>
  %b = thimble.constant dense<[5, -7]> : tensor<2xi32> : tensor<2xi32>
  %0 = thimble.conv_2d %x, %w, %b {thimble.id = "conv_2d_0",
      strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 1, 0, 1>, activation = #thimble.activation<relu>}
    : (tensor<1x4x4x3x!q>, tensor<2x3x3x3x!w>, tensor<2xi32>) -> tensor<1x2x2x2x!r>
  return %0 : tensor<1x2x2x2x!r>
}

// -----

// CHECK-LABEL: func.func @float
// CHECK: thimble.conv_2d %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>
// STEP-LABEL: func.func private @float.conv_2d_0.step(
// STEP: arith.mulf
// STEP: arith.addf
// STEP-NOT: fma
// STEP-LABEL: func.func private @float.conv_2d_0(
func.func @float(%x: tensor<1x4x4x3xf32>) -> tensor<1x4x4x2xf32> {
  %w = thimble.constant dense<1.0> : tensor<2x1x1x3xf32> : tensor<2x1x1x3xf32>
  %0 = thimble.conv_2d %x, %w {thimble.id = "conv_2d_0",
      strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x4x4x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x4x4x2xf32>
  return %0 : tensor<1x4x4x2xf32>
}

// -----

func.func @input_kind(%x: tensor<1x2x2x3xi32>, %w: tensor<2x1x1x3xi32>) -> tensor<1x2x2x2xi32> {
  // expected-error @+1 {{expected an input of f32, per-tensor int8 or per-tensor int16 with zero point 0, found 'tensor<1x2x2x3xi32>'}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3xi32>, tensor<2x1x1x3xi32>) -> tensor<1x2x2x2xi32>
  return %0 : tensor<1x2x2x2xi32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @output_kind(%x: tensor<1x2x2x3x!q>, %w: tensor<2x1x1x3x!q>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected an output of the input's kind, found 'tensor<1x2x2x2xf32>'}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3x!q>, tensor<2x1x1x3x!q>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:0>
func.func @filter_kind(%x: tensor<1x2x2x3xf32>, %w: tensor<2x1x1x3x!q>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected a filter of the input's kind, found}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3xf32>, tensor<2x1x1x3x!q>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32:3, {0.1, 0.2, 0.3}>
func.func @scales(%x: tensor<1x2x2x3x!q>, %w: tensor<2x1x1x3x!w>) -> tensor<1x2x2x2x!q> {
  // expected-error @+1 {{expected 2 scales along dimension 0 of the filter, found}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3x!q>, tensor<2x1x1x3x!w>) -> tensor<1x2x2x2x!q>
  return %0 : tensor<1x2x2x2x!q>
}

// -----

func.func @bias(%x: tensor<1x2x2x3xf32>, %w: tensor<2x1x1x3xf32>, %b: tensor<3xf32>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected a bias of 2 f32 elements, found 'tensor<3xf32>'}}
  %0 = thimble.conv_2d %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3xf32>, tensor<2x1x1x3xf32>, tensor<3xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

func.func @strides(%x: tensor<1x2x2x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected 2 values of at least 1 as strides}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 0>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

func.func @rank(%x: tensor<2x2x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected non-empty tensors of rank 4, found 'tensor<2x2x3xf32>'}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<2x2x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

func.func @channels(%x: tensor<1x2x2x3xf32>, %w: tensor<2x1x1x4xf32>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected a filter and an output whose channels fit the input's, found}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3xf32>, tensor<2x1x1x4xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

func.func @pixels(%x: tensor<1x2x2x3xf32>, %w: tensor<2x1x1x3xf32>) -> tensor<1x3x3x2xf32> {
  // expected-error @+1 {{expected an output of 2x2 pixels, found 'tensor<1x3x3x2xf32>'}}
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3xf32>, tensor<2x1x1x3xf32>) -> tensor<1x3x3x2xf32>
  return %0 : tensor<1x3x3x2xf32>
}
