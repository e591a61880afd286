// drop-dead-channels.mlir - channels that are constant or not read go
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All scales are 1, so that a result is its accumulator plus its zero point,
// clamped; numbers can be checked by hand.
//
// RUN: thimble-opt --thimble-drop-dead-channels --split-input-file %s | FileCheck %s
// RUN: thimble-opt --thimble-drop-dead-channels --split-input-file \
// RUN:   --remarks-filter=channels --remark-format=emitRemark %s -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 1.0:-3>
!w = !quant.uniform<i8:f32, 1.0>

// Channel 1 of %0 is 7 - 3 = 4 everywhere: it adds 3 * (4 - -3) = 21 to the bias.
// CHECK-LABEL: func.func @weights_of_zero
// CHECK: %[[W0:.*]] = thimble.constant dense<[{{.*}}1, 2, -1{{.*}}> : tensor<1x1x1x3xi8>
// CHECK: %[[B0:.*]] = thimble.constant dense<5> : tensor<1xi32>
// CHECK: %[[Y:.*]] = thimble.conv_2d %{{.*}}, %[[W0]], %[[B0]] {{.*}} -> tensor<1x2x2x1x
// CHECK: %[[W1:.*]] = thimble.constant dense<2> : tensor<1x1x1x1xi8>
// CHECK: %[[B1:.*]] = thimble.constant dense<31> : tensor<1xi32>
// CHECK: thimble.conv_2d %[[Y]], %[[W1]], %[[B1]] {{.*}} -> tensor<1x2x2x1x
// REMARK: 'conv_2d_0' loses 1 of 2 channels: 1 constant, 0 that nothing reads
func.func @weights_of_zero(%x: tensor<1x2x2x3x!q>) -> tensor<1x2x2x1x!q> {
  %w0 = thimble.constant dense<[[[[1, 2, -1]]], [[[0, 0, 0]]]]> : tensor<2x1x1x3xi8> : tensor<2x1x1x3x!w>
  %b0 = thimble.constant dense<[5, 7]> : tensor<2xi32> : tensor<2xi32>
  %w1 = thimble.constant dense<[[[[2, 3]]]]> : tensor<1x1x1x2xi8> : tensor<1x1x1x2x!w>
  %b1 = thimble.constant dense<[10]> : tensor<1xi32> : tensor<1xi32>
  %0 = thimble.conv_2d %x, %w0, %b0 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_0"}
    : (tensor<1x2x2x3x!q>, tensor<2x1x1x3x!w>, tensor<2xi32>) -> tensor<1x2x2x2x!q>
  %1 = thimble.conv_2d %0, %w1, %b1 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_1"}
    : (tensor<1x2x2x2x!q>, tensor<1x1x1x2x!w>, tensor<1xi32>) -> tensor<1x2x2x1x!q>
  return %1 : tensor<1x2x2x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:-3>
!w = !quant.uniform<i8:f32, 1.0>

// x + 3 is at most 130, so channel 1 is below 0 with a bias of -131 and may be
// above with -129. ReLU leaves the zero point, which adds nothing.
// CHECK-LABEL: func.func @clamped
// CHECK: thimble.constant dense<[0, -129]> : tensor<2xi32>
// CHECK: thimble.fully_connected {{.*}}relu{{.*}} -> tensor<1x2x
// CHECK: thimble.constant dense<[{{\[}}2, 4]]> : tensor<1x2xi8>
// CHECK: thimble.fully_connected %{{[^,]*}}, %{{[^,]*}} {thimble.id
func.func @clamped(%x: tensor<1x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<1> : tensor<3x1xi8> : tensor<3x1x!w>
  %b0 = thimble.constant dense<[0, -131, -129]> : tensor<3xi32> : tensor<3xi32>
  %w1 = thimble.constant dense<[[2, 3, 4]]> : tensor<1x3xi8> : tensor<1x3x!w>
  %0 = thimble.fully_connected %x, %w0, %b0 {activation = #thimble.activation<relu>, thimble.id = "fully_connected_0"}
    : (tensor<1x1x!q>, tensor<3x1x!w>, tensor<3xi32>) -> tensor<1x3x!q>
  %1 = thimble.fully_connected %0, %w1 {thimble.id = "fully_connected_1"}
    : (tensor<1x3x!q>, tensor<1x3x!w>) -> tensor<1x1x!q>
  return %1 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// After the ReLU nothing is negative; times -1 nothing is positive: the second
// ReLU leaves 0 of channel 0.
// CHECK-LABEL: func.func @bounds_of_bounds
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x1x
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x1x
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x2x
func.func @bounds_of_bounds(%x: tensor<1x2x!q>) -> tensor<1x2x!q> {
  %w0 = thimble.constant dense<1> : tensor<1x2xi8> : tensor<1x2x!w>
  %w1 = thimble.constant dense<[[-1], [1]]> : tensor<2x1xi8> : tensor<2x1x!w>
  %w2 = thimble.constant dense<1> : tensor<2x2xi8> : tensor<2x2x!w>
  %0 = thimble.fully_connected %x, %w0 {activation = #thimble.activation<relu>, thimble.id = "fully_connected_0"}
    : (tensor<1x2x!q>, tensor<1x2x!w>) -> tensor<1x1x!q>
  %1 = thimble.fully_connected %0, %w1 {activation = #thimble.activation<relu>, thimble.id = "fully_connected_1"}
    : (tensor<1x1x!q>, tensor<2x1x!w>) -> tensor<1x2x!q>
  %2 = thimble.fully_connected %1, %w2 {thimble.id = "fully_connected_2"}
    : (tensor<1x2x!q>, tensor<2x2x!w>) -> tensor<1x2x!q>
  return %2 : tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Channel 0 is 5: next to the border it would add less. Channel 1 is the zero
// point. Channel 2 is 6, but its taps on padding have no weight.
// CHECK-LABEL: func.func @padding
// CHECK: thimble.constant dense<[5, 0]> : tensor<2xi32>
// CHECK: thimble.conv_2d {{.*}} -> tensor<1x3x3x2x
// CHECK: thimble.constant dense<12> : tensor<1xi32>
// CHECK: thimble.conv_2d {{.*}}padding = array<i64: 1, 1, 1, 1>
// REMARK: 'conv_2d_0' loses 2 of 4 channels: 2 constant, 0 that nothing reads
// REMARK: 1 of 4 channels of 'conv_2d_0' are constant and stay: what reads them cannot do without
func.func @padding(%x: tensor<1x3x3x1x!q>) -> tensor<1x3x3x1x!q> {
  %w0 = thimble.constant dense<[[[[0]]], [[[0]]], [[[0]]], [[[1]]]]> : tensor<4x1x1x1xi8> : tensor<4x1x1x1x!w>
  %b0 = thimble.constant dense<[5, 0, 6, 0]> : tensor<4xi32> : tensor<4xi32>
  %w1 = thimble.constant dense<[[[[1, 1, 0, 1], [1, 1, 0, 1], [1, 1, 0, 1]],
                                 [[1, 1, 0, 1], [1, 1, 2, 1], [1, 1, 0, 1]],
                                 [[1, 1, 0, 1], [1, 1, 0, 1], [1, 1, 0, 1]]]]>
    : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!w>
  %0 = thimble.conv_2d %x, %w0, %b0 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_0"}
    : (tensor<1x3x3x1x!q>, tensor<4x1x1x1x!w>, tensor<4xi32>) -> tensor<1x3x3x4x!q>
  %1 = thimble.conv_2d %0, %w1 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, thimble.id = "conv_2d_1"}
    : (tensor<1x3x3x4x!q>, tensor<1x3x3x4x!w>) -> tensor<1x3x3x1x!q>
  return %1 : tensor<1x3x3x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32:0, {1.0, 2.0, 4.0}>
!v = !quant.uniform<i8:f32, 1.0>

// Nothing has a weight for channel 1; its scale goes with it.
// CHECK-LABEL: func.func @not_read
// CHECK-DAG: thimble.constant dense<[{{\[}}1], [3]]> : tensor<2x1xi8> : tensor<2x1x!quant.uniform<i8:f32:0, {1.000000e+00,4.000000e+00}>>
// CHECK-DAG: thimble.constant dense<[{{\[}}1, 2]]> : tensor<1x2xi8>
// REMARK: 'fully_connected_0' loses 1 of 3 channels: 0 constant, 1 that nothing reads
func.func @not_read(%x: tensor<1x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<[[1], [2], [3]]> : tensor<3x1xi8> : tensor<3x1x!w>
  %w1 = thimble.constant dense<[[1, 0, 2]]> : tensor<1x3xi8> : tensor<1x3x!v>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x1x!q>, tensor<3x1x!w>) -> tensor<1x3x!q>
  %1 = thimble.fully_connected %0, %w1 {thimble.id = "fully_connected_1"}
    : (tensor<1x3x!q>, tensor<1x3x!v>) -> tensor<1x1x!q>
  return %1 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// 2^31 - 1 and 10 more wrap, as the sum itself would.
// CHECK-LABEL: func.func @bias_wraps
// CHECK: thimble.constant dense<-2147483639> : tensor<1xi32>
func.func @bias_wraps(%x: tensor<1x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<[[1], [0]]> : tensor<2x1xi8> : tensor<2x1x!w>
  %b0 = thimble.constant dense<[0, 5]> : tensor<2xi32> : tensor<2xi32>
  %w1 = thimble.constant dense<[[1, 2]]> : tensor<1x2xi8> : tensor<1x2x!w>
  %b1 = thimble.constant dense<2147483647> : tensor<1xi32> : tensor<1xi32>
  %0 = thimble.fully_connected %x, %w0, %b0 {thimble.id = "fully_connected_0"}
    : (tensor<1x1x!q>, tensor<2x1x!w>, tensor<2xi32>) -> tensor<1x2x!q>
  %1 = thimble.fully_connected %0, %w1, %b1 {thimble.id = "fully_connected_1"}
    : (tensor<1x2x!q>, tensor<1x2x!w>, tensor<1xi32>) -> tensor<1x1x!q>
  return %1 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// A bias that reaches over the end of int32 wraps around: nothing is constant.
// CHECK-LABEL: func.func @no_bounds
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x2x
// CHECK: thimble.fully_connected
func.func @no_bounds(%x: tensor<1x1x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<1> : tensor<2x1xi8> : tensor<2x1x!w>
  %b0 = thimble.constant dense<[0, -2147483648]> : tensor<2xi32> : tensor<2xi32>
  %w1 = thimble.constant dense<1> : tensor<1x2xi8> : tensor<1x2x!w>
  %0 = thimble.fully_connected %x, %w0, %b0 {activation = #thimble.activation<relu>, thimble.id = "fully_connected_0"}
    : (tensor<1x1x!q>, tensor<2x1x!w>, tensor<2xi32>) -> tensor<1x2x!q>
  %1 = thimble.fully_connected %0, %w1 {thimble.id = "fully_connected_1"}
    : (tensor<1x2x!q>, tensor<1x2x!w>) -> tensor<1x1x!q>
  return %1 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Input channel 1 is 0, so outputs 2 and 3 of the depthwise convolution are
// their biases, 8 and 9, which the product takes: 1 * 8 + 2 * 9.
// CHECK-LABEL: func.func @depthwise
// CHECK: thimble.conv_2d {{.*}} -> tensor<1x2x2x1x
// CHECK: thimble.depthwise_conv_2d {{.*}}padding = array<i64: 1, 1, 1, 1>{{.*}} -> tensor<1x2x2x2x
// CHECK: thimble.constant dense<26> : tensor<1xi32>
// CHECK: thimble.conv_2d {{.*}} -> tensor<1x2x2x1x
func.func @depthwise(%x: tensor<1x2x2x1x!q>) -> tensor<1x2x2x1x!q> {
  %w0 = thimble.constant dense<[[[[1]]], [[[0]]]]> : tensor<2x1x1x1xi8> : tensor<2x1x1x1x!w>
  %w1 = thimble.constant dense<1> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!w>
  %b1 = thimble.constant dense<[6, 7, 8, 9]> : tensor<4xi32> : tensor<4xi32>
  %w2 = thimble.constant dense<[[[[1, 1, 1, 2]]]]> : tensor<1x1x1x4xi8> : tensor<1x1x1x4x!w>
  %0 = thimble.conv_2d %x, %w0 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_0"}
    : (tensor<1x2x2x1x!q>, tensor<2x1x1x1x!w>) -> tensor<1x2x2x2x!q>
  %1 = thimble.depthwise_conv_2d %0, %w1, %b1 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>, thimble.id = "depthwise_conv_2d_1"}
    : (tensor<1x2x2x2x!q>, tensor<1x3x3x4x!w>, tensor<4xi32>) -> tensor<1x2x2x4x!q>
  %2 = thimble.conv_2d %1, %w2 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_2"}
    : (tensor<1x2x2x4x!q>, tensor<1x1x1x4x!w>) -> tensor<1x2x2x1x!q>
  return %2 : tensor<1x2x2x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// One input channel may have any number of outputs.
// CHECK-LABEL: func.func @depthwise_of_one
// CHECK: thimble.depthwise_conv_2d {{.*}} -> tensor<1x2x2x2x
func.func @depthwise_of_one(%x: tensor<1x2x2x1x!q>) -> tensor<1x2x2x1x!q> {
  %w0 = thimble.constant dense<1> : tensor<1x1x1x3xi8> : tensor<1x1x1x3x!w>
  %w1 = thimble.constant dense<[[[[1, 0, 1]]]]> : tensor<1x1x1x3xi8> : tensor<1x1x1x3x!w>
  %0 = thimble.depthwise_conv_2d %x, %w0 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "depthwise_conv_2d_0"}
    : (tensor<1x2x2x1x!q>, tensor<1x1x1x3x!w>) -> tensor<1x2x2x3x!q>
  %1 = thimble.conv_2d %0, %w1 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_1"}
    : (tensor<1x2x2x3x!q>, tensor<1x1x1x3x!w>) -> tensor<1x2x2x1x!q>
  return %1 : tensor<1x2x2x1x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// Results keep their channels. Sums of channel 0 lie in [-455, -200] and are
// clamped to -128: the bias -455 alone gives that, so that nothing reads channel
// 0 of %0.
// CHECK-LABEL: func.func @result
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x1x
// CHECK-DAG: thimble.constant dense<[{{\[}}0], [1]]> : tensor<2x1xi8>
// CHECK-DAG: thimble.constant dense<[-455, 0]> : tensor<2xi32>
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x2x
func.func @result(%x: tensor<1x2x!q>) -> tensor<1x2x!q> {
  %w0 = thimble.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi8> : tensor<2x2x!w>
  %w1 = thimble.constant dense<[[1, 0], [0, 1]]> : tensor<2x2xi8> : tensor<2x2x!w>
  %b1 = thimble.constant dense<[-327, 0]> : tensor<2xi32> : tensor<2xi32>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x2x!q>, tensor<2x2x!w>) -> tensor<1x2x!q>
  %1 = thimble.fully_connected %0, %w1, %b1 {thimble.id = "fully_connected_1"}
    : (tensor<1x2x!q>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!q>
  return %1 : tensor<1x2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// A tensor that is read keeps a channel, of weight 0 in front of constants.
// CHECK-LABEL: func.func @one_stays
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x1x
// CHECK-DAG: thimble.constant dense<0> : tensor<1x1xi8>
// CHECK-DAG: thimble.constant dense<11> : tensor<1xi32>
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x1x
func.func @one_stays(%x: tensor<1x2x!q>) -> tensor<1x1x!q> {
  %w0 = thimble.constant dense<0> : tensor<2x2xi8> : tensor<2x2x!w>
  %b0 = thimble.constant dense<[3, 4]> : tensor<2xi32> : tensor<2xi32>
  %w1 = thimble.constant dense<[[1, 2]]> : tensor<1x2xi8> : tensor<1x2x!w>
  %0 = thimble.fully_connected %x, %w0, %b0 {thimble.id = "fully_connected_0"}
    : (tensor<1x2x!q>, tensor<2x2x!w>, tensor<2xi32>) -> tensor<1x2x!q>
  %1 = thimble.fully_connected %0, %w1 {thimble.id = "fully_connected_1"}
    : (tensor<1x2x!q>, tensor<1x2x!w>) -> tensor<1x1x!q>
  return %1 : tensor<1x1x!q>
}

// -----

// Floats stay as they are: 0 times infinity is not 0.
// CHECK-LABEL: func.func @float
// CHECK: thimble.fully_connected {{.*}} -> tensor<1x2xf32>
func.func @float(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w0 = thimble.constant dense<[[0.0], [1.0]]> : tensor<2x1xf32> : tensor<2x1xf32>
  %w1 = thimble.constant dense<[[1.0, 0.0]]> : tensor<1x2xf32> : tensor<1x2xf32>
  %0 = thimble.fully_connected %x, %w0 {thimble.id = "fully_connected_0"}
    : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<1x2xf32>
  %1 = thimble.fully_connected %0, %w1 {thimble.id = "fully_connected_1"}
    : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8:f32, 1.0>

// A constant is no tensor that an op computes: it stays whole.
// CHECK-LABEL: func.func @constant_image
// CHECK: thimble.constant dense<[{{\[}}3, 4]]> : tensor<1x2xi8>
// CHECK: thimble.quantize %{{.*}} : (tensor<1x2xf32>)
func.func @constant_image(%x: tensor<1x2x!q>) -> (tensor<1x1x!q>, tensor<1x2x!q>) {
  %c = thimble.constant dense<[[3, 4]]> : tensor<1x2xi8> : tensor<1x2x!q>
  %f = thimble.constant dense<1.5> : tensor<1x2xf32> : tensor<1x2xf32>
  %w = thimble.constant dense<[[1, 2]]> : tensor<1x2xi8> : tensor<1x2x!w>
  %0 = thimble.fully_connected %c, %w {thimble.id = "fully_connected_0"}
    : (tensor<1x2x!q>, tensor<1x2x!w>) -> tensor<1x1x!q>
  %1 = thimble.quantize %f {thimble.id = "quantize_1"} : (tensor<1x2xf32>) -> tensor<1x2x!q>
  return %0, %1 : tensor<1x1x!q>, tensor<1x2x!q>
}
