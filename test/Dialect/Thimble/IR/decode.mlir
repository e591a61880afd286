// decode.mlir - the numbers of an encoded weight
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
!e = tensor<2x1x!w, #thimble.encoding<[#thimble.packed<4>]>>

// CHECK-LABEL: func.func @decode
// CHECK: thimble.decode %{{.*}} : tensor<2x1x!quant.uniform<i8:f32, 5.000000e-01>, #thimble.encoding<[#thimble.packed<4>]>> -> tensor<2x1x!quant.uniform<i8:f32, 5.000000e-01>>
func.func @decode(%x: tensor<1x1x!x>) -> tensor<1x2x!x> {
  %w = thimble.constant dense<0xE1> : tensor<1xi8> : !e
  %0 = thimble.kernel "fully_connected_0"(%x, %w) : (tensor<1x1x!x>, !e) -> tensor<1x2x!x> {
  ^bb0(%a: tensor<1x1x!x>, %b: !e):
    %d = thimble.decode %b : !e -> tensor<2x1x!w>
    %1 = thimble.fully_connected %a, %d : (tensor<1x1x!x>, tensor<2x1x!w>) -> tensor<1x2x!x>
    thimble.yield %1 : tensor<1x2x!x>
  }
  return %0 : tensor<1x2x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
func.func @dense(%x: tensor<2x1x!x>) -> tensor<2x1x!x> {
  %0 = thimble.kernel "kernel_0"(%x) : (tensor<2x1x!x>) -> tensor<2x1x!x> {
  ^bb0(%a: tensor<2x1x!x>):
    // expected-error @+1 {{expected an operand with #thimble.encoding, found}}
    %d = thimble.decode %a : tensor<2x1x!x> -> tensor<2x1x!x>
    thimble.yield %d : tensor<2x1x!x>
  }
  return %0 : tensor<2x1x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!e = tensor<2x1x!x, #thimble.encoding<[#thimble.packed<4>]>>
func.func @shape() -> tensor<1x2x!x> {
  %w = thimble.constant dense<0xE1> : tensor<1xi8> : !e
  %0 = thimble.kernel "kernel_0"(%w) : (!e) -> tensor<1x2x!x> {
  ^bb0(%b: !e):
    // expected-error @+1 {{expected the operand's type without its encoding, found}}
    %d = thimble.decode %b : !e -> tensor<1x2x!x>
    thimble.yield %d : tensor<1x2x!x>
  }
  return %0 : tensor<1x2x!x>
}

// -----

!x = !quant.uniform<i8:f32, 0.5>
!e = tensor<2x1x!x, #thimble.encoding<[#thimble.packed<4>]>>
func.func @outside() -> tensor<2x1x!x> {
  %w = thimble.constant dense<0xE1> : tensor<1xi8> : !e
  // expected-error @+1 {{expects parent op 'thimble.kernel'}}
  %d = thimble.decode %w : !e -> tensor<2x1x!x>
  return %d : tensor<2x1x!x>
}
