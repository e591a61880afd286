// placement.mlir - where a value lives
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s

// CHECK: func.func private @argument(tensor<4xf32> {thimble.placement = #thimble.placement<"arena", 8000>})
func.func private @argument(tensor<4xf32> {thimble.placement = #thimble.placement<"arena", 8000>})

// -----

// expected-error @+1 {{expected the name of a memory region}}
func.func private @region(tensor<4xf32> {thimble.placement = #thimble.placement<"", 0>})

// -----

// expected-error @+1 {{expected an offset of at least 0, found -4}}
func.func private @offset(tensor<4xf32> {thimble.placement = #thimble.placement<"arena", -4>})

// -----

// CHECK: #thimble.placement<"arena", 640, rows = 2, newest = 0>
func.func private @line(tensor<4xf32> {thimble.placement = #thimble.placement<"arena", 640, rows = 2, newest = 0>})

// -----

// CHECK: #thimble.placement<"arena", 640, newest = 4>
func.func private @newest(tensor<4xf32> {thimble.placement = #thimble.placement<"arena", 640, newest = 4>})

// -----

// expected-error @+1 {{expected a ring of at least 1 row, or 0 for the whole tensor, found -1}}
func.func private @ring(tensor<4xf32> {thimble.placement = #thimble.placement<"arena", 0, rows = -1>})

// -----

// expected-error @+1 {{expected a newest row at 0 or above, or -1 for none, found -4}}
func.func private @no_newest(tensor<4xf32> {thimble.placement = #thimble.placement<"arena", 0, newest = -4>})

// -----

// expected-error @+1 {{expected 0 <= scratch <= edge and 0 <= kept, found 8, 0 and 0}}
func.func private @row_step(tensor<4xf32> {thimble.step = #thimble.row_step<scratch = 8, edge = 0>})

// -----

// expected-error @+1 {{expected kept bytes for the sums of a step that absorbs}}
func.func private @sums(tensor<4xf32> {thimble.step = #thimble.row_step<scratch = 0, edge = 0, absorbs = true>})
