// verify-planned-figures.mlir - what a plan says about its arena can be true
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-verify-planned --split-input-file --verify-diagnostics %s

// What the report would say of an arena of 32 bytes.
#at0 = #thimble.placement<"arena", 0>
func.func @figures(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 32 : i64, thimble.live_bytes = 32 : i64, thimble.bound_bytes = 32 : i64,
                thimble.peak_layer = "relu_0"} {
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", overwrites = array<i64: 0>, placements = [#at0]}
      : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
// expected-error @+1 {{expected at most the 32 bytes of the arena as 'thimble.live_bytes', found 33; run thimble-plan-memory again}}
func.func @more_live(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 32 : i64, thimble.live_bytes = 33 : i64} {
  return %x : tensor<4xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
// expected-error @+1 {{expected at most the 16 bytes that are live as 'thimble.bound_bytes', found 17; run thimble-plan-memory again}}
func.func @higher_bound(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 32 : i64, thimble.live_bytes = 16 : i64, thimble.bound_bytes = 17 : i64} {
  return %x : tensor<4xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
// expected-error @+1 {{expected the id of a layer as 'thimble.peak_layer', found "relu_0"; run thimble-plan-memory again}}
func.func @no_such_layer(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 32 : i64, thimble.live_bytes = 16 : i64, thimble.peak_layer = "relu_0"} {
  return %x : tensor<4xf32>
}
