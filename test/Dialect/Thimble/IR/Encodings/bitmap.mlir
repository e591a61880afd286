// bitmap.mlir - zeros left out
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=bitmap fuse=false" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=CLZ
// RUN: sed s/cortex-m4/cortex-m0plus/ %t/model.mlir | thimble-opt --thimble-encode="encoding=bitmap fuse=false" --thimble-plan-memory --thimble-emit-layers | FileCheck %s --check-prefix=TABLE

// Thirty-two symbols are filled with the one left out; the others are written
// to the places of set bits.
// CLZ: func.func private @{{.*}}decode
// CLZ: llvm.store %{{.*}}, %{{.*}} {alignment = 1 : i64} : i32, !llvm.ptr
// CLZ: llvm.intr.bitreverse
// CLZ: scf.while
// CLZ: thimble.expected_trips
// CLZ: llvm.intr.ctlz

// Without CLZ a table has the places.
// TABLE-NOT: llvm.intr.ctlz
// TABLE: arith.shrui %{{.*}}, %c27
// TABLE-NOT: llvm.intr.ctlz

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.bitmap,
// CHECK-SAME: b = #thimble.bitmap<-7>
func.func private @wishes() attributes {
  a = #thimble.bitmap,
  b = #thimble.bitmap<-7>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.bitmap<0>]>

// 0, 7, 0, -3: two symbols, 7 and -3, at the bits 1 and 3.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<[2, 0, 7, -3, 10]>
func.func @constant() -> tensor<1x4x!q, #e> {
  %0 = thimble.constant dense<[2, 0, 7, -3, 10]> : tensor<5xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.bitmap<0>]>

// Two symbols, one bit.
func.func @missing_bit() -> tensor<1x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[2, 0, 7, -3, 2]> : tensor<5xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.bitmap<0>]>

// A bit behind the last symbol.
func.func @bit_behind() -> tensor<1x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[2, 0, 7, -3, 26]> : tensor<5xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

// expected-error @+1 {{expected a symbol from -128 to 127, found 200}}
func.func private @symbol() attributes {a = #thimble.bitmap<200>}

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
