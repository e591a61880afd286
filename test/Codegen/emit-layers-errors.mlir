// emit-layers-errors.mlir - plans that cannot become code
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-emit-layers --split-input-file --verify-diagnostics %s

// The kernel computes four channels at a time.
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
!e = tensor<8x2x!w, #thimble.encoding<[#thimble.packed<4>], tile = 2>>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x2x!x> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x8x!x> attributes {thimble.arena_bytes = 24 : i64, thimble.arena_alignment = 8 : i64} {
    %w = thimble.constant dense<0> : tensor<14xi8> : !e
    // expected-error @+1 {{expected tiles of a multiple of 4 output channels, found 2 and a last one of 2}}
    %0 = thimble.kernel "fully_connected_0"(%x, %w) {kernel = "reference", scratch_bytes = 8 : i64, scratch = #thimble.placement<"arena", 16>, placements = [#thimble.placement<"arena", 8>]} : (tensor<1x2x!x>, !e) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x2x!x>, %b: !e):
      %d = thimble.decode %b : !e -> tensor<8x2x!w>
      %1 = thimble.fully_connected %a, %d {thimble.id = "fully_connected_0"} : (tensor<1x2x!x>, tensor<8x2x!w>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}

// -----

// Weights are decoded into scratch, of which there is too little.
!x = !quant.uniform<i8:f32, 0.5>
!e = tensor<8x2x!x, #thimble.encoding<[#thimble.packed<4>]>>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x2x!x> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x8x!x> attributes {thimble.arena_bytes = 24 : i64, thimble.arena_alignment = 8 : i64} {
    %w = thimble.constant dense<0> : tensor<8xi8> : !e
    // expected-error @+1 {{expected a placement of at least 16 bytes of scratch, found one of 8; run thimble-select-kernels and thimble-plan-memory first}}
    %0 = thimble.kernel "fully_connected_0"(%x, %w) {kernel = "reference", scratch_bytes = 8 : i64, scratch = #thimble.placement<"arena", 16>, placements = [#thimble.placement<"arena", 8>]} : (tensor<1x2x!x>, !e) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x2x!x>, %b: !e):
      %d = thimble.decode %b : !e -> tensor<8x2x!x>
      %1 = thimble.fully_connected %a, %d {thimble.id = "fully_connected_0"} : (tensor<1x2x!x>, tensor<8x2x!x>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
