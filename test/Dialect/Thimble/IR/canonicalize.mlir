// canonicalize.mlir - ops that change nothing go
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --canonicalize --split-input-file %s | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:-3>

// CHECK-LABEL: func.func @no_ops
// CHECK-NEXT: %[[R:.*]] = thimble.relu %arg0
// CHECK-NEXT: return %[[R]]
func.func @no_ops(%x: tensor<2x3x!q>) -> tensor<2x3x!q> {
  %0 = thimble.reshape %x {thimble.id = "0"} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  %1 = thimble.quantize %0 {thimble.id = "1"} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  %2 = thimble.transpose %1 {permutation = array<i64: 0, 1>, thimble.id = "2"} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  %3 = thimble.strided_slice %2 {offsets = array<i64: 0, 0>, sizes = array<i64: 2, 3>, strides = array<i64: 1, 1>, thimble.id = "3"}
      : (tensor<2x3x!q>) -> tensor<2x3x!q>
  %4 = thimble.concatenation %3 {axis = 1, thimble.id = "4"} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  %5 = thimble.pad %4 {low = array<i64: 0, 0>, high = array<i64: 0, 0>, thimble.id = "5"} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  %6 = thimble.relu %5 {thimble.id = "6"} : (tensor<2x3x!q>) -> tensor<2x3x!q>
  return %6 : tensor<2x3x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:-3>

// Numbers or their meaning change.
// CHECK-LABEL: func.func @needed
// CHECK: thimble.quantize
// CHECK: thimble.strided_slice
// CHECK: thimble.transpose
// CHECK: thimble.reshape
func.func @needed(%x: tensor<3x3x!q>) -> tensor<3x3x!q> {
  %0 = thimble.quantize %x {thimble.id = "0"} : (tensor<3x3x!q>) -> tensor<3x3x!r>
  %1 = thimble.strided_slice %0 {offsets = array<i64: 2, 0>, sizes = array<i64: 3, 3>, strides = array<i64: -1, 1>, thimble.id = "1"}
      : (tensor<3x3x!r>) -> tensor<3x3x!r>
  %2 = thimble.transpose %1 {permutation = array<i64: 1, 0>, thimble.id = "2"} : (tensor<3x3x!r>) -> tensor<3x3x!r>
  %3 = thimble.reshape %2 {thimble.id = "3"} : (tensor<3x3x!r>) -> tensor<3x3x!q>
  %4 = thimble.relu %3 {thimble.id = "4"} : (tensor<3x3x!q>) -> tensor<3x3x!q>
  return %4 : tensor<3x3x!q>
}

// -----

// CHECK-LABEL: func.func @reshape_of_reshape
// CHECK-NEXT: %[[R:.*]] = thimble.reshape %arg0 {thimble.id = "1"} : (tensor<4x6xf32>) -> tensor<24xf32>
// CHECK-NEXT: return %[[R]]
func.func @reshape_of_reshape(%x: tensor<4x6xf32>) -> tensor<24xf32> {
  %0 = thimble.reshape %x {thimble.id = "0"} : (tensor<4x6xf32>) -> tensor<2x12xf32>
  %1 = thimble.reshape %0 {thimble.id = "1"} : (tensor<2x12xf32>) -> tensor<24xf32>
  return %1 : tensor<24xf32>
}

// -----

// Only dimensions of one element move.
// CHECK-LABEL: func.func @transpose_to_reshape
// CHECK-NEXT: thimble.reshape %arg0 {thimble.id = "0"} : (tensor<1x8x1x4xf32>) -> tensor<8x1x4x1xf32>
func.func @transpose_to_reshape(%x: tensor<1x8x1x4xf32>) -> tensor<8x1x4x1xf32> {
  %0 = thimble.transpose %x {permutation = array<i64: 1, 0, 3, 2>, thimble.id = "0"}
      : (tensor<1x8x1x4xf32>) -> tensor<8x1x4x1xf32>
  return %0 : tensor<8x1x4x1xf32>
}

// -----

// A model returns what an op computes, never its own argument.
// CHECK-LABEL: func.func @argument
// CHECK: thimble.reshape
func.func @argument(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = thimble.reshape %x {thimble.id = "0"} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Two results stay two tensors.
// CHECK-LABEL: func.func @twice
// CHECK: %[[A:.*]] = thimble.relu
// CHECK: %[[B:.*]] = thimble.reshape %[[A]]
// CHECK: return %[[A]], %[[B]]
func.func @twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = thimble.relu %x {thimble.id = "0"} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = thimble.reshape %0 {thimble.id = "1"} : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
