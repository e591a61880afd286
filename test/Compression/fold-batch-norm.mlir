// fold-batch-norm.mlir - products and sums with constants become weights
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --thimble-fold-batch-norm %s | FileCheck %s

// (w x + b - 1) * c + d, and the activation of the last; ranges are those of
// the last, moments stay.
// CHECK-LABEL: func.func @conv
// CHECK: %[[W:.*]] = thimble.constant dense<{{\[\[\[\[}}2.000000e+00]]], {{\[\[\[}}-6.000000e+00]]]]>
// CHECK: %[[B:.*]] = thimble.constant dense<[1.200000e+01, 1.700000e+01]>
// CHECK: %[[Y:.*]] = thimble.conv_2d %{{.*}}, %[[W]], %[[B]] {activation = #thimble.activation<relu>, {{.*}}thimble.id = "conv", thimble.moments = {{.*}}, thimble.range = [0.000000e+00 : f32, 7.000000e+00 : f32]}
// CHECK-NEXT: return %[[Y]]
// CHECK-NOT: private
func.func @conv(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
  %w = thimble.constant dense<[[[[1.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32> : tensor<2x1x1x1xf32>
  %b = thimble.constant dense<[2.0, 0.5]> : tensor<2xf32> : tensor<2xf32>
  %one = thimble.constant dense<1.0> : tensor<1xf32> : tensor<1xf32>
  %c = thimble.constant dense<[2.0, -2.0]> : tensor<2xf32> : tensor<2xf32>
  %d = thimble.constant dense<[[[[10.0, 16.0]]]]> : tensor<1x1x1x2xf32> : tensor<1x1x1x2xf32>
  %0 = thimble.conv_2d %x, %w, %b {thimble.id = "conv", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
      thimble.range = [-1.0 : f32, 1.0 : f32], thimble.moments = dense<1.0> : tensor<2x2xf32>}
    : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>
  %1 = thimble.sub %0, %one {thimble.id = "sub"} : (tensor<1x2x2x2xf32>, tensor<1xf32>) -> tensor<1x2x2x2xf32>
  %2 = thimble.mul %c, %1 {thimble.id = "mul"} : (tensor<2xf32>, tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  %3 = thimble.add %2, %d {thimble.id = "add", activation = #thimble.activation<relu>, thimble.range = [0.0 : f32, 7.0 : f32]}
    : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x2xf32>
  return %3 : tensor<1x2x2x2xf32>
}

// -----

// 5 - (w x), of a depthwise convolution and a product.
// CHECK-LABEL: func.func @minus
// CHECK: thimble.constant dense<{{\[\[\[\[}}-1.000000e+00, -2.000000e+00]]]]>
// CHECK: thimble.constant dense<5.000000e+00> : tensor<2xf32>
// CHECK: thimble.depthwise_conv_2d
// CHECK: thimble.constant dense<{{\[\[}}3.000000e+00, 6.000000e+00]]>
// CHECK: thimble.fully_connected
// CHECK-NEXT: return
func.func @minus(%x: tensor<1x1x1x2xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32> : tensor<1x1x1x2xf32>
  %five = thimble.constant dense<5.0> : tensor<f32> : tensor<f32>
  %0 = thimble.depthwise_conv_2d %x, %w {thimble.id = "depthwise", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  %1 = thimble.sub %five, %0 {thimble.id = "sub"} : (tensor<f32>, tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  %v = thimble.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32> : tensor<1x2xf32>
  %three = thimble.constant dense<3.0> : tensor<1x1xf32> : tensor<1x1xf32>
  %2 = thimble.fully_connected %1, %v {thimble.id = "fc"} : (tensor<1x1x1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  %3 = thimble.mul %2, %three {thimble.id = "mul"} : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %3 : tensor<1x1xf32>
}

// -----

// Not behind an activation, not with two readers, not by anything but one number
// a channel, not where the constant is larger.
// CHECK-LABEL: func.func @stays
// CHECK-COUNT-4: thimble.mul
func.func @stays(%x: tensor<1x1x2x1xf32>) -> (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, tensor<2x1x2x2xf32>) {
  %w = thimble.constant dense<[[[[1.0]]], [[[3.0]]]]> : tensor<2x1x1x1xf32> : tensor<2x1x1x1xf32>
  %c = thimble.constant dense<2.0> : tensor<2xf32> : tensor<2xf32>
  %pixels = thimble.constant dense<[[[[1.0], [2.0]]]]> : tensor<1x1x2x1xf32> : tensor<1x1x2x1xf32>
  %larger = thimble.constant dense<2.0> : tensor<2x1x1x2xf32> : tensor<2x1x1x2xf32>
  %0 = thimble.conv_2d %x, %w {thimble.id = "clamped", activation = #thimble.activation<relu>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %1 = thimble.mul %0, %c {thimble.id = "a"} : (tensor<1x1x2x2xf32>, tensor<2xf32>) -> tensor<1x1x2x2xf32>
  %2 = thimble.conv_2d %x, %w {thimble.id = "read", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %3 = thimble.mul %2, %2 {thimble.id = "b"} : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x2x2xf32>
  %4 = thimble.conv_2d %x, %w {thimble.id = "pixels", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %5 = thimble.mul %4, %pixels {thimble.id = "c"} : (tensor<1x1x2x2xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x2x2xf32>
  %6 = thimble.conv_2d %x, %w {thimble.id = "small", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %7 = thimble.mul %6, %larger {thimble.id = "d"} : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>) -> tensor<2x1x2x2xf32>
  return %1, %3, %5, %7 : tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>, tensor<2x1x2x2xf32>
}
