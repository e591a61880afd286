// duplicates.mlir - identical kernels are emitted once, layers never merged
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-pipeline=mcpu=cortex-m4 %s | FileCheck %s

// Two layers keep a function each, to be counted by, and share one step.
// CHECK-DAG: llvm.func internal @model.relu_0(
// CHECK-DAG: llvm.func internal @model.relu_1(
// CHECK-DAG: llvm.func internal @model.relu_0.step(
// CHECK-NOT: llvm.func internal @model.relu_1.step(
!a = tensor<2x4xf32>
func.func @model(%x: !a, %y: !a) -> (!a, !a) {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (!a) -> !a
  %1 = thimble.relu %y {thimble.id = "relu_1"} : (!a) -> !a
  return %0, %1 : !a, !a
}
