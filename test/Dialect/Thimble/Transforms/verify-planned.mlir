// verify-planned.mlir - no two live values share a byte
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-verify-planned --split-input-file --verify-diagnostics %s

#at0 = #thimble.placement<"arena", 0>
#at16 = #thimble.placement<"arena", 16>
func.func @apart(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 32 : i64} {
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", placements = [#at16]} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
func.func @in_place(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 16 : i64} {
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", overwrites = array<i64: 0>, placements = [#at0]}
      : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// The kernel did not say that it may.
#at0 = #thimble.placement<"arena", 0>
func.func @overlap(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 16 : i64} {
  // expected-error @+1 {{expected bytes of its own, found [0, 16) over [0, 16), which is live}}
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", placements = [#at0]} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// It may, but a later layer still reads the input.
#at0 = #thimble.placement<"arena", 0>
#at16 = #thimble.placement<"arena", 16>
func.func @read_later(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 32 : i64} {
  // expected-error @+1 {{expected bytes of its own, found [0, 16) over [0, 16), which is live}}
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", overwrites = array<i64: 0>, placements = [#at0]}
      : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  %2 = thimble.kernel "add_1"(%x, %0) {kernel = "reference", placements = [#at16]}
      : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>):
    %1 = thimble.add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %2 : tensor<4xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
#at16 = #thimble.placement<"arena", 16>
func.func @outside(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 24 : i64} {
  // expected-error @+1 {{expected a placement inside the arena of 24 bytes, found one that ends at 32}}
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", placements = [#at16]} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
func.func @no_kernel(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 24 : i64} {
  // expected-error @+1 {{expected a kernel and placements}}
  %0 = thimble.kernel "relu_0"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
#at16 = #thimble.placement<"arena", 16>
func.func @no_scratch(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 64 : i64} {
  // expected-error @+1 {{expected a placement of its scratch}}
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", scratch_bytes = 8 : i64, placements = [#at16]}
      : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// expected-error @+1 {{expected the attribute 'thimble.arena_bytes'; run thimble-plan-memory first}}
func.func @no_arena(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{expected a placement of argument 0}}
func.func @no_argument(%x: tensor<4xf32>) -> tensor<4xf32> attributes {thimble.arena_bytes = 64 : i64} {
  return %x : tensor<4xf32>
}

// -----

// Two layers would be one in the report.
#at0 = #thimble.placement<"arena", 0>
#at16 = #thimble.placement<"arena", 16>
func.func @same_id(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
    attributes {thimble.arena_bytes = 32 : i64} {
  // expected-note @+1 {{also used here}}
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", placements = [#at16]} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  // expected-error @+1 {{expected an id of its own, found "relu_0"}}
  %2 = thimble.kernel "relu_0"(%0) {kernel = "reference", placements = [#at0]} : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
    thimble.yield %1 : tensor<4xf32>
  }
  return %2 : tensor<4xf32>
}

// -----

// A streaming model's state.
#at0 = #thimble.placement<"arena", 0>
#at8 = #thimble.placement<"arena", 8>
func.func @no_state(%x: tensor<1x1xf32> {thimble.placement = #at0}) -> tensor<3x1xf32>
    attributes {thimble.arena_bytes = 24 : i64} {
  // expected-error @+1 {{expected a placement of its state if it delays rows, and only then}}
  %0 = thimble.kernel "delay_0"(%x) {kernel = "reference", placements = [#at8]} : (tensor<1x1xf32>) -> tensor<3x1xf32> {
  ^bb0(%a: tensor<1x1xf32>):
    %1 = thimble.delay %a : (tensor<1x1xf32>) -> tensor<3x1xf32>
    thimble.yield %1 : tensor<3x1xf32>
  }
  return %0 : tensor<3x1xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
#at8 = #thimble.placement<"arena", 8>
#state = #thimble.placement<"state", 4>
func.func @outside(%x: tensor<1x1xf32> {thimble.placement = #at0}) -> tensor<3x1xf32>
    attributes {thimble.arena_bytes = 24 : i64, thimble.state_bytes = 8 : i64} {
  // expected-error @+1 {{expected a state inside of the region 'state', found #thimble.placement<"state", 4>}}
  %0 = thimble.kernel "delay_0"(%x) {kernel = "reference", placements = [#at8], state = #state} : (tensor<1x1xf32>) -> tensor<3x1xf32> {
  ^bb0(%a: tensor<1x1xf32>):
    %1 = thimble.delay %a : (tensor<1x1xf32>) -> tensor<3x1xf32>
    thimble.yield %1 : tensor<3x1xf32>
  }
  return %0 : tensor<3x1xf32>
}

// -----

#at0 = #thimble.placement<"arena", 0>
#at8 = #thimble.placement<"arena", 8>
#at20 = #thimble.placement<"arena", 20>
#s0 = #thimble.placement<"state", 0>
#s4 = #thimble.placement<"state", 4>
func.func @shared(%x: tensor<1x1xf32> {thimble.placement = #at0}) -> (tensor<3x1xf32>, tensor<3x1xf32>)
    attributes {thimble.arena_bytes = 32 : i64, thimble.state_bytes = 12 : i64} {
  %0 = thimble.kernel "delay_0"(%x) {kernel = "reference", placements = [#at8], state = #s0} : (tensor<1x1xf32>) -> tensor<3x1xf32> {
  ^bb0(%a: tensor<1x1xf32>):
    %1 = thimble.delay %a : (tensor<1x1xf32>) -> tensor<3x1xf32>
    thimble.yield %1 : tensor<3x1xf32>
  }
  // expected-error @+1 {{expected a state of its own, found [4, 12) over [0, 8)}}
  %2 = thimble.kernel "delay_1"(%x) {kernel = "reference", placements = [#at20], state = #s4} : (tensor<1x1xf32>) -> tensor<3x1xf32> {
  ^bb0(%a: tensor<1x1xf32>):
    %3 = thimble.delay %a : (tensor<1x1xf32>) -> tensor<3x1xf32>
    thimble.yield %3 : tensor<3x1xf32>
  }
  return %0, %2 : tensor<3x1xf32>, tensor<3x1xf32>
}
