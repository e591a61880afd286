// turn-rows.mlir - columns of images of one row become rows
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-turn-rows --canonicalize --split-input-file %s | FileCheck %s
// RUN: thimble-opt --thimble-turn-rows --canonicalize --thimble-make-streaming --split-input-file %s \
// RUN:   | FileCheck %s --check-prefix=STREAM

// A one-dimensional convolution with an activation and a pool behind it. The
// bytes of the filter stay in order.
// CHECK-LABEL: func.func @conv
// CHECK-SAME: (%[[X:.*]]: tensor<1x9x2xf32>) -> tensor<1x6xf32>
// CHECK: %[[W:.*]] = thimble.constant dense<{{.*}}0.000000e+00, 1.000000e+00{{.*}}2.000000e+00, 3.000000e+00{{.*}}> : tensor<1x2x1x2xf32>
// CHECK: %[[R:.*]] = thimble.reshape %[[X]] {{.*}} : (tensor<1x9x2xf32>) -> tensor<1x9x1x2xf32>
// CHECK: %[[C:.*]] = thimble.conv_2d %[[R]], %[[W]] {{.*}}dilations = array<i64: 2, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>{{.*}} -> tensor<1x7x1x1xf32>
// CHECK: %[[T:.*]] = thimble.tanh %[[C]] {{.*}} -> tensor<1x7x1x1xf32>
// CHECK: %[[P:.*]] = thimble.max_pool_2d %[[T]] {kernel_size = array<i64: 2, 1>, {{.*}}strides = array<i64: 1, 1>{{.*}} -> tensor<1x6x1x1xf32>
// CHECK: thimble.reshape %[[P]] {{.*}} : (tensor<1x6x1x1xf32>) -> tensor<1x6xf32>
// STREAM-LABEL: func.func @conv
// STREAM-SAME: tensor<1x1x2xf32>) -> tensor<1x6xf32>
// STREAM: thimble.delay %{{.*}} -> tensor<1x6x1x1xf32>
func.func @conv(%x: tensor<1x9x2xf32>) -> tensor<1x6xf32> {
  %w = thimble.constant dense<[[[[0.0, 1.0], [2.0, 3.0]]]]> : tensor<1x1x2x2xf32> : tensor<1x1x2x2xf32>
  %0 = thimble.reshape %x {thimble.id = "reshape_0"} : (tensor<1x9x2xf32>) -> tensor<1x1x9x2xf32>
  %1 = thimble.conv_2d %0, %w {dilations = array<i64: 1, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "conv_2d_1"} : (tensor<1x1x9x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x7x1xf32>
  %2 = thimble.tanh %1 {thimble.id = "tanh_2"} : (tensor<1x1x7x1xf32>) -> tensor<1x1x7x1xf32>
  %3 = thimble.max_pool_2d %2 {kernel_size = array<i64: 1, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "max_pool_2d_3"} : (tensor<1x1x7x1xf32>) -> tensor<1x1x6x1xf32>
  %4 = thimble.reshape %3 {thimble.id = "reshape_4"} : (tensor<1x1x6x1xf32>) -> tensor<1x6xf32>
  return %4 : tensor<1x6xf32>
}

// -----

// An input is taken as one of one column; slices and joins are turned, too.
// CHECK-LABEL: func.func @input
// CHECK-SAME: (%[[X:.*]]: tensor<1x9x1x2xf32>) -> tensor<1x1x4x4xf32>
// CHECK: %[[S:.*]] = thimble.strided_slice %[[X]] {offsets = array<i64: 0, 1, 0, 0>, sizes = array<i64: 1, 4, 1, 2>, strides = array<i64: 1, 2, 1, 1>
// CHECK: thimble.concatenation %[[S]], %[[S]] {axis = 3 : i64{{.*}} -> tensor<1x4x1x4xf32>
// STREAM-LABEL: func.func @input
// STREAM: thimble.strided_slice
func.func @input(%x: tensor<1x1x9x2xf32>) -> tensor<1x1x4x4xf32> {
  %0 = thimble.strided_slice %x {offsets = array<i64: 0, 0, 1, 0>, sizes = array<i64: 1, 1, 4, 2>, strides = array<i64: 1, 1, 2, 1>, thimble.id = "strided_slice_0"} : (tensor<1x1x9x2xf32>) -> tensor<1x1x4x2xf32>
  %1 = thimble.concatenation %0, %0 {axis = 3 : i64, thimble.id = "concatenation_1"} : (tensor<1x1x4x2xf32>, tensor<1x1x4x2xf32>) -> tensor<1x1x4x4xf32>
  return %1 : tensor<1x1x4x4xf32>
}

// -----

// Images of several rows, and filters of several rows, stay.
// CHECK-LABEL: func.func @upright
// CHECK-NOT: thimble.reshape
// CHECK: thimble.relu %{{.*}} -> tensor<1x2x9x2xf32>
func.func @upright(%x: tensor<1x2x9x2xf32>) -> tensor<1x2x9x2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<1x2x9x2xf32>) -> tensor<1x2x9x2xf32>
  return %0 : tensor<1x2x9x2xf32>
}
