// plan-memory.mlir - the order of layers and an address for every value
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-plan-memory --thimble-verify-planned %s | FileCheck %s
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory{in-place=false},thimble-verify-planned)' %s \
// RUN:   | FileCheck %s --check-prefix=APART
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory{preserve-tensors},thimble-verify-planned)' %s \
// RUN:   | FileCheck %s --check-prefix=PRESERVE
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory{pointer-io},thimble-verify-planned)' %s \
// RUN:   | FileCheck %s --check-prefix=POINTERS

// All layers may work on the input's bytes: 64 are enough. Without that, two
// tensors live at once; preserved, all three results; with the caller's memory
// for inputs and outputs only the bytes of those in the middle are left.
// CHECK-LABEL: func.func @chain
// CHECK-SAME: thimble.placement = #thimble.placement<"arena", 0>
// CHECK-SAME: thimble.arena_alignment = 8 : i64, thimble.arena_bytes = 64 : i64, thimble.bound_bytes = 64 : i64
// CHECK-SAME: thimble.live_bytes = 64 : i64, thimble.row_bound_bytes = 64 : i64
// CHECK-NOT: thimble.peak_layer
// CHECK: "relu_0"{{.*}} placements = [#thimble.placement<"arena", 0>]
// CHECK: "tanh_1"{{.*}} placements = [#thimble.placement<"arena", 0>]
// APART-LABEL: func.func @chain
// APART-SAME: thimble.arena_bytes = 128 : i64, thimble.bound_bytes = 128 : i64, thimble.live_bytes = 128 : i64, thimble.peak_layer = "relu_0"
// APART-NOT: thimble.row_bound_bytes
// PRESERVE-LABEL: func.func @chain
// PRESERVE-SAME: thimble.arena_bytes = 192 : i64
// POINTERS-LABEL: func.func @chain
// POINTERS-SAME: #thimble.placement<"input0", 0>
// POINTERS-SAME: thimble.arena_bytes = 64 : i64
// POINTERS: "relu_0"{{.*}} placements = [#thimble.placement<"arena", 0>]
// POINTERS: "relu_2"{{.*}} placements = [#thimble.placement<"output0", 0>]
func.func @chain(%x: tensor<16xf32>) -> tensor<16xf32> {
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", overwrites = array<i64: 0>} : (tensor<16xf32>) -> tensor<16xf32> {
  ^bb0(%a: tensor<16xf32>):
    %1 = thimble.relu %a : (tensor<16xf32>) -> tensor<16xf32>
    thimble.yield %1 : tensor<16xf32>
  }
  %2 = thimble.kernel "tanh_1"(%0) {kernel = "reference", overwrites = array<i64: 0>} : (tensor<16xf32>) -> tensor<16xf32> {
  ^bb0(%a: tensor<16xf32>):
    %1 = thimble.tanh %a : (tensor<16xf32>) -> tensor<16xf32>
    thimble.yield %1 : tensor<16xf32>
  }
  %3 = thimble.kernel "relu_2"(%2) {kernel = "reference", overwrites = array<i64: 0>} : (tensor<16xf32>) -> tensor<16xf32> {
  ^bb0(%a: tensor<16xf32>):
    %1 = thimble.relu %a : (tensor<16xf32>) -> tensor<16xf32>
    thimble.yield %1 : tensor<16xf32>
  }
  return %3 : tensor<16xf32>
}

// Scratch lives while its layer runs, and constants take no RAM.
// CHECK-LABEL: func.func @scratch
// CHECK-SAME: thimble.arena_bytes = 56 : i64
// CHECK: "add_0"{{.*}} scratch = #thimble.placement<"arena", 16>, scratch_bytes = 40 : i64
func.func @scratch(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c = thimble.constant dense<1.0> : tensor<4xf32> : tensor<4xf32>
  %0 = thimble.kernel "add_0"(%x, %c) {kernel = "reference", overwrites = array<i64: 0>, scratch_bytes = 40 : i64}
      : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %1 = thimble.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// The large tensors of the two branches need not live at the same time: the
// second branch is begun when the first has shrunk.
// CHECK-LABEL: func.func @order
// CHECK-SAME: thimble.arena_bytes = 320 : i64
// CHECK: "widen_a"
// CHECK: "narrow_a"
// CHECK: "widen_b"
// CHECK: "narrow_b"
func.func @order(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = thimble.kernel "widen_a"(%x) {kernel = "reference"} : (tensor<8xf32>) -> tensor<8x8xf32> {
  ^bb0(%a: tensor<8xf32>):
    %c = thimble.constant dense<1.0> : tensor<8x8xf32> : tensor<8x8xf32>
    %1 = thimble.add %a, %c : (tensor<8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    thimble.yield %1 : tensor<8x8xf32>
  }
  %2 = thimble.kernel "widen_b"(%x) {kernel = "reference"} : (tensor<8xf32>) -> tensor<8x8xf32> {
  ^bb0(%a: tensor<8xf32>):
    %c = thimble.constant dense<2.0> : tensor<8x8xf32> : tensor<8x8xf32>
    %1 = thimble.add %a, %c : (tensor<8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
    thimble.yield %1 : tensor<8x8xf32>
  }
  %3 = thimble.kernel "narrow_a"(%0) {kernel = "reference"} : (tensor<8x8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8x8xf32>):
    %1 = thimble.mean %a {axes = array<i64: 0>} : (tensor<8x8xf32>) -> tensor<8xf32>
    thimble.yield %1 : tensor<8xf32>
  }
  %4 = thimble.kernel "narrow_b"(%2) {kernel = "reference"} : (tensor<8x8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8x8xf32>):
    %1 = thimble.mean %a {axes = array<i64: 0>} : (tensor<8x8xf32>) -> tensor<8xf32>
    thimble.yield %1 : tensor<8xf32>
  }
  %5 = thimble.kernel "add"(%3, %4) {kernel = "reference"} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>, %b: tensor<8xf32>):
    %1 = thimble.add %a, %b : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    thimble.yield %1 : tensor<8xf32>
  }
  return %5 : tensor<8xf32>
}
