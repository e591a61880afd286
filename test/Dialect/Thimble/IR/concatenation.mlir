// concatenation.mlir - joins tensors along one dimension
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

// CHECK-LABEL: func.func @columns
// CHECK: thimble.concatenation %{{.*}}, %{{.*}} {axis = 1 : i64, thimble.id = "concatenation_0"}
// STEP: call @columns.concatenation_0(
// STEP: llvm.store
func.func @columns(%x: tensor<2x3xf32>, %y: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %0 = thimble.concatenation %x, %y {thimble.id = "concatenation_0", axis = 1 : i64}
    : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// -----

// Within rows it is computed row by row.
// STEP-LABEL: func.func @rows_invoke(
// STEP: %[[ROWS:.*]] = arith.constant 6 : i32
// STEP-NEXT: call @rows.concatenation_0(%arg0, %{{.*}}, %[[ROWS]])
func.func @rows(%x: tensor<1x6x2x2xf32>) -> tensor<1x6x2x4xf32> {
  %0 = thimble.concatenation %x, %x {thimble.id = "concatenation_0", axis = 3 : i64}
    : (tensor<1x6x2x2xf32>, tensor<1x6x2x2xf32>) -> tensor<1x6x2x4xf32>
  return %0 : tensor<1x6x2x4xf32>
}

// -----

func.func @axis(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected operands and an axis below 1}}
  %0 = thimble.concatenation %x {axis = 1 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @types(%x: tensor<2xf32>, %y: tensor<2xi32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected operands of the result's type, found 'tensor<2xi32>' and 'tensor<4xf32>'}}
  %0 = thimble.concatenation %x, %y {axis = 0 : i64} : (tensor<2xf32>, tensor<2xi32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @shapes(%x: tensor<2x3xf32>, %y: tensor<2x2xf32>) -> tensor<4x3xf32> {
  // expected-error @+1 {{expected operands that differ along dimension 0 only, found 'tensor<2x2xf32>' and 'tensor<4x3xf32>'}}
  %0 = thimble.concatenation %x, %y {axis = 0 : i64} : (tensor<2x3xf32>, tensor<2x2xf32>) -> tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

func.func @total(%x: tensor<2xf32>) -> tensor<5xf32> {
  // expected-error @+1 {{expected 4 elements along dimension 0, found 'tensor<5xf32>'}}
  %0 = thimble.concatenation %x, %x {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<5xf32>
  return %0 : tensor<5xf32>
}
