// huffman.mlir - prefix codes
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s

// What is open may be left out.
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.huffman,
// CHECK-SAME: b = #thimble.huffman<index_bits = 9, pairs>
// CHECK-SAME: c = #thimble.huffman<in_flash>
// CHECK-SAME: d = #thimble.huffman<first = -1, lengths = [2, 1, 0, 2]>
// CHECK-SAME: e = #thimble.huffman<first = 7, lengths = [0], index_bits = 1>
func.func private @wishes() attributes {
  a = #thimble.huffman,
  b = #thimble.huffman<pairs, index_bits = 9>,
  c = #thimble.huffman<in_flash>,
  d = #thimble.huffman<first = -1, lengths = [2, 1, 0, 2]>,
  e = #thimble.huffman<first = 7, lengths = [0], index_bits = 1>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.huffman<first = -1, lengths = [2, 1, 2],
                                         index_bits = 2>]>

// The words of 0, 0, -1, 1 are 0, 0, 10, 11; three bytes follow.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<[52, 0, 0, 0]>
func.func @constant() -> tensor<1x4x!q, #e> {
  %0 = thimble.constant dense<[52, 0, 0, 0]> : tensor<4xi8>
      : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.huffman<first = -1, lengths = [2, 1, 2],
                                         index_bits = 2>]>

// The bits behind the last word are not zero.
func.func @damaged() -> tensor<1x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 4 others}}
  %0 = thimble.constant dense<[-76, 0, 0, 0]> : tensor<4xi8>
      : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

// expected-error @+1 {{expected at most 12 index bits, found 13}}
func.func private @index_bits() attributes {a = #thimble.huffman<index_bits = 13>}

// -----

// expected-error @+1 {{expected lengths of 1 to 256 words, found 0}}
func.func private @no_lengths() attributes {a = #thimble.huffman<lengths = []>}

// -----

// expected-error @+1 {{expected lengths of a complete code of up to 12 bits, found [1, 2]}}
func.func private @incomplete() attributes {a = #thimble.huffman<lengths = [1, 2]>}

// -----

// expected-error @+1 {{expected lengths of a complete code of up to 12 bits, found [1, -1]}}
func.func private @negative() attributes {a = #thimble.huffman<lengths = [1, -1]>}

// -----

// expected-error @+1 {{expected lengths of the smallest range of symbols, which is 2 from 4, found 3 from 3}}
func.func private @range() attributes {a = #thimble.huffman<first = 3, lengths = [0, 1, 1]>}

// -----

// expected-error @+1 {{expected at least the 2 bits of the longest word as index bits of pairs, found 1}}
func.func private @longest() attributes {a = #thimble.huffman<lengths = [1, 2, 2], index_bits = 1, pairs>}

// -----

// expected-error @+1 {{expected 'first', 'lengths', 'index_bits', 'pairs' or 'in_flash', found 'last'}}
func.func private @keyword() attributes {a = #thimble.huffman<last = 3>}
