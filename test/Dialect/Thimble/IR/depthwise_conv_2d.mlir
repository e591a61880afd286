// depthwise_conv_2d.mlir - 2-D depthwise convolution
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.1>
!r = !quant.uniform<i8:f32, 0.25:4>

// Without a bias only the zero point is left in it: 3 * 9 = 27.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.depthwise_conv_2d %{{.*}}, %{{.*}} {dilations = array<i64: 1, 1>
// STEP-LABEL: func.func @int8_invoke(
// STEP: @int8.depthwise_conv_2d_0.weights(dense<1> : tensor<36xi8>)
// STEP: @int8.depthwise_conv_2d_0.parameters(dense<[27, 0, 0, 0,
// STEP-LABEL: func.func private @int8.depthwise_conv_2d_0.step(
// STEP: arith.muli
// STEP: llvm.store %{{.*}} : i8
func.func @int8(%x: tensor<1x3x3x2x!q>) -> tensor<1x3x3x4x!r> {
  %w = thimble.constant dense<1> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!w>
  %0 = thimble.depthwise_conv_2d %x, %w {thimble.id = "depthwise_conv_2d_0",
      strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x3x3x2x!q>, tensor<1x3x3x4x!w>) -> tensor<1x3x3x4x!r>
  return %0 : tensor<1x3x3x4x!r>
}

// -----

// CHECK-LABEL: func.func @dilated
// CHECK: dilations = array<i64: 2, 2>
// STEP-LABEL: func.func private @dilated.depthwise_conv_2d_0.step(
// STEP: arith.mulf
// STEP: arith.addf
func.func @dilated(%x: tensor<1x5x5x2xf32>) -> tensor<1x1x1x2xf32> {
  %k = thimble.constant dense<1.0> : tensor<1x3x3x2xf32> : tensor<1x3x3x2xf32>
  %0 = thimble.depthwise_conv_2d %x, %k {thimble.id = "depthwise_conv_2d_0",
      strides = array<i64: 1, 1>, dilations = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x5x5x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x1x1x2xf32>
  return %0 : tensor<1x1x1x2xf32>
}

// -----

func.func @multiplier(%x: tensor<1x2x2x2xf32>, %w: tensor<1x1x1x3xf32>) -> tensor<1x2x2x3xf32> {
  // expected-error @+1 {{expected a filter and an output whose channels fit the input's, found}}
  %0 = thimble.depthwise_conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x2xf32>, tensor<1x1x1x3xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32:0, {0.1}>
func.func @axis(%x: tensor<1x2x2x2x!q>, %w: tensor<1x1x1x2x!w>) -> tensor<1x2x2x2x!q> {
  // expected-error @+1 {{expected 2 scales along dimension 3 of the filter, found}}
  %0 = thimble.depthwise_conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x2x!q>, tensor<1x1x1x2x!w>) -> tensor<1x2x2x2x!q>
  return %0 : tensor<1x2x2x2x!q>
}
