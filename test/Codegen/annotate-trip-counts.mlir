// annotate-trip-counts.mlir - trip counts as branch weights
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt %s --convert-scf-to-cf --thimble-annotate-trip-counts \
// RUN:   | FileCheck %s

// 0, 4, 8 are below 10: three iterations.
// CHECK-LABEL: func.func @constant_bounds
// CHECK: cf.cond_br %{{.*}} weights([3, 1])
func.func @constant_bounds(%p: !llvm.ptr) {
  %c0 = arith.constant 0 : i32
  %c4 = arith.constant 4 : i32
  %c10 = arith.constant 10 : i32
  scf.for %i = %c0 to %c10 step %c4 : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}

// 2^5 iterations: a shift is an expression as any other.
// CHECK-LABEL: func.func @shifted_bound
// CHECK: cf.cond_br %{{.*}} weights([32, 1])
func.func @shifted_bound(%p: !llvm.ptr) {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %c5 = arith.constant 5 : i32
  %end = arith.shli %c1, %c5 : i32
  scf.for %i = %c0 to %end step %c1 : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}

// The inner loop runs 3 - min(i, 2) times: 3, 2, 1, 1 of four.
// CHECK-LABEL: func.func @outer_variable
// CHECK: cf.cond_br %{{.*}} weights([4, 1])
// CHECK: cf.cond_br %{{.*}} weights([7, 4])
func.func @outer_variable(%p: !llvm.ptr) {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  %c3 = arith.constant 3 : i32
  %c4 = arith.constant 4 : i32
  scf.for %i = %c0 to %c4 step %c1 : i32 {
    %from = arith.minsi %i, %c2 : i32
    scf.for %j = %from to %c3 step %c1 : i32 {
      llvm.store %j, %p : i32, !llvm.ptr
    }
  }
  return
}

// Called for 2 * 5 and for 6 pixels: 16 iterations in two calls.
// CHECK-LABEL: func.func private @step
// CHECK-SAME: passthrough = ["noinline", "thimble-trip-counts-vary"]
// CHECK: cf.cond_br %{{.*}} weights([16, 2])
func.func private @step(%p: !llvm.ptr, %pixels: i32)
    attributes {passthrough = ["noinline"]} {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  scf.for %i = %c0 to %pixels step %c1 : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}
// CHECK-LABEL: func.func private @layer
// CHECK-NOT: vary
func.func private @layer(%p: !llvm.ptr, %rows: i32) {
  %c5 = arith.constant 5 : i32
  %pixels = arith.muli %rows, %c5 : i32
  func.call @step(%p, %pixels) : (!llvm.ptr, i32) -> ()
  return
}
func.func @invoke(%p: !llvm.ptr) {
  %c2 = arith.constant 2 : i32
  %c6 = arith.constant 6 : i32
  func.call @layer(%p, %c2) : (!llvm.ptr, i32) -> ()
  func.call @step(%p, %c6) : (!llvm.ptr, i32) -> ()
  return
}

// Tiles of 8, 8 and 5 channels of ten symbols: 70 of them in a call.
// CHECK-LABEL: func.func private @tile
// CHECK-NOT: vary
// CHECK: cf.cond_br %{{.*}} weights([70, 1])
func.func private @tile(%p: !llvm.ptr, %count: i32) {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  scf.for %i = %c0 to %count step %c1 : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}
func.func @tiles(%p: !llvm.ptr) {
  %c0 = arith.constant 0 : i32
  %c8 = arith.constant 8 : i32
  %c10 = arith.constant 10 : i32
  %c21 = arith.constant 21 : i32
  scf.for %i = %c0 to %c21 step %c8 : i32 {
    %rest = arith.subi %c21, %i : i32
    %channels = arith.minsi %rest, %c8 : i32
    %count = arith.muli %channels, %c10 : i32
    func.call @tile(%p, %count) : (!llvm.ptr, i32) -> ()
  }
  return
}

// What only the caller of the entry point knows stays unknown.
// CHECK-LABEL: func.func @unknown
// CHECK: cf.cond_br
// CHECK-NOT: weights
func.func @unknown(%p: !llvm.ptr, %n: i32) {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  scf.for %i = %c0 to %n step %c1 : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}

// A bound that is hidden from LLVM by an empty assembly statement is known.
// CHECK-LABEL: func.func @opaque
// CHECK: cf.cond_br {{.*}}weights([8, 1])
func.func @opaque(%p: !llvm.ptr) {
  %c-8 = arith.constant -8 : i32
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %begin = llvm.inline_asm "", "=r,0" %c-8 : (i32) -> i32
  scf.for %i = %begin to %c0 step %c1 : i32 {
    llvm.store %i, %p : i32, !llvm.ptr
  }
  return
}

// A loop that depends on data runs as often as its builder expects.
// CHECK-LABEL: func.func @expected
// CHECK: cf.cond_br %{{.*}} weights([2500, 1000])
func.func @expected(%p: !llvm.ptr) {
  %c0 = arith.constant 0 : i32
  scf.while : () -> () {
    %value = llvm.load %p : !llvm.ptr -> i32
    %more = arith.cmpi ne, %value, %c0
        {thimble.expected_trips = 2.5} : i32
    scf.condition(%more)
  } do {
    llvm.store %c0, %p : i32, !llvm.ptr
    scf.yield
  }
  return
}

// 40 and 80 symbols, a quarter of that each.
// CHECK-LABEL: func.func private @symbols
// CHECK-SAME: thimble-trip-counts-vary
// CHECK: cf.cond_br %{{.*}} weights([15000, 1000])
func.func private @symbols(%p: !llvm.ptr, %count: i32) {
  scf.while : () -> () {
    %done = llvm.load %p : !llvm.ptr -> i32
    %more = arith.cmpi slt, %done, %count
        {thimble.expected_trips_per_bound = 0.25} : i32
    scf.condition(%more)
  } do {
    llvm.store %count, %p : i32, !llvm.ptr
    scf.yield
  }
  return
}
func.func @decode(%p: !llvm.ptr) {
  %c40 = arith.constant 40 : i32
  %c80 = arith.constant 80 : i32
  func.call @symbols(%p, %c40) : (!llvm.ptr, i32) -> ()
  func.call @symbols(%p, %c80) : (!llvm.ptr, i32) -> ()
  return
}
