// delta.mlir - differences
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=delta" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=SUMS
// RUN: thimble-opt --thimble-encode="encoding=delta<4>" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=LANES

// Each symbol is the last one plus a byte of a word.
// SUMS: func.func private @{{.*}}decode
// SUMS: %[[WORD:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i32
// SUMS: %[[SECOND:.*]] = arith.shrui %[[WORD]], %c8
// SUMS: arith.addi %{{.*}}, %[[SECOND]]

// Four lanes at a time.
// LANES: llvm.call_intrinsic "llvm.arm.uadd8"

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.delta,
// CHECK-SAME: b = #thimble.delta<1>,
// CHECK-SAME: c = #thimble.delta<4>
func.func private @wishes() attributes {
  a = #thimble.delta,
  b = #thimble.delta<1>,
  c = #thimble.delta<4>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.delta<1>, #thimble.packed<2>]>

// 1, 2, 2, 1: the differences are 1, 1, 0, -1.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<111>
func.func @constant() -> tensor<1x4x!q, #e> {
  %0 = thimble.constant dense<111> : tensor<1xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

// expected-error @+1 {{expected a distance of 1 or 4, found 3}}
func.func private @distance() attributes {a = #thimble.delta<3>}

// -----

// expected-error @+1 {{expected a distance of 1 or 4, found 0}}
func.func private @none() attributes {a = #thimble.delta<0>}

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
