// ternary.mlir - three consecutive numbers
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=ternary" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=DIGITS
// RUN: thimble-opt --thimble-encode="encoding=ternary<0>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=RANGE

// Four digits a word: the fractions times 3, the digits of two of them moved
// between those of the others.
// DIGITS: func.func private @{{.*}}decode
// DIGITS: arith.muli %{{.*}}, %c3
// DIGITS: llvm.call_intrinsic "llvm.arm.uxtab16"
// DIGITS: llvm.call_intrinsic "llvm.arm.uadd8"

// RANGE: warning: its weights stay dense; ternary<0>: its numbers are from -1 to 1, not from 0 to 2

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.ternary,
// CHECK-SAME: b = #thimble.ternary<-1>
func.func private @wishes() attributes {
  a = #thimble.ternary,
  b = #thimble.ternary<-1>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.ternary<-1>]>

// The digits 0, 1, 2, 2, 0 are 51 / 243, which is 53.7 / 256.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<54>
func.func @constant() -> tensor<1x5x!q, #e> {
  %0 = thimble.constant dense<54> : tensor<1xi8> : tensor<1x5x!q, #e>
  return %0 : tensor<1x5x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.ternary<-1>]>

// 1 / 256 is no fraction of 243rds rounded up.
func.func @damaged() -> tensor<1x5x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 1 others}}
  %0 = thimble.constant dense<1> : tensor<1xi8> : tensor<1x5x!q, #e>
  return %0 : tensor<1x5x!q, #e>
}

// -----

// expected-error @+1 {{expected a first number from -128 to 253, found 300}}
func.func private @first() attributes {a = #thimble.ternary<300>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected a first number up to 125 of signed symbols, found 200}}
func.func private @stack(tensor<1x4x!q, #thimble.encoding<[#thimble.ternary<200>]>>)

//--- model.mlir
!x = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x5x!x>) -> tensor<1x8x!x> {
    %w = thimble.constant dense<[[1, -1, 1, -1, 1], [1, -1, 0, 0, 1], [1, 0, 1, 1, 1], [0, 0, 0, 0, 0], [-1, -1, -1, -1, -1], [1, 1, 1, 1, 1], [0, -1, 1, -1, 1], [1, 1, 1, -1, -1]]> : tensor<8x5xi8> : tensor<8x5x!x>
    %0 = thimble.kernel "fc"(%x, %w) {kernel = "reference"} : (tensor<1x5x!x>, tensor<8x5x!x>) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x5x!x>, %b: tensor<8x5x!x>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fc"} : (tensor<1x5x!x>, tensor<8x5x!x>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
