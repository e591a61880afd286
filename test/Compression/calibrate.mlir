// calibrate.mlir - ranges and moments of tensors on samples
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: %python %S/Inputs/npy.py %t.npy 2x1x3 1 2 3  0 -1 4
// RUN: thimble-opt %s --pass-pipeline='builtin.module(thimble-calibrate{samples=%t.npy method=minmax histograms=true})' | FileCheck %s
// RUN: thimble-opt %s --pass-pipeline='builtin.module(thimble-calibrate{samples=%t.npy method=minmax moments=false sample-scale=2 sample-offset=1})' | FileCheck %s --check-prefix=SCALED
// RUN: thimble-opt %s --pass-pipeline='builtin.module(thimble-calibrate{samples=%t.npy})' -o %t.1.mlir
// RUN: thimble-opt %s --pass-pipeline='builtin.module(thimble-calibrate{samples=%t.npy})' -o %t.2.mlir
// RUN: cmp %t.1.mlir %t.2.mlir
// RUN: thimble-opt %s --pass-pipeline='builtin.module(thimble-calibrate{samples=%t.npy})' --log-actions-to=- -o /dev/null | FileCheck %s --check-prefix=PROGRESS
// PROGRESS: `thimble-progress` calibrate 1 of 2

// The pairs of neighbours are (1, 2), (2, 3), (0, -1), (-1, 4). Their
// differences are -1, -1, 1, -5, of which 0, 0, 1, 0 stay.

// CHECK: func.func @m(%{{.*}}: tensor<1x1x3x1xf32> {thimble.histogram = {counts = dense_resource<histogram> : tensor<2048xui64>, range = [-1.000000e+00 : f32, 4.000000e+00 : f32]}, thimble.range = [-1.000000e+00 : f32, 4.000000e+00 : f32]})
// SCALED: func.func @m(%{{.*}}: tensor<1x1x3x1xf32> {thimble.range = [-1.000000e+00 : f32, 9.000000e+00 : f32]})
func.func @m(%x: tensor<1x1x3x1xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<[[[[1.0], [-1.0]]]]> : tensor<1x1x2x1xf32> : tensor<1x1x2x1xf32>
  %v = thimble.constant dense<[[[[1.0, 2.0]]]]> : tensor<1x1x1x2xf32> : tensor<1x1x1x2xf32>
  %u = thimble.constant dense<[[1.0, 1.0, -2.0, -2.0]]> : tensor<1x4xf32> : tensor<1x4xf32>
  // CHECK: thimble.conv_2d
  // CHECK-SAME: thimble.moments = dense_resource<[[CONV:[a-z_0-9]+]]> : tensor<3x3xf32>
  // CHECK-SAME: thimble.range = [-5.000000e+00 : f32, 1.000000e+00 : f32]
  // SCALED: thimble.conv_2d
  // SCALED-NOT: thimble.moments
  // SCALED-SAME: thimble.range = [-1.000000e+01 : f32, 2.000000e+00 : f32]
  %0 = thimble.conv_2d %x, %w {thimble.id = "conv", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x3x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x2x1xf32>
  // CHECK: thimble.relu
  // CHECK-SAME: thimble.range = [0.000000e+00 : f32, 1.000000e+00 : f32]
  %1 = thimble.relu %0 {thimble.id = "relu"} : (tensor<1x1x2x1xf32>) -> tensor<1x1x2x1xf32>
  // CHECK: thimble.depthwise_conv_2d
  // CHECK-SAME: thimble.moments = dense_resource<[[DEPTHWISE:[a-z_0-9]+]]> : tensor<2x2x2xf32>
  // CHECK-SAME: thimble.range = [0.000000e+00 : f32, 2.000000e+00 : f32]
  %2 = thimble.depthwise_conv_2d %1, %v {thimble.id = "depthwise", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x2x1xf32>, tensor<1x1x1x2xf32>) -> tensor<1x1x2x2xf32>
  // CHECK: thimble.fully_connected
  // CHECK-SAME: thimble.moments = dense_resource<{{.*}}> : tensor<5x5xf32>
  // CHECK-SAME: thimble.range = [0.000000e+00 : f32, 3.000000e+00 : f32]
  %3 = thimble.fully_connected %2, %u {thimble.id = "last"}
    : (tensor<1x1x2x2xf32>, tensor<1x4xf32>) -> tensor<1x1xf32>
  return %3 : tensor<1x1xf32>
}

// [1.5 1 0.5] [1 7.5 2] [0.5 2 1] as little-endian floats behind an alignment:
// CHECK: [[CONV]]: "0x040000000000C03F0000803F0000003F0000803F0000F040000000400000003F000000400000803F"
// Twice [0.25 0.25] [0.25 1]:
// CHECK: [[DEPTHWISE]]: "0x040000000000803E0000803E0000803E0000803F0000803E0000803E0000803E0000803F"
