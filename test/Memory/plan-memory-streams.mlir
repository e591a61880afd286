// plan-memory-streams.mlir - layers computed row by row where RAM is short
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory{max-ram=400},thimble-verify-planned)' %s \
// RUN:   | FileCheck %s
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory{max-ram=304 row-io},thimble-verify-planned)' %s \
// RUN:   | FileCheck %s --check-prefix=FED
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory,thimble-verify-planned)' %s \
// RUN:   | FileCheck %s --check-prefix=WHOLE

// As a whole the second layer needs two tensors of 512 bytes, less what rows that
// follow each other save; in a stream three rows of the one and one of the other.
// The scratch of the steps at the edges is live in these steps only.
// CHECK-LABEL: func.func @m
// CHECK-SAME: thimble.placement = #thimble.placement<"arena", {{[0-9]+}}>
// CHECK-SAME: thimble.arena_bytes = 304 : i64, thimble.bound_bytes = 264 : i64, thimble.live_bytes = 264 : i64
// CHECK-SAME: thimble.peak_layer = "max_pool_2d_1"
// CHECK: %[[R:.*]] = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
// CHECK: thimble.kernel "dequantize_0"{{.*}} placements = [#thimble.placement<"arena", {{[0-9]+}}, rows = 3>]
// CHECK: thimble.kernel "max_pool_2d_1"{{.*}} placements = [#thimble.placement<"arena", {{[0-9]+}}, rows = 1>]{{.*}} scratch = #thimble.placement<"arena"
// CHECK: thimble.kernel "average_pool_2d_2"{{.*}} {kept = #thimble.placement<"arena", {{[0-9]+}}>{{.*}} placements = [#thimble.placement<"arena", {{[0-9]+}}>]
// CHECK: thimble.yield
// CHECK: return %[[R]]

// One row of the input at a time.
// FED-LABEL: func.func @m
// FED-SAME: thimble.placement = #thimble.placement<"arena", {{[0-9]+}}, rows = 1>
// FED-SAME: thimble.arena_bytes = 208 : i64, thimble.bound_bytes = 168 : i64, thimble.live_bytes = 172 : i64
// FED: thimble.stream fed(%{{.*}}) order = "i 0 15(i 0 1 2) 1 2" -> tensor<1x1x1x4xf32> attributes {state = #thimble.placement<"arena", 192>}

// WHOLE-LABEL: func.func @m
// WHOLE-SAME: thimble.arena_bytes = 624 : i64, thimble.bound_bytes = 624 : i64, thimble.live_bytes = 624 : i64
// WHOLE-SAME: thimble.row_bound_bytes = 264 : i64
// WHOLE-NOT: thimble.stream

!q = !quant.uniform<i8:f32, 5.000000e-01>

func.func @m(%x: tensor<1x16x2x4x!q>) -> tensor<1x1x1x4xf32> {
  %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>}
      : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
  ^bb0(%a: tensor<1x16x2x4x!q>):
    %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
    thimble.yield %1 : tensor<1x16x2x4xf32>
  }
  %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", scratch_bytes = 48 : i64,
      row_step = #thimble.row_step<scratch = 16, edge = 48>} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
  ^bb0(%a: tensor<1x16x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
    thimble.yield %1 : tensor<1x16x2x4xf32>
  }
  %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference",
      row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
  ^bb0(%a: tensor<1x16x2x4xf32>):
    %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
    thimble.yield %1 : tensor<1x1x1x4xf32>
  }
  return %3 : tensor<1x1x1x4xf32>
}
