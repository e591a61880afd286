// constant.mlir - a tensor of numbers known when compiling
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>

// An operand that is a constant is a table of its layer.
// CHECK-LABEL: func.func @operand
// CHECK: thimble.constant dense<[1, -2]> : tensor<2xi8> : tensor<2x!quant.uniform<i8:f32, 5.000000e-01:-3>>
// STEP: dense<[1, -2]> : tensor<2xi8>
func.func @operand(%x: tensor<2x!q>) -> tensor<2x!q> {
  %c = thimble.constant dense<[1, -2]> : tensor<2xi8> : tensor<2x!q>
  %0 = thimble.add %x, %c {thimble.id = "add_0"} : (tensor<2x!q>, tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

func.func @shape() -> tensor<3xf32> {
  // expected-error @+1 {{expected a value of shape [3], found [2]}}
  %0 = thimble.constant dense<1.0> : tensor<2xf32> : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @storage() -> tensor<2x!q> {
  // expected-error @+1 {{expected a value of 'i8', the storage type of the result, found 'i32'}}
  %0 = thimble.constant dense<1> : tensor<2xi32> : tensor<2x!q>
  return %0 : tensor<2x!q>
}
