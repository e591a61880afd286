// fold-pad.mlir - pads become padding of windows
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-fold-pad --canonicalize --split-input-file %s | FileCheck %s
// RUN: thimble-opt --thimble-fold-pad --split-input-file \
// RUN:   --remarks-filter=fusion --remark-format=emitRemark %s -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.25>

// What the window had itself is added.
// CHECK-LABEL: func.func @conv
// CHECK-NOT: thimble.pad
// CHECK: thimble.conv_2d %arg0
// CHECK-SAME: padding = array<i64: 1, 3, 3, 5>
// CHECK-SAME: thimble.id = "conv_2d_1"
// REMARK: 'conv_2d_1' pads in its window what 'pad_0' padded
func.func @conv(%x: tensor<1x4x4x3x!q>) -> tensor<1x6x10x2x!q> {
  %w = thimble.constant dense<1> : tensor<2x3x3x3xi8> : tensor<2x3x3x3x!w>
  %0 = thimble.pad %x {low = array<i64: 0, 1, 2, 0>, high = array<i64: 0, 2, 3, 0>, thimble.id = "pad_0"}
      : (tensor<1x4x4x3x!q>) -> tensor<1x7x9x3x!q>
  %1 = thimble.conv_2d %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 1, 1, 2>, thimble.id = "conv_2d_1"}
      : (tensor<1x7x9x3x!q>, tensor<2x3x3x3x!w>) -> tensor<1x6x10x2x!q>
  return %1 : tensor<1x6x10x2x!q>
}

// -----

// Every user takes its share.
// CHECK-LABEL: func.func @two_users
// CHECK-NOT: thimble.pad
// CHECK-COUNT-2: thimble.depthwise_conv_2d %arg0{{.*}}padding = array<i64: 1, 1, 1, 1>
func.func @two_users(%x: tensor<1x4x4x2xf32>) -> (tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>) {
  %w = thimble.constant dense<1.0> : tensor<1x3x3x2xf32> : tensor<1x3x3x2xf32>
  %v = thimble.constant dense<2.0> : tensor<1x3x3x2xf32> : tensor<1x3x3x2xf32>
  %0 = thimble.pad %x {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, thimble.id = "pad_0"}
      : (tensor<1x4x4x2xf32>) -> tensor<1x6x6x2xf32>
  %1 = thimble.depthwise_conv_2d %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "a"}
      : (tensor<1x6x6x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x4x4x2xf32>
  %2 = thimble.depthwise_conv_2d %0, %v {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "b"}
      : (tensor<1x6x6x2xf32>, tensor<1x3x3x2xf32>) -> tensor<1x4x4x2xf32>
  return %1, %2 : tensor<1x4x4x2xf32>, tensor<1x4x4x2xf32>
}

// -----

// The pad writes -3, the window would read 4.
!q = !quant.uniform<i8:f32, 0.5:4>
!r = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.25>
// CHECK-LABEL: func.func @other_quantization
// CHECK: thimble.pad
// REMARK: the pad makes a copy: its result is quantized in another way than its operand
func.func @other_quantization(%x: tensor<1x4x4x3x!q>) -> tensor<1x4x4x2x!q> {
  %w = thimble.constant dense<1> : tensor<2x3x3x3xi8> : tensor<2x3x3x3x!w>
  %0 = thimble.pad %x {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, thimble.id = "pad_0"}
      : (tensor<1x4x4x3x!q>) -> tensor<1x6x6x3x!r>
  %1 = thimble.conv_2d %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_1"}
      : (tensor<1x6x6x3x!r>, tensor<2x3x3x3x!w>) -> tensor<1x4x4x2x!q>
  return %1 : tensor<1x4x4x2x!q>
}

// -----

// CHECK-LABEL: func.func @channels
// CHECK: thimble.pad
// REMARK: the pad makes a copy: it pads batches or channels
func.func @channels(%x: tensor<1x4x4x2xf32>) -> tensor<1x4x4x1xf32> {
  %w = thimble.constant dense<1.0> : tensor<1x1x1x3xf32> : tensor<1x1x1x3xf32>
  %0 = thimble.pad %x {low = array<i64: 0, 0, 0, 1>, high = array<i64: 0, 0, 0, 0>, thimble.id = "pad_0"}
      : (tensor<1x4x4x2xf32>) -> tensor<1x4x4x3xf32>
  %1 = thimble.conv_2d %0, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_1"}
      : (tensor<1x4x4x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x4x4x1xf32>
  return %1 : tensor<1x4x4x1xf32>
}

// -----

// Elements that a maximum pool adds are never the maximum, 0 might be.
// CHECK-LABEL: func.func @pool
// CHECK: thimble.pad
// REMARK: the pad makes a copy: it is used by more than convolutions
func.func @pool(%x: tensor<1x4x4x2xf32>) -> tensor<1x3x3x2xf32> {
  %0 = thimble.pad %x {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, thimble.id = "pad_0"}
      : (tensor<1x4x4x2xf32>) -> tensor<1x6x6x2xf32>
  %1 = thimble.max_pool_2d %0 {kernel_size = array<i64: 2, 2>, strides = array<i64: 2, 2>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "max_pool_2d_1"}
      : (tensor<1x6x6x2xf32>) -> tensor<1x3x3x2xf32>
  return %1 : tensor<1x3x3x2xf32>
}
