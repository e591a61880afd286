// n_m.mlir - a bounded number of weights in each few
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=n_m<2:4> fuse=false" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=UNITS
// RUN: thimble-opt --thimble-encode="encoding=n_m<1:4>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=MANY
// RUN: thimble-opt --thimble-encode="encoding=n_m<2:8>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=CHANNELS
// RUN: thimble-opt --thimble-encode="encoding=bitmap,n_m" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=SYMBOLS

// Two units of four a byte of fields: their room is filled, then two symbols
// are written to their places.
// UNITS: func.func private @{{.*}}decode
// UNITS: %[[MASK:.*]] = arith.constant 3 : i32
// UNITS: scf.for
// UNITS: %[[FIELDS:.*]] = arith.extui
// UNITS: arith.andi %[[FIELDS]], %[[MASK]]
// UNITS: llvm.store %c0_i32{{.*}}, %{{.*}} {alignment = 4 : i64} : i32, !llvm.ptr

// MANY: warning: its weights stay dense; n_m<1:4>: more than 1 of 4 weights are not 0
// CHANNELS: warning: its weights stay dense; n_m<2:8>: its taps have 4 input channels, no multiple of 8
// SYMBOLS: warning: its weights stay dense; bitmap,n_m: its symbols are no longer one for each weight with one for 0

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.n_m,
// CHECK-SAME: b = #thimble.n_m<2:4>,
// CHECK-SAME: c = #thimble.n_m<2:4, lanes = 4, zero = 0>,
// CHECK-SAME: d = #thimble.n_m<1:2, zero = 5>
func.func private @wishes() attributes {
  a = #thimble.n_m,
  b = #thimble.n_m<2:4>,
  c = #thimble.n_m<2:4, lanes = 4, zero = 0>,
  d = #thimble.n_m<1:2, zero = 5>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.n_m<2:4, zero = 0>]>

// 7, 0, 0, 0 and 3, 0, 0, 5: the places 0, 1 (of a zero) and 0, 3.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<[7, 0, 3, 5, -60]>
func.func @constant() -> tensor<1x8x!q, #e> {
  %0 = thimble.constant dense<[7, 0, 3, 5, -60]> : tensor<5xi8> : tensor<1x8x!q, #e>
  return %0 : tensor<1x8x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.n_m<2:4, zero = 0>]>

// Twice the place 0.
func.func @places() -> tensor<1x8x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[7, 0, 3, 5, -64]> : tensor<5xi8> : tensor<1x8x!q, #e>
  return %0 : tensor<1x8x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.n_m<2:4, zero = 0>]>

// Nine weights are no units of four.
func.func @shape() -> tensor<1x9x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[7, 0, 3, 5, -60]> : tensor<5xi8> : tensor<1x9x!q, #e>
  return %0 : tensor<1x9x!q, #e>
}

// -----

// expected-error @+1 {{expected fewer than 2, 4, 8 or 16 of as many weights, found 2:5}}
func.func private @ratio() attributes {a = #thimble.n_m<2:5>}

// -----

// expected-error @+1 {{expected fewer than 2, 4, 8 or 16 of as many weights, found 4:4}}
func.func private @all() attributes {a = #thimble.n_m<4:4>}

// -----

// expected-error @+1 {{expected n:m as 2:4}}
func.func private @none() attributes {a = #thimble.n_m<0:0>}

// -----

// expected-error @+1 {{expected 1, 2 or 4 interleaved channels, found 3}}
func.func private @lanes() attributes {a = #thimble.n_m<2:4, lanes = 3>}

// -----

// expected-error @+1 {{expected a symbol from -128 to 127, found 200}}
func.func private @zero() attributes {a = #thimble.n_m<2:4, zero = 200>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected n:m of symbols that are one for each weight, with 0 for 0}}
func.func private @stack(tensor<1x4x!q, #thimble.encoding<[#thimble.bitmap<0>, #thimble.n_m<2:4, zero = 0>]>>)

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
