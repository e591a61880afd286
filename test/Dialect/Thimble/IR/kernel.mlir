// kernel.mlir - a group of ops that one kernel computes
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s

// CHECK-LABEL: func.func @planned
// CHECK: thimble.kernel "relu_0"(%{{.*}}) {copy, kernel = "reference", overwrites = array<i64: 0>, placements = [#thimble.placement<"arena", 16>], scratch = #thimble.placement<"arena", 32>, scratch_bytes = 8 : i64}
// CHECK: thimble.yield
func.func @planned(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", copy, scratch_bytes = 8 : i64,
      overwrites = array<i64: 0>, scratch = #thimble.placement<"arena", 32>,
      placements = [#thimble.placement<"arena", 16>]} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @no_yield(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a body that ends in thimble.yield}}
  %0 = thimble.kernel "relu_0"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @arguments(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected one body argument per input, of its type}}
  %0 = thimble.kernel "relu_0"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @results(%x: tensor<4xf32>) -> tensor<2x2xf32> {
  %0 = thimble.kernel "relu_0"(%x) : (tensor<4xf32>) -> tensor<2x2xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    // expected-error @+1 {{expected the types of the kernel's results}}
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<2x2xf32>
}

// -----

func.func @root(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a result that an op in the body computes}}
  %0 = thimble.kernel "relu_0"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    thimble.yield %a : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @placements(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected one placement per result, found 2 for 1}}
  %0 = thimble.kernel "relu_0"(%x) {placements = [#thimble.placement<"arena", 0>, #thimble.placement<"arena", 16>]}
    : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @isolated(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-note @+1 {{required by region isolation constraints}}
  %0 = thimble.kernel "relu_0"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    // expected-error @+1 {{using value defined outside the region}}
    %1 = thimble.relu %x : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @yield_alone(%x: tensor<4xf32>) {
  // expected-error @+1 {{expects parent op to be one of 'thimble.kernel, thimble.stream'}}
  thimble.yield %x : tensor<4xf32>
}
