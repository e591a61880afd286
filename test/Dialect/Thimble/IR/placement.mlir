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
