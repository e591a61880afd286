// feed-rows.mlir - rows of a resident input delivered one by one
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-feed-rows --split-input-file --verify-diagnostics %s \
// RUN:   | FileCheck %s

!t = tensor<1x8x2x1xf32>

// CHECK-LABEL: func.func @resident(%arg0
// CHECK-SAME: thimble.arena_bytes = 72 : i64, thimble.bound_bytes = 72 : i64, thimble.live_bytes = 72 : i64
// CHECK-NEXT: thimble.stream fed(%arg0 : tensor<1x8x2x1xf32>) order = "8(i)"
// CHECK-SAME: state = #thimble.placement<"arena", 64>
// CHECK: thimble.kernel "relu_0"
func.func @resident(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) -> !t
    attributes {thimble.arena_bytes = 64 : i64, thimble.arena_alignment = 8 : i64,
                thimble.bound_bytes = 64 : i64, thimble.live_bytes = 64 : i64} {
  %0 = thimble.kernel "relu_0"(%x) {placements = [#thimble.placement<"arena", 0>]} : (!t) -> !t {
  ^bb0(%a: !t):
    %1 = thimble.relu %a : (!t) -> !t
    thimble.yield %1 : !t
  }
  return %0 : !t
}

// -----

!t = tensor<1x8x2x1xf32>

// CHECK-LABEL: func.func @fed(
// CHECK-SAME: thimble.arena_bytes = 96 : i64
// CHECK-COUNT-1: thimble.stream
// CHECK-NOT: thimble.stream
func.func @fed(%x: !t {thimble.placement = #thimble.placement<"arena", 0, rows = 1>}) -> !t
    attributes {thimble.arena_bytes = 96 : i64, thimble.arena_alignment = 8 : i64} {
  %0 = thimble.stream fed(%x : !t) order = "8(i 0)" -> !t attributes {state = #thimble.placement<"arena", 80>} {
    %1 = thimble.kernel "relu_0"(%x) {row_step = #thimble.row_step<scratch = 0, edge = 0>,
        placements = [#thimble.placement<"arena", 8>]} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    thimble.yield %1 : !t
  }
  return %0 : !t
}

// -----

!t = tensor<1x8x2x1xf32>

// expected-error @+1 {{expected the attribute 'thimble.arena_bytes'; run thimble-plan-memory first}}
func.func @unplanned(%x: !t) -> !t {
  %0 = thimble.kernel "relu_0"(%x) : (!t) -> !t {
  ^bb0(%a: !t):
    %1 = thimble.relu %a : (!t) -> !t
    thimble.yield %1 : !t
  }
  return %0 : !t
}

// -----

!t = tensor<1x8x2x1xf32>

// expected-error @+1 {{expected an input whose rows can be delivered}}
func.func @no_input() -> !t attributes {thimble.arena_bytes = 64 : i64, thimble.arena_alignment = 8 : i64} {
  %c = thimble.constant dense<1.0> : tensor<1x8x2x1xf32> : !t
  %0 = thimble.kernel "relu_0"(%c) {placements = [#thimble.placement<"arena", 0>]} : (!t) -> !t {
  ^bb0(%a: !t):
    %1 = thimble.relu %a : (!t) -> !t
    thimble.yield %1 : !t
  }
  return %0 : !t
}
