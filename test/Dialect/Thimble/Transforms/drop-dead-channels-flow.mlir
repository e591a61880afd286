// drop-dead-channels-flow.mlir - channels that go through several ops
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All scales are 1, so that a result is its accumulator plus its zero point,
// clamped; numbers can be checked by hand.
//
// RUN: thimble-opt --thimble-drop-dead-channels --split-input-file %s | FileCheck %s
// RUN: thimble-opt --thimble-drop-dead-channels --split-input-file \
// RUN:   --remarks-filter=channels --remark-format=emitRemark %s -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 1.0:0>
!r = !quant.uniform<i8:f32, 2.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Channel 0 is constant in one summand only and stays; channel 1 is in both:
// (4 + 6) / 2 = 5, three times which is 15.
// CHECK-LABEL: func.func @sum
// CHECK: thimble.add {{.*}} -> tensor<1x2x
// CHECK: thimble.constant dense<15> : tensor<1xi32>
// CHECK: thimble.fully_connected
func.func @sum(%x: tensor<1x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<[[0], [0], [1]]> : tensor<3x1xi8> : tensor<3x1x!w>
  %b0 = thimble.constant dense<[3, 4, 0]> : tensor<3xi32> : tensor<3xi32>
  %w1 = thimble.constant dense<[[1], [0], [1]]> : tensor<3x1xi8> : tensor<3x1x!w>
  %b1 = thimble.constant dense<[0, 6, 0]> : tensor<3xi32> : tensor<3xi32>
  %w2 = thimble.constant dense<[[1, 3, 1]]> : tensor<1x3xi8> : tensor<1x3x!w>
  %0 = thimble.fully_connected %x, %w0, %b0 {thimble.id = "fully_connected_0"}
    : (tensor<1x1x!q>, tensor<3x1x!w>, tensor<3xi32>) -> tensor<1x3x!q>
  %1 = thimble.fully_connected %x, %w1, %b1 {thimble.id = "fully_connected_1"}
    : (tensor<1x1x!q>, tensor<3x1x!w>, tensor<3xi32>) -> tensor<1x3x!q>
  %2 = thimble.add %0, %1 {thimble.id = "add_2"}
    : (tensor<1x3x!q>, tensor<1x3x!q>) -> tensor<1x3x!r>
  %3 = thimble.fully_connected %2, %w2 {thimble.id = "fully_connected_3"}
    : (tensor<1x3x!r>, tensor<1x3x!w>) -> tensor<1x1x!q>
  return %3 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// An operand of a join may go altogether; so does what computes it.
// CHECK-LABEL: func.func @join
// CHECK: thimble.fully_connected
// CHECK-NOT: thimble.fully_connected
// CHECK: thimble.concatenation {{.*}} : (tensor<1x1x{{.*}}, tensor<1x2x{{.*}}) -> tensor<1x3x
// CHECK: thimble.constant dense<[{{\[}}1, 4, 5]]> : tensor<1x3xi8>
// CHECK: thimble.fully_connected
// REMARK: 'fully_connected_1' goes: nothing needs it
func.func @join(%x: tensor<1x2x!q>) -> tensor<1x1x!q> {
  %w = thimble.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8> : tensor<2x2x!w>
  %w2 = thimble.constant dense<[[1, 0, 0, 0, 4, 5]]> : tensor<1x6xi8> : tensor<1x6x!w>
  %0 = thimble.fully_connected %x, %w {thimble.id = "fully_connected_0"}
    : (tensor<1x2x!q>, tensor<2x2x!w>) -> tensor<1x2x!q>
  %1 = thimble.fully_connected %x, %w {activation = #thimble.activation<relu>, thimble.id = "fully_connected_1"}
    : (tensor<1x2x!q>, tensor<2x2x!w>) -> tensor<1x2x!q>
  %2 = thimble.concatenation %0, %1, %x {axis = 1 : i64, thimble.id = "concatenation_2"}
    : (tensor<1x2x!q>, tensor<1x2x!q>, tensor<1x2x!q>) -> tensor<1x6x!q>
  %3 = thimble.fully_connected %2, %w2 {thimble.id = "fully_connected_3"}
    : (tensor<1x6x!q>, tensor<1x6x!w>) -> tensor<1x1x!q>
  return %3 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Joined along the width, what is constant in one part only is not constant.
// CHECK-LABEL: func.func @join_of_pixels
// CHECK: thimble.concatenation {{.*}} -> tensor<1x4x2x
func.func @join_of_pixels(%x: tensor<1x2x3x!q>) -> tensor<1x4x1x!q> {
  %w0 = thimble.constant dense<[[0, 0, 0], [0, 0, 0], [1, 1, 1]]> : tensor<3x3xi8> : tensor<3x3x!w>
  %b0 = thimble.constant dense<[1, 2, 3]> : tensor<3xi32> : tensor<3xi32>
  %b1 = thimble.constant dense<[1, 1, 3]> : tensor<3xi32> : tensor<3xi32>
  %w1 = thimble.constant dense<1> : tensor<1x3xi8> : tensor<1x3x!w>
  %0 = thimble.fully_connected %x, %w0, %b0 {thimble.id = "fully_connected_0"}
    : (tensor<1x2x3x!q>, tensor<3x3x!w>, tensor<3xi32>) -> tensor<1x2x3x!q>
  %1 = thimble.fully_connected %x, %w0, %b1 {thimble.id = "fully_connected_1"}
    : (tensor<1x2x3x!q>, tensor<3x3x!w>, tensor<3xi32>) -> tensor<1x2x3x!q>
  %2 = thimble.concatenation %0, %1 {axis = 1 : i64, thimble.id = "concatenation_2"}
    : (tensor<1x2x3x!q>, tensor<1x2x3x!q>) -> tensor<1x4x3x!q>
  %3 = thimble.fully_connected %2, %w1 {thimble.id = "fully_connected_3"}
    : (tensor<1x4x3x!q>, tensor<1x3x!w>) -> tensor<1x4x1x!q>
  return %3 : tensor<1x4x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Pools hand constants on; ReLU6 of 9 is 6; padding mixes 0 into 6. Channel 2
// is 0 throughout.
// CHECK-LABEL: func.func @pools_and_pads
// CHECK: thimble.average_pool_2d {{.*}} -> tensor<1x2x2x2x
// CHECK: thimble.max_pool_2d {{.*}} -> tensor<1x2x2x2x
// CHECK: thimble.relu6 {{.*}} -> tensor<1x2x2x2x
// CHECK: thimble.pad {{.*}} -> tensor<1x3x2x2x
// CHECK: thimble.conv_2d
func.func @pools_and_pads(%x: tensor<1x2x2x1x!q>) -> tensor<1x3x2x1x!q> {
  %w0 = thimble.constant dense<[[[[1]]], [[[0]]], [[[0]]]]> : tensor<3x1x1x1xi8> : tensor<3x1x1x1x!w>
  %b0 = thimble.constant dense<[0, 9, 0]> : tensor<3xi32> : tensor<3xi32>
  %w1 = thimble.constant dense<1> : tensor<1x1x1x3xi8> : tensor<1x1x1x3x!w>
  %0 = thimble.conv_2d %x, %w0, %b0 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_0"}
    : (tensor<1x2x2x1x!q>, tensor<3x1x1x1x!w>, tensor<3xi32>) -> tensor<1x2x2x3x!q>
  %1 = thimble.average_pool_2d %0 {kernel_size = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 0, 1, 0, 1>, thimble.id = "average_pool_2d_1"}
    : (tensor<1x2x2x3x!q>) -> tensor<1x2x2x3x!q>
  %2 = thimble.max_pool_2d %1 {kernel_size = array<i64: 2, 2>, strides = array<i64: 1, 1>, padding = array<i64: 0, 1, 0, 1>, thimble.id = "max_pool_2d_2"}
    : (tensor<1x2x2x3x!q>) -> tensor<1x2x2x3x!q>
  %3 = thimble.relu6 %2 {thimble.id = "relu6_3"} : (tensor<1x2x2x3x!q>) -> tensor<1x2x2x3x!q>
  %4 = thimble.pad %3 {low = array<i64: 0, 1, 0, 0>, high = array<i64: 0, 0, 0, 0>, thimble.id = "pad_4"}
    : (tensor<1x2x2x3x!q>) -> tensor<1x3x2x3x!q>
  %5 = thimble.conv_2d %4, %w1 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_5"}
    : (tensor<1x3x2x3x!q>, tensor<1x1x1x3x!w>) -> tensor<1x3x2x1x!q>
  return %5 : tensor<1x3x2x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:5>
!w = !quant.uniform<i8:f32, 1.0>

// Channels that a pad adds hold the zero point and need not be added.
// CHECK-LABEL: func.func @pad_of_channels
// CHECK: thimble.pad {{.*}}{high = array<i64: 0, 0>, low = array<i64: 0, 0>{{.*}} -> tensor<1x2x
// CHECK: thimble.constant dense<[{{\[}}3, 4]]> : tensor<1x2xi8>
func.func @pad_of_channels(%x: tensor<1x2x!q>) -> tensor<1x1x!q> {
  %w = thimble.constant dense<[[1, 2, 3, 4, 5]]> : tensor<1x5xi8> : tensor<1x5x!w>
  %0 = thimble.pad %x {low = array<i64: 0, 2>, high = array<i64: 0, 1>, thimble.id = "pad_0"}
    : (tensor<1x2x!q>) -> tensor<1x5x!q>
  %1 = thimble.fully_connected %0, %w {thimble.id = "fully_connected_1"}
    : (tensor<1x5x!q>, tensor<1x5x!w>) -> tensor<1x1x!q>
  return %1 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Channel 1 of the image is elements 1 and 4 of the vector: 7 * (2 + 5) = 49.
// CHECK-LABEL: func.func @flatten
// CHECK: thimble.reshape {{.*}} : (tensor<1x1x2x2x{{.*}}) -> tensor<1x4x
// CHECK-DAG: thimble.constant dense<[{{\[}}1, 3, 4, 6]]> : tensor<1x4xi8>
// CHECK-DAG: thimble.constant dense<49> : tensor<1xi32>
func.func @flatten(%x: tensor<1x1x2x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<[[[[1]]], [[[0]]], [[[1]]]]> : tensor<3x1x1x1xi8> : tensor<3x1x1x1x!w>
  %b0 = thimble.constant dense<[0, 7, 0]> : tensor<3xi32> : tensor<3xi32>
  %w1 = thimble.constant dense<[[1, 2, 3, 4, 5, 6]]> : tensor<1x6xi8> : tensor<1x6x!w>
  %0 = thimble.conv_2d %x, %w0, %b0 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_0"}
    : (tensor<1x1x2x1x!q>, tensor<3x1x1x1x!w>, tensor<3xi32>) -> tensor<1x1x2x3x!q>
  %1 = thimble.reshape %0 {thimble.id = "reshape_1"} : (tensor<1x1x2x3x!q>) -> tensor<1x6x!q>
  %2 = thimble.fully_connected %1, %w1 {thimble.id = "fully_connected_2"}
    : (tensor<1x6x!q>, tensor<1x6x!w>) -> tensor<1x1x!q>
  return %2 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// The same, without a vector in between; element 1 alone may not go.
// CHECK-LABEL: func.func @rows_of_pixels
// CHECK: thimble.constant dense<[{{\[}}1, 4]]> : tensor<1x2xi8>
// CHECK: thimble.fully_connected {{.*}} : (tensor<1x2x1x
func.func @rows_of_pixels(%x: tensor<1x2x2x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<1> : tensor<3x2xi8> : tensor<3x2x!w>
  %w1 = thimble.constant dense<[[1, 0, 0, 4, 0, 0]]> : tensor<1x6xi8> : tensor<1x6x!w>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x2x2x!q>, tensor<3x2x!w>) -> tensor<1x2x3x!q>
  %1 = thimble.fully_connected %0, %w1 {thimble.id = "fully_connected_1"}
    : (tensor<1x2x3x!q>, tensor<1x6x!w>) -> tensor<1x1x!q>
  return %1 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Of channels 1 to 2 the second is not read; of 0 and 3 nothing is.
// CHECK-LABEL: func.func @slice
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x2x1x
// CHECK: thimble.strided_slice {{.*}}offsets = array<i64: 0, 1, 0>, sizes = array<i64: 1, 1, 1>{{.*}} -> tensor<1x1x1x
func.func @slice(%x: tensor<1x2x2x!q>) -> tensor<1x1x1x!q> {
  %w0 = thimble.constant dense<1> : tensor<4x2xi8> : tensor<4x2x!w>
  %w1 = thimble.constant dense<[[1, 0]]> : tensor<1x2xi8> : tensor<1x2x!w>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x2x2x!q>, tensor<4x2x!w>) -> tensor<1x2x4x!q>
  %1 = thimble.strided_slice %0 {offsets = array<i64: 0, 1, 1>, sizes = array<i64: 1, 1, 2>, strides = array<i64: 1, 1, 1>, thimble.id = "strided_slice_1"}
    : (tensor<1x2x4x!q>) -> tensor<1x1x2x!q>
  %2 = thimble.fully_connected %1, %w1 {thimble.id = "fully_connected_2"}
    : (tensor<1x1x2x!q>, tensor<1x2x!w>) -> tensor<1x1x1x!q>
  return %2 : tensor<1x1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// A mean of pixels keeps channels apart, a mean of channels does not.
// CHECK-LABEL: func.func @means
// CHECK: thimble.mean {{.*}}axes = array<i64: 1>{{.*}} -> tensor<1x2x
// CHECK: thimble.mean {{.*}}axes = array<i64: 2>{{.*}} : (tensor<1x2x3x
func.func @means(%x: tensor<1x2x2x!q>) -> (tensor<1x1x!q>, tensor<1x2x!q>) {
  %w0 = thimble.constant dense<[[1, 1], [0, 0], [1, 1]]> : tensor<3x2xi8> : tensor<3x2x!w>
  %w1 = thimble.constant dense<1> : tensor<1x3xi8> : tensor<1x3x!w>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x2x2x!q>, tensor<3x2x!w>) -> tensor<1x2x3x!q>
  %1 = thimble.mean %0 {axes = array<i64: 1>, thimble.id = "mean_1"} : (tensor<1x2x3x!q>) -> tensor<1x3x!q>
  %2 = thimble.fully_connected %1, %w1 {thimble.id = "fully_connected_2"}
    : (tensor<1x3x!q>, tensor<1x3x!w>) -> tensor<1x1x!q>
  %3 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_3"}
    : (tensor<1x2x2x!q>, tensor<3x2x!w>) -> tensor<1x2x3x!q>
  %4 = thimble.mean %3 {axes = array<i64: 2>, thimble.id = "mean_4"} : (tensor<1x2x3x!q>) -> tensor<1x2x!q>
  return %2, %4 : tensor<1x1x!q>, tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!p = !quant.uniform<i8:f32, 0.00390625:-128>
!w = !quant.uniform<i8:f32, 1.0>

// Softmax mixes channels: all stay.
// CHECK-LABEL: func.func @softmax
// CHECK: thimble.softmax {{.*}} : (tensor<1x3x
func.func @softmax(%x: tensor<1x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<[[0], [0], [1]]> : tensor<3x1xi8> : tensor<3x1x!w>
  %w1 = thimble.constant dense<[[1, 0, 1]]> : tensor<1x3xi8> : tensor<1x3x!w>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x1x!q>, tensor<3x1x!w>) -> tensor<1x3x!q>
  %1 = thimble.softmax %0 {beta = 1.0 : f32, thimble.id = "softmax_1"} : (tensor<1x3x!q>) -> tensor<1x3x!p>
  %2 = thimble.fully_connected %1, %w1 {thimble.id = "fully_connected_2"}
    : (tensor<1x3x!p>, tensor<1x3x!w>) -> tensor<1x1x!q>
  return %2 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// A constant operand loses the same channels; a number for all keeps its one.
// CHECK-LABEL: func.func @constant_operands
// CHECK: %[[C:.*]] = thimble.constant dense<[1, 3]> : tensor<2xi8>
// CHECK: thimble.add %{{.*}}, %[[C]]
// CHECK: thimble.mul {{.*}} : (tensor<1x2x{{.*}}, tensor<1x!quant
func.func @constant_operands(%x: tensor<1x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<1> : tensor<3x1xi8> : tensor<3x1x!w>
  %c = thimble.constant dense<[1, 2, 3]> : tensor<3xi8> : tensor<3x!q>
  %d = thimble.constant dense<2> : tensor<1xi8> : tensor<1x!q>
  %w1 = thimble.constant dense<[[1, 0, 1]]> : tensor<1x3xi8> : tensor<1x3x!w>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x1x!q>, tensor<3x1x!w>) -> tensor<1x3x!q>
  %1 = thimble.add %0, %c {thimble.id = "add_1"} : (tensor<1x3x!q>, tensor<3x!q>) -> tensor<1x3x!q>
  %2 = thimble.mul %1, %d {thimble.id = "mul_2"} : (tensor<1x3x!q>, tensor<1x!q>) -> tensor<1x3x!q>
  %3 = thimble.fully_connected %2, %w1 {thimble.id = "fully_connected_3"}
    : (tensor<1x3x!q>, tensor<1x3x!w>) -> tensor<1x1x!q>
  return %3 : tensor<1x1x!q>
}
