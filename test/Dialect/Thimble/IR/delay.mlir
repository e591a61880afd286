// delay.mlir - thimble.delay
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt %s --split-input-file --verify-diagnostics --verify-roundtrip | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5:-3>

// CHECK-LABEL: func.func @rows
// CHECK: thimble.delay %{{.*}} {initial = dense<-3> : tensor<4xi8>}
// CHECK: thimble.delay %{{.*}} : (tensor<1x1x2x2x!{{.*}}>) -> tensor<1x3x2x2x!{{.*}}>
func.func @rows(%x: tensor<1x1x2x2x!q>) -> (tensor<1x3x2x2x!q>, tensor<1x3x2x2x!q>) {
  %0 = thimble.delay %x {initial = dense<-3> : tensor<4xi8>} : (tensor<1x1x2x2x!q>) -> tensor<1x3x2x2x!q>
  %1 = thimble.delay %x : (tensor<1x1x2x2x!q>) -> tensor<1x3x2x2x!q>
  return %0, %1 : tensor<1x3x2x2x!q>, tensor<1x3x2x2x!q>
}

// CHECK-LABEL: func.func @other_ranks
func.func @other_ranks(%x: tensor<2x5xf32>, %y: tensor<1x1x5xf32>) -> (tensor<3x5xf32>, tensor<1x2x5xf32>) {
  %0 = thimble.delay %x {initial = dense<0.0> : tensor<5xf32>} : (tensor<2x5xf32>) -> tensor<3x5xf32>
  %1 = thimble.delay %y : (tensor<1x1x5xf32>) -> tensor<1x2x5xf32>
  return %0, %1 : tensor<3x5xf32>, tensor<1x2x5xf32>
}

// -----

func.func @no_rows_kept(%x: tensor<2x5xf32>) -> tensor<2x5xf32> {
  // expected-error @+1 {{expected a result like the operand with more rows, found 'tensor<2x5xf32>' and 'tensor<2x5xf32>'}}
  %0 = thimble.delay %x : (tensor<2x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

func.func @other_rows(%x: tensor<1x5xf32>) -> tensor<3x4xf32> {
  // expected-error @+1 {{expected a result like the operand with more rows}}
  %0 = thimble.delay %x : (tensor<1x5xf32>) -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----

func.func @batches(%x: tensor<2x1x3x4xf32>) -> tensor<2x2x3x4xf32> {
  // expected-error @+1 {{expected a result like the operand with more rows}}
  %0 = thimble.delay %x : (tensor<2x1x3x4xf32>) -> tensor<2x2x3x4xf32>
  return %0 : tensor<2x2x3x4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @initial_of_reals(%x: tensor<1x1x2x2x!q>) -> tensor<1x3x2x2x!q> {
  // expected-error @+1 {{expected an initial row of 'tensor<4xi8>', found 'tensor<4xf32>'}}
  %0 = thimble.delay %x {initial = dense<0.0> : tensor<4xf32>} : (tensor<1x1x2x2x!q>) -> tensor<1x3x2x2x!q>
  return %0 : tensor<1x3x2x2x!q>
}

// -----

func.func @initial_without_numbers(%x: tensor<1x2xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{expected an initial row of 'tensor<2xf32>', found 'tensor<2xf32>' that is not dense}}
  %0 = thimble.delay %x {initial = sparse<[[0]], 1.0> : tensor<2xf32>} : (tensor<1x2xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}
