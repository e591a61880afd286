// block.mlir - zeros in blocks
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=block<4x2> fuse=false" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=PIECES
// RUN: thimble-opt --thimble-encode="encoding=block<3x2>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=ROWS
// RUN: thimble-opt --thimble-encode="encoding=block<4x3>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=COLUMNS
// RUN: thimble-opt --thimble-encode="encoding=bitmap,block" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=SYMBOLS

// For each of four channels a sweep over the bits of two blocks.
// PIECES: func.func private @{{.*}}decode
// PIECES: scf.for
// PIECES: scf.for
// PIECES: scf.if
// PIECES: llvm.load %{{.*}} {alignment = 1 : i64} : !llvm.ptr -> i16
// PIECES: llvm.store %c0_i16, %{{.*}} {alignment = 1 : i64} : i16, !llvm.ptr

// ROWS: warning: its weights stay dense; block<3x2>: a tile has 8 output channels, no multiple of 3
// COLUMNS: warning: its weights stay dense; block<4x3>: its taps have 4 input channels, no multiple of 3
// SYMBOLS: warning: its weights stay dense; bitmap,block: its symbols are no longer one for each weight with one for 0

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.block,
// CHECK-SAME: b = #thimble.block<4x2>,
// CHECK-SAME: c = #thimble.block<4x2, depth = 36, zero = 0>,
// CHECK-SAME: d = #thimble.block<4x2, zero = 5>
func.func private @wishes() attributes {
  a = #thimble.block,
  b = #thimble.block<4x2>,
  c = #thimble.block<4x2, depth = 36, zero = 0>,
  d = #thimble.block<4x2, zero = 5>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.block<2x2, depth = 4, zero = 0>]>

// 0, 0, 1, 2 and 0, 0, 0, 4: the second block is there.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<[4, 0, 1, 2, 0, 4, 2]>
func.func @constant() -> tensor<2x4x!q, #e> {
  %0 = thimble.constant dense<[4, 0, 1, 2, 0, 4, 2]> : tensor<7xi8> : tensor<2x4x!q, #e>
  return %0 : tensor<2x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.block<2x2, depth = 4, zero = 0>]>

// Two blocks, the symbols of one.
func.func @bits() -> tensor<2x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 7 others}}
  %0 = thimble.constant dense<[4, 0, 1, 2, 0, 4, 3]> : tensor<7xi8> : tensor<2x4x!q, #e>
  return %0 : tensor<2x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.block<2x2, depth = 4, zero = 0>]>

// A block of zeros.
func.func @zeros() -> tensor<2x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 7 others}}
  %0 = thimble.constant dense<[4, 0, 0, 0, 0, 0, 2]> : tensor<7xi8> : tensor<2x4x!q, #e>
  return %0 : tensor<2x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.block<2x2, depth = 4, zero = 0>]>

// Six weights are no blocks of four.
func.func @shape() -> tensor<2x3x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 7 others}}
  %0 = thimble.constant dense<[4, 0, 1, 2, 0, 4, 2]> : tensor<7xi8> : tensor<2x3x!q, #e>
  return %0 : tensor<2x3x!q, #e>
}

// -----

// expected-error @+1 {{expected blocks of 1 to 16 output by 1 to 16 input channels and 2 to 32 weights, found 16x16}}
func.func private @large() attributes {a = #thimble.block<16x16>}

// -----

// expected-error @+1 {{expected blocks as 4x2 (output by input channels)}}
func.func private @dimensions() attributes {a = #thimble.block<4x2x2>}

// -----

// expected-error @+1 {{expected a depth that is a multiple of 2, found 7}}
func.func private @depth() attributes {a = #thimble.block<4x2, depth = 7>}

// -----

// expected-error @+1 {{expected a symbol from -128 to 127, found 200}}
func.func private @zero() attributes {a = #thimble.block<4x2, zero = 200>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected blocks of symbols that are one for each weight, with 0 for 0}}
func.func private @stack(tensor<1x4x!q, #thimble.encoding<[#thimble.bitmap<0>, #thimble.block<1x2, zero = 0>]>>)

//--- model.mlir
!x = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x4x!x>) -> tensor<1x8x!x> {
    %w = thimble.constant dense<[[1, 0, 3, 0], [0, 0, 0, 9], [5, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 2], [0, 0, 3, 4], [0, 0, 5, 6], [0, 0, 7, 8]]> : tensor<8x4xi8> : tensor<8x4x!x>
    %0 = thimble.kernel "fc"(%x, %w) {kernel = "reference"} : (tensor<1x4x!x>, tensor<8x4x!x>) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x4x!x>, %b: tensor<8x4x!x>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fc"} : (tensor<1x4x!x>, tensor<8x4x!x>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
