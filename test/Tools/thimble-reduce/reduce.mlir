// reduce.mlir - what is not interesting goes
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-reduce %s -reduction-tree='traversal-mode=0 test=%S/Inputs/has-tanh.sh' \
// RUN:   | FileCheck %s

// CHECK: func.func @kept
// CHECK: thimble.tanh
// CHECK-NOT: func.func @dropped
func.func @kept(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.tanh %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
func.func @dropped(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
