// verify-planned-rows.mlir - results partly over what was read
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-verify-planned --split-input-file --verify-diagnostics %s

// Eight rows of 32 bytes; row s is computed from rows s - 1 to s + 1: two rows
// further down is far enough.
#x = #thimble.placement<"arena", 64>
#y = #thimble.placement<"arena", 0>
func.func @main(%x: tensor<1x8x2x4xf32> {thimble.placement = #x}) -> tensor<1x8x2x4xf32>
    attributes {thimble.arena_bytes = 512 : i64} {
  %0 = thimble.kernel "max_pool_2d_0"(%x) {kernel = "reference", placements = [#y]} : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  ^bb0(%a: tensor<1x8x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
    thimble.yield %1 : tensor<1x8x2x4xf32>
  }
  return %0 : tensor<1x8x2x4xf32>
}

// -----

// One row is not.
#x = #thimble.placement<"arena", 32>
#y = #thimble.placement<"arena", 0>
func.func @main(%x: tensor<1x8x2x4xf32> {thimble.placement = #x}) -> tensor<1x8x2x4xf32>
    attributes {thimble.arena_bytes = 512 : i64} {
  // expected-error @+1 {{expected bytes of its own, found [0, 256) over [32, 288), which is live}}
  %0 = thimble.kernel "max_pool_2d_0"(%x) {kernel = "reference", placements = [#y]} : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  ^bb0(%a: tensor<1x8x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
    thimble.yield %1 : tensor<1x8x2x4xf32>
  }
  return %0 : tensor<1x8x2x4xf32>
}

// -----

// From the last row on it goes the other way.
#x = #thimble.placement<"arena", 0>
#y = #thimble.placement<"arena", 64>
func.func @main(%x: tensor<1x8x2x4xf32> {thimble.placement = #x}) -> tensor<1x8x2x4xf32>
    attributes {thimble.arena_bytes = 512 : i64} {
  %0 = thimble.kernel "max_pool_2d_0"(%x) {kernel = "reference", descending, placements = [#y]} : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  ^bb0(%a: tensor<1x8x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
    thimble.yield %1 : tensor<1x8x2x4xf32>
  }
  return %0 : tensor<1x8x2x4xf32>
}

// -----

// Only then.
#x = #thimble.placement<"arena", 0>
#y = #thimble.placement<"arena", 64>
func.func @main(%x: tensor<1x8x2x4xf32> {thimble.placement = #x}) -> tensor<1x8x2x4xf32>
    attributes {thimble.arena_bytes = 512 : i64} {
  // expected-error @+1 {{expected bytes of its own, found [64, 320) over [0, 256), which is live}}
  %0 = thimble.kernel "max_pool_2d_0"(%x) {kernel = "reference", placements = [#y]} : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32> {
  ^bb0(%a: tensor<1x8x2x4xf32>):
    %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
        : (tensor<1x8x2x4xf32>) -> tensor<1x8x2x4xf32>
    thimble.yield %1 : tensor<1x8x2x4xf32>
  }
  return %0 : tensor<1x8x2x4xf32>
}
