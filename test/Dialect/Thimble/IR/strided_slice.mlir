// strided_slice.mlir - every stride-th element of a box
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

// CHECK-LABEL: func.func @backwards
// CHECK: thimble.strided_slice %{{.*}} {offsets = array<i64: 0, 3>, sizes = array<i64: 2, 2>, strides = array<i64: 1, -2>, thimble.id = "strided_slice_0"}
// STEP: call @backwards.strided_slice_0(
// STEP: llvm.store
func.func @backwards(%x: tensor<2x4xf32>) -> tensor<2x2xf32> {
  %0 = thimble.strided_slice %x {thimble.id = "strided_slice_0", offsets = array<i64: 0, 3>,
      sizes = array<i64: 2, 2>, strides = array<i64: 1, -2>} : (tensor<2x4xf32>) -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

// Rows are chosen by row pointers.
// STEP-LABEL: func.func private @rows.strided_slice_0.step(
// STEP: %[[ROW:.*]] = arith.constant 16 : i32
// STEP-NEXT: "llvm.intr.memcpy"(%arg1, %arg0, %[[ROW]])
// STEP-LABEL: func.func private @rows.strided_slice_0(
// STEP: %[[THREE:.*]] = arith.constant 3 : i32
// STEP-NEXT: arith.muli %{{.*}}, %[[THREE]]
// STEP: func.call @rows.strided_slice_0.step(
func.func @rows(%x: tensor<1x6x2x2xf32>) -> tensor<1x2x2x2xf32> {
  %0 = thimble.strided_slice %x {thimble.id = "strided_slice_0", offsets = array<i64: 0, 1, 0, 0>,
      sizes = array<i64: 1, 2, 2, 2>, strides = array<i64: 1, 3, 1, 1>} : (tensor<1x6x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}

// -----

func.func @counts(%x: tensor<2x4xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected 2 offsets, sizes and strides}}
  %0 = thimble.strided_slice %x {offsets = array<i64: 0>, sizes = array<i64: 2>, strides = array<i64: 1>}
    : (tensor<2x4xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @inside(%x: tensor<4xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected elements inside dimension 0 of 'tensor<4xf32>'}}
  %0 = thimble.strided_slice %x {offsets = array<i64: 3>, sizes = array<i64: 2>, strides = array<i64: 1>}
    : (tensor<4xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @elements(%x: tensor<4xf32>) -> tensor<3xf32> {
  // expected-error @+1 {{expected a result of 2 elements, found 'tensor<3xf32>'}}
  %0 = thimble.strided_slice %x {offsets = array<i64: 0>, sizes = array<i64: 2>, strides = array<i64: 1>}
    : (tensor<4xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}
