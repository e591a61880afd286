// equalize.mlir - channels between layers become equally large
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --thimble-equalize %s | FileCheck %s

// Without moments: magnitudes 16, 1, 1 over next weights 1, 4, 1 are roots of
// 16, 1/4 and 1. The channels are divided by 4, 1/2, 1. What is read by more than
// one or clamped at 6 stays.
// CHECK-LABEL: func.func @weights
// CHECK: thimble.constant dense<{{\[\[}}4.000000e+00, 1.000000e+00], [1.000000e+00, 2.000000e+00], [1.000000e+00, 1.000000e+00]]>
// CHECK: thimble.constant dense<[2.000000e+00, 2.000000e+00, 1.000000e+00]>
// CHECK: thimble.fully_connected {{.*}}thimble.id = "a"}
// CHECK: thimble.constant dense<{{\[\[}}4.000000e+00, 2.000000e+00, 1.000000e+00]]>
// CHECK: thimble.fully_connected {{.*}}thimble.id = "b"
// CHECK: thimble.constant dense<{{\[\[}}8.000000e+00], [1.000000e+00]]>
// CHECK: thimble.fully_connected {{.*}}thimble.id = "c"
func.func @weights(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<[[16.0, 4.0], [0.5, 1.0], [1.0, 1.0]]> : tensor<3x2xf32> : tensor<3x2xf32>
  %b = thimble.constant dense<[8.0, 1.0, 1.0]> : tensor<3xf32> : tensor<3xf32>
  %0 = thimble.fully_connected %x, %w, %b {thimble.id = "a", activation = #thimble.activation<relu>, thimble.range = [0.0 : f32, 1.0 : f32]}
    : (tensor<1x2xf32>, tensor<3x2xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  %v = thimble.constant dense<[[1.0, 4.0, 1.0]]> : tensor<1x3xf32> : tensor<1x3xf32>
  %1 = thimble.fully_connected %0, %v {thimble.id = "b", activation = #thimble.activation<relu>} : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x1xf32>
  %u = thimble.constant dense<[[8.0], [1.0]]> : tensor<2x1xf32> : tensor<2x1xf32>
  %2 = thimble.fully_connected %1, %u {thimble.id = "c", activation = #thimble.activation<relu6>} : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %t = thimble.constant dense<[[1.0, 64.0]]> : tensor<1x2xf32> : tensor<1x2xf32>
  %3 = thimble.fully_connected %2, %t {thimble.id = "d"} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %3 : tensor<1x1xf32>
}

// -----

// With moments the channels themselves count: root mean squares 4 and 1 (the
// larger of the taps), before a depthwise convolution whatever its weights. The
// upper median is 4: divided by 1 and 1/4. The reader's moments follow.
// CHECK-LABEL: func.func @moments
// CHECK: thimble.constant dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}4.000000e+00]]]]>
// CHECK: thimble.conv_2d
// CHECK: thimble.constant dense<{{\[\[\[\[}}1.000000e+00, 2.500000e-01], [1.000000e+00, 2.500000e-01]]]]>
// CHECK: thimble.depthwise_conv_2d {{.*}}thimble.moments = dense_resource<[[MOMENTS:.*]]> : tensor<2x3x3xf32>
func.func @moments(%x: tensor<1x1x2x1xf32>) -> tensor<1x1x1x2xf32> {
  %w = thimble.constant dense<1.0> : tensor<2x1x1x1xf32> : tensor<2x1x1x1xf32>
  %0 = thimble.conv_2d %x, %w {thimble.id = "a", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x1x2x2xf32>
  %v = thimble.constant dense<1.0> : tensor<1x1x2x2xf32> : tensor<1x1x2x2xf32>
  %1 = thimble.depthwise_conv_2d %0, %v {thimble.id = "b", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
      thimble.moments = dense<[[[16.0, 0.0, 2.0], [0.0, 9.0, 0.0], [2.0, 0.0, 1.0]], [[0.5, 0.0, 0.5], [0.0, 1.0, 0.0], [0.5, 0.0, 1.0]]]> : tensor<2x3x3xf32>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x1x2xf32>
  return %1 : tensor<1x1x1x2xf32>
}

// 16 0 2, 0 9 0, 2 0 1 as they were; 8 0 2, 0 16 0, 2 0 1.
// CHECK: [[MOMENTS]]: "0x0400000000008041000000000000004000000000000010410000000000000040000000000000803F00000041000000000000004000000000000080410000000000000040000000000000803F"
