// stream.mlir - layers that are called row by row
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-emit-layers --split-input-file --verify-diagnostics %s \
// RUN:   | FileCheck %s
// RUN: thimble-opt --thimble-emit-layers=row-driver --split-input-file \
// RUN:   --verify-diagnostics %s | FileCheck %s --check-prefix=DRIVER

// Rows are numbered by loops; the newest row is known to each function.
// CHECK-LABEL: func.func @loops_invoke(
// CHECK-SAME: %[[ARENA:.*]]: !llvm.ptr)
// CHECK-NEXT: call @loops.stream(%[[ARENA]])
// CHECK-NEXT: return
// CHECK: func.func private @loops.a(%[[A:.*]]: !llvm.ptr, %[[ROW:.*]]: i32)
// CHECK: llvm.getelementptr %[[A]][72]
// CHECK: func.func private @loops.a.hold(%[[H:.*]]: !llvm.ptr, %[[HELD:.*]]: i32)
// CHECK: arith.andi %[[HELD]]
// CHECK: "llvm.intr.memcpy"
// CHECK: func.func private @loops.b(%{{.*}}: !llvm.ptr, %{{.*}}: i32)
// CHECK: func.func private @loops.stream(%[[S:.*]]: !llvm.ptr)
// CHECK: call @loops.a(%[[S]], %c0{{[a-z0-9_]*}})
// CHECK: scf.for %[[I:.*]] =
// CHECK: call @loops.a.hold(%[[S]],
// CHECK: call @loops.a(%[[S]],
// CHECK: call @loops.b(%[[S]], %[[I]])
// CHECK: }
// CHECK: call @loops.a.hold(%[[S]], %c7
// CHECK: call @loops.b(%[[S]], %c7
!t = tensor<1x8x2x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @loops(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) -> !t
      attributes {thimble.arena_bytes = 160 : i64} {
    %y = thimble.stream order = "0 0+ 7(0 1 0+) 1" -> !t {
      %0 = thimble.kernel "a"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>,
          placements = [#thimble.placement<"arena", 80, rows = 2, newest = 72>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      %1 = thimble.kernel "b"(%0) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>,
          placements = [#thimble.placement<"arena", 96>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      thimble.yield %1 : !t
    }
    return %y : !t
  }
}

// -----

// Rows are pushed; a position and counters are kept in the arena.
// CHECK-LABEL: func.func @fed_begin(
// CHECK: "llvm.intr.memset"
// CHECK: %[[NONE:.*]] = llvm.mlir.zero : !llvm.ptr
// CHECK: call @fed.stream(%{{.*}}, %[[NONE]])
// CHECK: llvm.mlir.global internal unnamed_addr constant @fed.stream.order(
// CHECK: func.func private @fed.stream(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr)
// CHECK: llvm.switch
// CHECK: call @fed.a(
// CHECK: func.func @fed_push_row(%[[ARENA:.*]]: !llvm.ptr, %[[ROW:.*]]: !llvm.ptr)
// CHECK: call @fed.stream(%[[ARENA]], %[[ROW]])
// CHECK: func.func @fed_finish(%{{.*}}: !llvm.ptr)
// CHECK: call @fed.b(
// CHECK-NOT: @fed_invoke
// DRIVER-LABEL: func.func @fed_begin
// DRIVER: func.func @fed_invoke(%[[ARENA:.*]]: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr)
// DRIVER: call @fed_begin(%[[ARENA]])
// DRIVER: scf.for
// DRIVER: %[[ROW:.*]] = llvm.getelementptr %[[INPUT]]
// DRIVER: call @fed_push_row(%[[ARENA]], %[[ROW]])
// DRIVER: call @fed_finish(%[[ARENA]])
!t = tensor<1x8x2x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @fed(%x: !t {thimble.placement = #thimble.placement<"arena", 0, rows = 1>}) -> !t
      attributes {thimble.arena_bytes = 160 : i64} {
    %0 = thimble.stream fed(%x : !t) order = "8(i 0)" -> !t
        attributes {state = #thimble.placement<"arena", 8>} {
      %1 = thimble.kernel "a"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>,
          placements = [#thimble.placement<"arena", 16>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      thimble.yield %1 : !t
    }
    %3 = thimble.kernel "b"(%0) {kernel = "reference", placements = [#thimble.placement<"arena", 96>]} : (!t) -> !t {
    ^bb0(%a: !t):
      %2 = thimble.relu %a : (!t) -> !t
      thimble.yield %2 : !t
    }
    return %3 : !t
  }
}

// -----

!t = tensor<1x8x2x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @stateless(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) {
    // expected-error @+1 {{expected a placement of its state}}
    thimble.stream fed(%x : !t) order = "8(i) 0" {
      %1 = thimble.kernel "a"(%x) {kernel = "reference", placements = [#thimble.placement<"arena", 96>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      thimble.yield
    }
    return
  }
}

// -----

!t = tensor<1x8x2x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @unplanned(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) {
    thimble.stream order = "0" {
      // expected-error @+1 {{expected a kernel's name and placements; run thimble-select-kernels and thimble-plan-memory first}}
      %1 = thimble.kernel "a"(%x) : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      thimble.yield
    }
    return
  }
}

// -----

!t = tensor<1x8x2x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @whole_reader(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) {
    thimble.stream order = "8(0) 1" {
      %1 = thimble.kernel "a"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0>,
          placements = [#thimble.placement<"arena", 64, rows = 2>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      // expected-error @+1 {{expected to read whole tensors, for it has no row steps, found #thimble.placement<"arena", 64, rows = 2>}}
      %3 = thimble.kernel "b"(%1) {kernel = "reference", placements = [#thimble.placement<"arena", 96>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      thimble.yield
    }
    return
  }
}

// -----

!t = tensor<1x8x2x1xf32>
!m = tensor<1x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @sums(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) {
    thimble.stream order = "8(0)" {
      // expected-error @+1 {{expected a placement of the bytes that its row steps share}}
      %1 = thimble.kernel "a"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 8, absorbs = true>,
          placements = [#thimble.placement<"arena", 64>]} : (!t) -> !m {
      ^bb0(%a: !t):
        %2 = thimble.mean %a {axes = array<i64: 1, 2>} : (!t) -> !m
        thimble.yield %2 : !m
      }
      thimble.yield
    }
    return
  }
}

// -----

!t = tensor<1x8x2x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @scratch(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) {
    thimble.stream order = "8(0)" {
      // expected-error @+1 {{expected a placement of its scratch}}
      %1 = thimble.kernel "a"(%x) {kernel = "reference", row_step = #thimble.row_step<scratch = 8, edge = 8>,
          placements = [#thimble.placement<"arena", 64>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      thimble.yield
    }
    return
  }
}

// -----

!t = tensor<1x8x2x1xf32>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @two(%x: !t {thimble.placement = #thimble.placement<"arena", 0>}) {
    %r = thimble.stream fed(%x : !t) order = "8(i) 0" -> !t attributes {state = #thimble.placement<"arena", 128>} {
      %1 = thimble.kernel "a"(%x) {kernel = "reference", placements = [#thimble.placement<"arena", 96>]} : (!t) -> !t {
      ^bb0(%a: !t):
        %2 = thimble.relu %a : (!t) -> !t
        thimble.yield %2 : !t
      }
      thimble.yield %1 : !t
    }
    // expected-error @+1 {{expected one stream that is fed rows}}
    thimble.stream fed(%x : !t) order = "8(i)" attributes {state = #thimble.placement<"arena", 128>} {
      thimble.yield
    }
    return
  }
}
