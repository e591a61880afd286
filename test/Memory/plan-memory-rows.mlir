// plan-memory-rows.mlir - rows of a result follow the rows that were read
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-plan-memory --thimble-verify-planned %s | FileCheck %s
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory{in-place=false},thimble-verify-planned)' %s \
// RUN:   | FileCheck %s --check-prefix=APART

// Eight rows of 32 bytes and windows of three: two rows more are enough for the
// first layer. The second one computes its last row first and moves back.
// CHECK-LABEL: func.func @chain
// CHECK-SAME: thimble.placement = #thimble.placement<"arena", [[X:[0-9]+]]>
// CHECK-SAME: thimble.arena_bytes = 320 : i64
// CHECK-DAG: "max_pool_2d_{{[0-2]}}"{{.*}} {descending,
// CHECK-DAG: "max_pool_2d_{{[0-2]}}"{{.*}} {kernel
// APART-LABEL: func.func @chain
// APART-SAME: thimble.arena_bytes = 512 : i64
// APART-NOT: descending
func.func @chain(%x: tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  %0 = thimble.kernel "max_pool_2d_0"(%x) {kernel = "reference"} : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  ^bb0(%a: tensor<1x8x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
    thimble.yield %1 : tensor<1x8x2x4xf32>
  }
  %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference"} : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  ^bb0(%a: tensor<1x8x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
    thimble.yield %1 : tensor<1x8x2x4xf32>
  }
  %3 = thimble.kernel "max_pool_2d_2"(%2) {kernel = "reference"} : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  ^bb0(%a: tensor<1x8x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
    thimble.yield %1 : tensor<1x8x2x4xf32>
  }
  return %3 : tensor<1x8x2x4xf32>
}
