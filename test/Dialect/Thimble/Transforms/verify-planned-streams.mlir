// verify-planned-streams.mlir - each row is where it is read
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-verify-planned --split-input-file --verify-diagnostics %s

// Three rows of the first layer, one of the second, and sums over rows that
// have been read.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

// A ring of two rows is too short for a window of three.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 2>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected to find row 0 of 'dequantize_0' in step 1, found other bytes in its place}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

// The second layer runs too early.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 1 15(0 1 2) 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected to find row 1 of 'dequantize_0' in step 0, found other bytes in its place}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

// Scratch over the ring.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected to find row 0 of 'dequantize_0' in step 0, found other bytes in its place}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 128>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

// A row over one that the same step reads.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected a place for the result of step 0 apart from row 0 of 'dequantize_0', which the step uses}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 128, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

// A row over the step's own scratch.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected a place for the result of step 0 apart from its scratch, which the step uses}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 224, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

// Sums over a row of the input that is still to be read.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    // expected-error @+1 {{expected to find row 2 of an input in step 2, found other bytes in its place}}
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 8>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

// The arena is too small.
!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 296 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected row 0 of 'max_pool_2d_1' inside the arena of 296 bytes, 8-byte aligned if it is scratch}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected a placement of its scratch and of the bytes that its steps share}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>, placements = [#thimble.placement<"arena", 128, rows = 3>]}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    // expected-error @+1 {{expected no descending rows}}
    %2 = thimble.kernel "max_pool_2d_1"(%0) {descending, kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 5.000000e-01>
func.func @m(%x: tensor<1x16x2x4x!q> {thimble.placement = #thimble.placement<"arena", 0>}) -> tensor<1x1x1x4xf32>
    attributes {thimble.arena_bytes = 304 : i64} {
  %y = thimble.stream order = "0 15(0 1 2) 1 2" -> tensor<1x1x1x4xf32> {
    // expected-error @+1 {{expected a placement of each value}}
    %0 = thimble.kernel "dequantize_0"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>}
        : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4x!q>):
      %1 = thimble.dequantize %a : (tensor<1x16x2x4x!q>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %2 = thimble.kernel "max_pool_2d_1"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 16, edge = 48>,
        placements = [#thimble.placement<"arena", 272, rows = 1>], scratch = #thimble.placement<"arena", 224>, scratch_bytes = 48 : i64} : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.max_pool_2d %a {kernel_size = array<i64: 3, 1>, padding = array<i64: 1, 1, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x16x2x4xf32>
      thimble.yield %1 : tensor<1x16x2x4xf32>
    }
    %3 = thimble.kernel "average_pool_2d_2"(%2) {kernel = "reference", kept = #thimble.placement<"arena", 0>, placements = [#thimble.placement<"arena", 176>],
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>} : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32> {
    ^bb0(%a: tensor<1x16x2x4xf32>):
      %1 = thimble.average_pool_2d %a {kernel_size = array<i64: 16, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>}
          : (tensor<1x16x2x4xf32>) -> tensor<1x1x1x4xf32>
      thimble.yield %1 : tensor<1x1x1x4xf32>
    }
    thimble.yield %3 : tensor<1x1x1x4xf32>
  }
  return %y : tensor<1x1x1x4xf32>
}
