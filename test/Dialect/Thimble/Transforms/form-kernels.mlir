// form-kernels.mlir - every graph op becomes a kernel
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-form-kernels --split-input-file --verify-diagnostics %s \
// RUN:   | FileCheck %s

// Constants stay outside.
// CHECK-LABEL: func.func @constant
// CHECK: %[[C:.*]] = thimble.constant
// CHECK: thimble.kernel "add_0"(%arg0, %[[C]]) :
// CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<2xf32>, %[[B:.*]]: tensor<2xf32>):
// CHECK-NEXT: %[[SUM:.*]] = thimble.add %[[A]], %[[B]] {thimble.id = "add_0"}
// CHECK-NEXT: thimble.yield %[[SUM]]
func.func @constant(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = thimble.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  %0 = thimble.add %x, %c {thimble.id = "add_0"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// A value that is used twice is one input.
// CHECK-LABEL: func.func @twice
// CHECK: thimble.kernel "mul_0"(%arg0) :
// CHECK-NEXT: ^bb0(%[[A:.*]]: tensor<2xf32>):
// CHECK-NEXT: thimble.mul %[[A]], %[[A]]
func.func @twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.mul %x, %x {thimble.id = "mul_0"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// CHECK-LABEL: func.func @chain
// CHECK: %[[FIRST:.*]] = thimble.kernel "relu_0"(%arg0)
// CHECK: thimble.kernel "tanh_1"(%[[FIRST]])
func.func @chain(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2xf32>) -> tensor<2xf32>
  %1 = thimble.tanh %0 {thimble.id = "tanh_1"} : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

func.func @no_id(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected the attribute 'thimble.id'}}
  %0 = thimble.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
