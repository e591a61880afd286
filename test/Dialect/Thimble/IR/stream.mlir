// stream.mlir - layers that are computed row by row
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s

!t = tensor<1x4x2x1xf32>

// CHECK-LABEL: func.func @planned
// CHECK: %[[Y:.*]] = thimble.stream order = "0! 3(0 1 0+) 1" -> tensor<1x4x2x1xf32> {
// CHECK: thimble.kernel "relu_0"
// CHECK-SAME: placements = [#thimble.placement<"arena", 8, rows = 2, newest = 0>]
// CHECK-SAME: row_step = #thimble.row_step<scratch = 0, edge = 16>
// CHECK: thimble.yield
// CHECK: return %[[Y]]
func.func @planned(%x: !t) -> !t {
  %y = thimble.stream order = "0! 3(0 1 0+) 1" -> !t {
    %0 = thimble.kernel "relu_0"(%x) {row_step = #thimble.row_step<scratch = 0, edge = 16>,
        placements = [#thimble.placement<"arena", 8, rows = 2, newest = 0>]} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    %1 = thimble.kernel "relu_1"(%0) {row_step = #thimble.row_step<scratch = 0, edge = 0>,
        placements = [#thimble.placement<"arena", 32>]} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    thimble.yield %1 : !t
  }
  return %y : !t
}

// -----

!t = tensor<1x4x2x1xf32>
!m = tensor<1x1xf32>

// CHECK-LABEL: func.func @fed
// CHECK: thimble.stream fed(%{{.*}} : tensor<1x4x2x1xf32>) order = "4(i 0)" -> tensor<1x1xf32> attributes {state = #thimble.placement<"arena", 24>} {
// CHECK: kept = #thimble.placement<"arena", 8>
// CHECK-SAME: row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 8, absorbs = true>
func.func @fed(%x: !t {thimble.placement = #thimble.placement<"arena", 0, rows = 1>}) -> !m {
  %y = thimble.stream fed(%x : !t) order = "4(i 0)" -> !m
      attributes {state = #thimble.placement<"arena", 24>} {
    %0 = thimble.kernel "mean_0"(%x) {kept = #thimble.placement<"arena", 8>,
        row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 8, absorbs = true>} : (!t) -> !m {
    ^bb0(%a: !t):
      %2 = thimble.mean %a {axes = array<i64: 1, 2>} : (!t) -> !m
      thimble.yield %2 : !m
    }
    thimble.yield %0 : !m
  }
  return %y : !m
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @no_yield(%x: !t) {
  // expected-error @+1 {{expected a body that ends in thimble.yield}}
  thimble.stream order = "0" {
    %0 = thimble.kernel "relu_0"(%x) : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
  }
  return
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @only_kernels(%x: !t) {
  thimble.stream order = "0" {
    // expected-error @+1 {{expected only thimble.kernel in a stream}}
    %0 = thimble.relu %x : (!t) -> !t
    thimble.yield
  }
  return
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @types(%x: !t) -> tensor<8xf32> {
  %y = thimble.stream order = "0" -> tensor<8xf32> {
    %0 = thimble.kernel "relu_0"(%x) : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    // expected-error @+1 {{expected the types of the stream's results}}
    thimble.yield %0 : !t
  }
  return %y : tensor<8xf32>
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @result_in_a_ring(%x: !t) -> !t {
  %y = thimble.stream order = "4(0)" -> !t {
    %0 = thimble.kernel "relu_0"(%x) {row_step = #thimble.row_step<scratch = 0, edge = 0>,
        placements = [#thimble.placement<"arena", 0, rows = 1>]} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    // expected-error @+1 {{expected values that kernels of the stream compute and that are placed whole}}
    thimble.yield %0 : !t
  }
  return %y : !t
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @line_outside(%x: !t) -> !t {
  // expected-error @+1 {{expected a whole tensor outside of a stream, found #thimble.placement<"arena", 0, rows = 2>}}
  %0 = thimble.kernel "relu_0"(%x) {placements = [#thimble.placement<"arena", 0, rows = 2>]} : (!t) -> !t {
  ^bb0(%a: !t):
    %2 = thimble.relu %a : (!t) -> !t
    thimble.yield %2 : !t
  }
  return %0 : !t
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @kept_outside(%x: !t) -> !t {
  // expected-error @+1 {{expected no kept bytes outside of a stream}}
  %0 = thimble.kernel "relu_0"(%x) {kept = #thimble.placement<"arena", 0>} : (!t) -> !t {
  ^bb0(%a: !t):
    %2 = thimble.relu %a : (!t) -> !t
    thimble.yield %2 : !t
  }
  return %0 : !t
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @steps(%x: !t) {
  // expected-error @+1 {{expected 4 steps of kernel 0, found 3}}
  thimble.stream order = "3(0)" {
    %0 = thimble.kernel "relu_0"(%x) {row_step = #thimble.row_step<scratch = 0, edge = 0>} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    thimble.yield
  }
  return
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @as_a_whole(%x: !t) {
  // expected-error @+1 {{expected 1 steps of kernel 0, found 2}}
  thimble.stream order = "0 0" {
    %0 = thimble.kernel "relu_0"(%x) : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    thimble.yield
  }
  return
}

// -----

func.func @kernel_number() {
  // expected-error @+1 {{expected the number of a kernel below 0, found 1}}
  thimble.stream order = "1" {
    thimble.yield
  }
  return
}

// -----

func.func @nothing_fed() {
  // expected-error @+1 {{expected no rows of an input, for none is fed}}
  thimble.stream order = "i" {
    thimble.yield
  }
  return
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @rows_fed(%x: !t) {
  // expected-error @+1 {{expected 4 steps of the fed input, found 5}}
  thimble.stream fed(%x : !t) order = "5(i)" {
    thimble.yield
  }
  return
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @no_newest(%x: !t) {
  // expected-error @+1 {{expected no '!' or '+' of kernel 0, whose placement has no newest row, found #thimble.placement<"arena", 0, rows = 1>}}
  thimble.stream order = "4(0!)" {
    %0 = thimble.kernel "relu_0"(%x) {row_step = #thimble.row_step<scratch = 0, edge = 0>,
        placements = [#thimble.placement<"arena", 0, rows = 1>]} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    thimble.yield
  }
  return
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @held_too_early(%x: !t) {
  // expected-error @+1 {{expected a row of kernel 0 before it is held}}
  thimble.stream order = "0+ 4(0)" {
    %0 = thimble.kernel "relu_0"(%x) {row_step = #thimble.row_step<scratch = 0, edge = 0>} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    thimble.yield
  }
  return
}

// -----

!t = tensor<1x4x2x1xf32>
func.func @fed_by_a_kernel(%x: !t) {
  %0 = thimble.kernel "relu_0"(%x) : (!t) -> !t {
  ^bb0(%a: !t):
    %2 = thimble.relu %a : (!t) -> !t
    thimble.yield %2 : !t
  }
  // expected-error @+1 {{expected to be fed an argument of the function}}
  thimble.stream fed(%0 : !t) order = "4(i)" {
    thimble.yield
  }
  return
}

// -----

func.func @no_number() {
  // expected-error @+1 {{expected the number of a kernel, 'i' or a run n(...) at character 2 of the order "i x"}}
  thimble.stream order = "i x" {
    thimble.yield
  }
  return
}

// -----

func.func @no_space() {
  // expected-error @+1 {{expected a space at character 1 of the order "ii"}}
  thimble.stream order = "ii" {
    thimble.yield
  }
  return
}

// -----

func.func @unclosed() {
  // expected-error @+1 {{expected ')' at character 3 of the order "2(0"}}
  thimble.stream order = "2(0" {
    thimble.yield
  }
  return
}

// -----

func.func @unopened() {
  // expected-error @+1 {{expected the end at character 1 of the order "0)"}}
  thimble.stream order = "0)" {
    thimble.yield
  }
  return
}

// -----

func.func @empty_run() {
  // expected-error @+1 {{expected an event at character 2 of the order "2()"}}
  thimble.stream order = "2()" {
    thimble.yield
  }
  return
}

// -----

func.func @no_times() {
  // expected-error @+1 {{expected a run that is repeated at least once at character 2 of the order "0(1)"}}
  thimble.stream order = "0(1)" {
    thimble.yield
  }
  return
}

// -----

func.func @too_deep() {
  // expected-error @+1 {{expected runs nested at most 8 deep at character 18}}
  thimble.stream order = "2(2(2(2(2(2(2(2(2(0)))))))))" {
    thimble.yield
  }
  return
}

// -----

func.func @too_many() {
  // expected-error @+1 {{expected at most 1048576 events at character 19}}
  thimble.stream order = "4000(1000(1000(0)))" {
    thimble.yield
  }
  return
}

// -----

func.func @counters(%x: tensor<65536x4xf32>) {
  // expected-error @+1 {{expected tensors of at most 65535 rows, found 65536}}
  thimble.stream fed(%x : tensor<65536x4xf32>) order = "65536(i)" {
    thimble.yield
  }
  return
}
