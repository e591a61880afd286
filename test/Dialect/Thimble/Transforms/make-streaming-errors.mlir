// make-streaming-errors.mlir - what cannot take its new rows only
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-make-streaming --split-input-file --verify-diagnostics %s
// RUN: not thimble-opt --thimble-make-streaming=rows=3 --split-input-file %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=THREE
// RUN: not thimble-opt --thimble-make-streaming=rows=-1 --split-input-file %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=NEGATIVE

func.func @padded(%x: tensor<1x9x1x2xf32>) -> tensor<1x9x1x2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<1x9x1x2xf32>) -> tensor<1x9x1x2xf32>
  // expected-error @+1 {{expected layers that read rows of the window only, found that 'pool_1' pads them: what it computes at the edge is not what it computed there before; pad no rows, or compile without --streaming}}
  %1 = thimble.max_pool_2d %0 {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "pool_1"} : (tensor<1x9x1x2xf32>) -> tensor<1x9x1x2xf32>
  return %1 : tensor<1x9x1x2xf32>
}

// -----

// NEGATIVE: expected a number of new rows, found -1
// THREE: expected new rows in multiples of 2 and fewer than the window's 9, found 3
func.func @stride(%x: tensor<1x9x1x2xf32>) -> tensor<1x4x1x2xf32> {
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 2, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 1>, thimble.id = "pool_0"} : (tensor<1x9x1x2xf32>) -> tensor<1x4x1x2xf32>
  return %0 : tensor<1x4x1x2xf32>
}

// -----

func.func @unlike(%x: tensor<1x9x1x2xf32>) -> tensor<1x4x1x2xf32> {
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 2, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 1>, thimble.id = "pool_0"} : (tensor<1x9x1x2xf32>) -> tensor<1x4x1x2xf32>
  %1 = thimble.strided_slice %x {offsets = array<i64: 0, 0, 0, 0>, sizes = array<i64: 1, 4, 1, 2>, strides = array<i64: 1, 1, 1, 1>, thimble.id = "crop_1"} : (tensor<1x9x1x2xf32>) -> tensor<1x4x1x2xf32>
  // expected-error @+1 {{expected operands that slide alike, found that those of 'add_2' slide by 2 and 1 rows of the input}}
  %2 = thimble.add %0, %1 {thimble.id = "add_2"} : (tensor<1x4x1x2xf32>, tensor<1x4x1x2xf32>) -> tensor<1x4x1x2xf32>
  return %2 : tensor<1x4x1x2xf32>
}

// -----

func.func @at_once(%x: tensor<1x9x1x2xf32>) -> tensor<1x18xf32> {
  // expected-error @+1 {{expected layers that a new row of the input adds a row to, found that 'reshape_0' needs all rows of its window at once}}
  %0 = thimble.reshape %x {thimble.id = "reshape_0"} : (tensor<1x9x1x2xf32>) -> tensor<1x18xf32>
  return %0 : tensor<1x18xf32>
}

// -----

// expected-error @+1 {{expected one input, whose rows slide, found 2}}
func.func @inputs(%x: tensor<4x2xf32>, %y: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %0 = thimble.add %x, %y {thimble.id = "add_0"} : (tensor<4x2xf32>, tensor<4x2xf32>) -> tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// -----

// expected-error @+1 {{expected an input of several rows in one dimension, the first that is not 1}}
func.func @batches(%x: tensor<2x4x1x2xf32>) -> tensor<2x4x1x2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2x4x1x2xf32>) -> tensor<2x4x1x2xf32>
  return %0 : tensor<2x4x1x2xf32>
}

// -----

// expected-error @+1 {{expected a window of more than 6 rows, by multiples of which it has to slide, found 5}}
func.func @too_far(%x: tensor<1x5x1x2xf32>) -> (tensor<1x3x1x2xf32>, tensor<1x2x1x2xf32>) {
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 1>, thimble.id = "pool_0"} : (tensor<1x5x1x2xf32>) -> tensor<1x3x1x2xf32>
  %1 = thimble.max_pool_2d %x {kernel_size = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 3, 1>, thimble.id = "pool_1"} : (tensor<1x5x1x2xf32>) -> tensor<1x2x1x2xf32>
  return %0, %1 : tensor<1x3x1x2xf32>, tensor<1x2x1x2xf32>
}

// -----

// THREE: expected so few new rows that layers keep some of theirs, found 3
func.func @pyramid(%x: tensor<1x4x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 2, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "pool_0"} : (tensor<1x4x1x2xf32>) -> tensor<1x3x1x2xf32>
  %1 = thimble.max_pool_2d %0 {kernel_size = array<i64: 3, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "pool_1"} : (tensor<1x3x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %1 : tensor<1x1x1x2xf32>
}
