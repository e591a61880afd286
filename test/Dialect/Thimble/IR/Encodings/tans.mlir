// tans.mlir - table-driven asymmetric numeral systems
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s

// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.tans,
// CHECK-SAME: b = #thimble.tans<first = -1, counts = [4, 0, 60]>
func.func private @wishes() attributes {
  a = #thimble.tans,
  b = #thimble.tans<first = -1, counts = [4, 0, 60]>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.tans<first = 5, counts = [64]>]>

// State 0 of 64, and a zero; three bytes follow.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<0> : tensor<4xi8>
func.func @constant() -> tensor<1x9x!q, #e> {
  %0 = thimble.constant dense<0> : tensor<4xi8> : tensor<1x9x!q, #e>
  return %0 : tensor<1x9x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.tans<first = 5, counts = [64]>]>

// The last state is not the one that an encoder begins with.
func.func @damaged() -> tensor<1x9x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 4 others}}
  %0 = thimble.constant dense<[1, 0, 0, 0]> : tensor<4xi8>
      : tensor<1x9x!q, #e>
  return %0 : tensor<1x9x!q, #e>
}

// -----

// expected-error @+1 {{expected counts of 1 to 256 symbols, found 0}}
func.func private @no_counts() attributes {a = #thimble.tans<first = 0, counts = []>}

// -----

// expected-error @+1 {{expected counts from 0 whose sum is a power of two from 64 to 2048, found the sum 65}}
func.func private @sum() attributes {a = #thimble.tans<first = 0, counts = [1, 64]>}

// -----

// expected-error @+1 {{expected counts from 0 whose sum is a power of two from 64 to 2048, found the sum 64}}
func.func private @negative() attributes {a = #thimble.tans<first = 0, counts = [-1, 65]>}

// -----

// expected-error @+1 {{expected counts of the smallest range of symbols, which is 1 from 3, found 2 from 3}}
func.func private @range() attributes {a = #thimble.tans<first = 3, counts = [64, 0]>}
