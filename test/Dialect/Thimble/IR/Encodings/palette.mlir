// palette.mlir - codebooks
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=palette" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=PAIRS
// RUN: thimble-opt --thimble-encode="encoding=palette<[0]>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=LACKS
// RUN: thimble-opt --thimble-encode="encoding=palette<4>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=MANY

// Fourteen numbers: two indices look a halfword up, four make a word.
// PAIRS: func.func private @{{.*}}decode
// PAIRS: llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr -> i32
// PAIRS: llvm.load %{{.*}} : !llvm.ptr -> i16
// PAIRS: llvm.store %{{.*}}, %{{.*}} {alignment = 4 : i64} : i32, !llvm.ptr

// LACKS: warning: its weights stay dense; palette<[0]>: its codebook lacks the number 1
// MANY: warning: its weights stay dense; palette<4>: it has 14 distinct numbers, more than 4

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.palette,
// CHECK-SAME: b = #thimble.palette<16>,
// CHECK-SAME: c = #thimble.palette<16>,
// CHECK-SAME: d = #thimble.palette<[-3, 0, 5, 7]>
func.func private @wishes() attributes {
  a = #thimble.palette,
  b = #thimble.palette<16>,
  c = #thimble.palette<entries = 16>,
  d = #thimble.palette<[-3, 0, 5, 7]>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.palette<[-3, 0, 5, 7]>]>

// 0, 7, -3, 5 are the indices 1, 3, 0, 2, two bits each.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<-115>
func.func @constant() -> tensor<1x4x!q, #e> {
  %0 = thimble.constant dense<-115> : tensor<1xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.palette<[-3, 0, 5]>]>

// An index of 3.
func.func @damaged() -> tensor<1x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 1 others}}
  %0 = thimble.constant dense<-115> : tensor<1xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

// expected-error @+1 {{expected 2 to 256 entries, found 1}}
func.func private @one() attributes {a = #thimble.palette<1>}

// -----

// expected-error @+1 {{expected 2 to 256 entries, found 0}}
func.func private @none() attributes {a = #thimble.palette<0>}

// -----

// expected-error @+1 {{expected a codebook of 1 to 256 numbers, found 0}}
func.func private @empty() attributes {a = #thimble.palette<[]>}

// -----

// expected-error @+1 {{expected different numbers in a codebook, found 5 twice}}
func.func private @twice() attributes {a = #thimble.palette<[5, 1, 5]>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected all parameters of #thimble.palette<16>, which thimble-encode chooses}}
func.func private @stack(tensor<1x4x!q, #thimble.encoding<[#thimble.palette<16>]>>)

//--- model.mlir
!x = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x5x!x>) -> tensor<1x8x!x> {
    %w = thimble.constant dense<[[1, -2, 3, -4, 5], [7, -8, 0, 0, 1], [1, 2, 3, 4, 5], [0, 0, 0, 0, 0], [-1, -2, -3, -4, -5], [7, 7, 7, 7, 7], [2, 4, 6, -8, 1], [3, 3, 3, -3, -3]]> : tensor<8x5xi8> : tensor<8x5x!x>
    %0 = thimble.kernel "fc"(%x, %w) {kernel = "reference"} : (tensor<1x5x!x>, tensor<8x5x!x>) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x5x!x>, %b: tensor<8x5x!x>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fc"} : (tensor<1x5x!x>, tensor<8x5x!x>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
