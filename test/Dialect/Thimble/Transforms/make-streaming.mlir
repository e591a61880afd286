// make-streaming.mlir - from a sliding window to its new rows
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-make-streaming --split-input-file %s | FileCheck %s
// RUN: thimble-opt --thimble-make-streaming=rows=4 --split-input-file %s \
// RUN:   | FileCheck %s --check-prefix=FOUR
// RUN: thimble-opt --thimble-make-streaming=offer --split-input-file --remarks-filter=streaming \
// RUN:   %s 2>&1 | FileCheck %s --check-prefix=OFFER

// A window of 3 rows, then one of 2 behind one of all rows.
// OFFER: a window that slides over the rows of the input can be computed from 1 new rows of 10 a call, with 18 MACs instead of 144 and 100 bytes of state (--streaming)
// OFFER: thimble.conv_2d %{{.*}} -> tensor<1x8x1x3xf32>
// CHECK-LABEL: func.func @chain
// CHECK-SAME: (%[[X:.*]]: tensor<1x1x1x2xf32>) -> tensor<1x1x1x3xf32>
// CHECK: %[[D:.*]] = thimble.delay %[[X]] {thimble.id = "delay_0"} : (tensor<1x1x1x2xf32>) -> tensor<1x3x1x2xf32>
// CHECK: %[[A:.*]] = thimble.conv_2d %[[D]], {{.*}} -> tensor<1x1x1x3xf32>
// CHECK: %[[R:.*]] = thimble.relu %[[A]] {{.*}} -> tensor<1x1x1x3xf32>
// CHECK: %[[E:.*]] = thimble.delay %[[R]] {thimble.id = "delay_1"} : (tensor<1x1x1x3xf32>) -> tensor<1x8x1x3xf32>
// CHECK: thimble.average_pool_2d %[[E]] {{.*}} -> tensor<1x1x1x3xf32>
// FOUR-LABEL: func.func @chain
// FOUR: thimble.delay %{{.*}} : (tensor<1x4x1x2xf32>) -> tensor<1x6x1x2xf32>
// FOUR: thimble.delay %{{.*}} : (tensor<1x4x1x3xf32>) -> tensor<1x8x1x3xf32>
func.func @chain(%x: tensor<1x10x1x2xf32>) -> tensor<1x1x1x3xf32> {
  %w = thimble.constant dense<1.0> : tensor<3x3x1x2xf32> : tensor<3x3x1x2xf32>
  %0 = thimble.conv_2d %x, %w {dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "conv_2d_0"} : (tensor<1x10x1x2xf32>, tensor<3x3x1x2xf32>) -> tensor<1x8x1x3xf32>
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<1x8x1x3xf32>) -> tensor<1x8x1x3xf32>
  %2 = thimble.average_pool_2d %1 {kernel_size = array<i64: 8, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "average_pool_2d_2"} : (tensor<1x8x1x3xf32>) -> tensor<1x1x1x3xf32>
  return %2 : tensor<1x1x1x3xf32>
}

// -----

// A stride of 2: two rows a call. Of what slides out, new rows are given. The
// window of the pool ends a row before the newest one.
// CHECK-LABEL: func.func @strides
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x1x2xf32>) -> tensor<1x1x1x2xf32>
// CHECK: %[[D:.*]] = thimble.delay %[[X]] {{.*}} -> tensor<1x3x1x2xf32>
// CHECK: %[[S:.*]] = thimble.strided_slice %[[D]] {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: 1, 2, 1, 2>, {{.*}} -> tensor<1x2x1x2xf32>
// CHECK: thimble.max_pool_2d %[[S]] {{.*}} -> tensor<1x1x1x2xf32>
func.func @strides(%x: tensor<1x9x1x2xf32>) -> tensor<1x4x1x2xf32> {
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 2, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 1>, thimble.id = "max_pool_2d_0"} : (tensor<1x9x1x2xf32>) -> tensor<1x4x1x2xf32>
  return %0 : tensor<1x4x1x2xf32>
}

// -----

// A skip is cropped to the rows that the branch has: one delay serves both.
// CHECK-LABEL: func.func @skip
// CHECK: %[[D:.*]] = thimble.delay %{{.*}} : (tensor<1x1x1x2xf32>) -> tensor<1x3x1x2xf32>
// CHECK: %[[P:.*]] = thimble.max_pool_2d %[[D]] {{.*}} -> tensor<1x1x1x2xf32>
// CHECK: %[[R:.*]] = thimble.strided_slice %[[D]] {offsets = array<i64: 0, 1, 0, 0>, {{.*}}thimble.id = "rows_0"
// CHECK: %[[C:.*]] = thimble.strided_slice %[[R]] {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: 1, 1, 1, 2>, {{.*}}thimble.id = "crop_1"
// CHECK: thimble.add %[[P]], %[[C]] {{.*}} -> tensor<1x1x1x2xf32>
func.func @skip(%x: tensor<1x9x1x2xf32>) -> tensor<1x7x1x2xf32> {
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 3, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "max_pool_2d_0"} : (tensor<1x9x1x2xf32>) -> tensor<1x7x1x2xf32>
  %1 = thimble.strided_slice %x {offsets = array<i64: 0, 1, 0, 0>, sizes = array<i64: 1, 7, 1, 2>, strides = array<i64: 1, 1, 1, 1>, thimble.id = "crop_1"} : (tensor<1x9x1x2xf32>) -> tensor<1x7x1x2xf32>
  %2 = thimble.add %0, %1 {thimble.id = "add_2"} : (tensor<1x7x1x2xf32>, tensor<1x7x1x2xf32>) -> tensor<1x7x1x2xf32>
  return %2 : tensor<1x7x1x2xf32>
}

// -----

// What mixes rows in another way gets all of them.
// CHECK-LABEL: func.func @whole
// CHECK: %[[R:.*]] = thimble.relu %{{.*}} -> tensor<1x1x1x2xf32>
// CHECK: %[[D:.*]] = thimble.delay %[[R]] {{.*}} -> tensor<1x9x1x2xf32>
// CHECK: %[[F:.*]] = thimble.reshape %[[D]] {{.*}} -> tensor<1x18xf32>
// CHECK: thimble.tanh %[[F]] {{.*}} -> tensor<1x18xf32>
func.func @whole(%x: tensor<1x9x1x2xf32>) -> tensor<1x18xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<1x9x1x2xf32>) -> tensor<1x9x1x2xf32>
  %1 = thimble.reshape %0 {thimble.id = "reshape_1"} : (tensor<1x9x1x2xf32>) -> tensor<1x18xf32>
  %2 = thimble.tanh %1 {thimble.id = "tanh_2"} : (tensor<1x18xf32>) -> tensor<1x18xf32>
  return %2 : tensor<1x18xf32>
}
