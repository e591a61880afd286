// fuse-activation.mlir - clamps of their own become fused
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-fuse-activation --split-input-file %s | FileCheck %s
// RUN: thimble-opt --thimble-fuse-activation --split-input-file \
// RUN:   --remarks-filter=fusion --remark-format=emitRemark %s -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK

!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.25>

// CHECK-LABEL: func.func @conv
// CHECK: %[[CONV:.*]] = thimble.conv_2d
// CHECK-SAME: activation = #thimble.activation<relu>
// CHECK-SAME: thimble.id = "conv_2d_0"
// CHECK-NEXT: return %[[CONV]]
// REMARK: 'conv_2d_0' clamps its result itself, in place of 'relu_1'
func.func @conv(%x: tensor<1x4x4x3x!q>) -> tensor<1x4x4x2x!q> {
  %w = thimble.constant dense<1> : tensor<2x1x1x3xi8> : tensor<2x1x1x3x!w>
  %0 = thimble.conv_2d %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_0"}
      : (tensor<1x4x4x3x!q>, tensor<2x1x1x3x!w>) -> tensor<1x4x4x2x!q>
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<1x4x4x2x!q>) -> tensor<1x4x4x2x!q>
  return %1 : tensor<1x4x4x2x!q>
}

// -----

// One after the other: relu, then 6 as the upper bound.
// CHECK-LABEL: func.func @chain
// CHECK: thimble.add {{.*}}activation = #thimble.activation<relu6>
// CHECK-NOT: thimble.relu
func.func @chain(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %0 = thimble.add %x, %y {thimble.id = "add_0"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<8xf32>) -> tensor<8xf32>
  %2 = thimble.relu6 %1 {thimble.id = "relu6_2"} : (tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}

// -----

// int8 cannot hold 6 at this scale: ReLU6 is ReLU.
!q = !quant.uniform<i8:f32, 0.01:0>
// CHECK-LABEL: func.func @saturated
// CHECK: thimble.mul {{.*}}activation = #thimble.activation<relu>
// CHECK-NOT: thimble.relu6
func.func @saturated(%x: tensor<8x!q>, %y: tensor<8x!q>) -> tensor<8x!q> {
  %0 = thimble.mul %x, %y {thimble.id = "mul_0"} : (tensor<8x!q>, tensor<8x!q>) -> tensor<8x!q>
  %1 = thimble.relu6 %0 {thimble.id = "relu6_1"} : (tensor<8x!q>) -> tensor<8x!q>
  return %1 : tensor<8x!q>
}

// -----

// [-1, 1], then [0, infinity): there is no activation for [0, 1].
// CHECK-LABEL: func.func @no_composition
// CHECK: thimble.relu
// REMARK: the activation is a layer of its own: no fused activation does both clamps
func.func @no_composition(%x: tensor<8xf32>, %y: tensor<8xf32>) -> tensor<8xf32> {
  %0 = thimble.add %x, %y {activation = #thimble.activation<relu_n1_to_1>, thimble.id = "add_0"}
      : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:-3>
// CHECK-LABEL: func.func @other_quantization
// CHECK: thimble.relu
// REMARK: its result is quantized in another way than its operand
func.func @other_quantization(%x: tensor<8x!q>, %y: tensor<8x!q>) -> tensor<8x!r> {
  %0 = thimble.add %x, %y {thimble.id = "add_0"} : (tensor<8x!q>, tensor<8x!q>) -> tensor<8x!q>
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<8x!q>) -> tensor<8x!r>
  return %1 : tensor<8x!r>
}

// -----

// CHECK-LABEL: func.func @two_users
// CHECK: thimble.relu
// REMARK: its operand is used elsewhere
func.func @two_users(%x: tensor<8xf32>, %y: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %0 = thimble.add %x, %y {thimble.id = "add_0"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<8xf32>) -> tensor<8xf32>
  return %0, %1 : tensor<8xf32>, tensor<8xf32>
}

// -----

// CHECK-LABEL: func.func @argument
// CHECK: thimble.relu
// REMARK: nothing that can clamp computes its operand
func.func @argument(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
