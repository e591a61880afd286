// verify-compressed.mlir - the numbers are final
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-verify-compressed --split-input-file --verify-diagnostics %s

!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @mixed(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.quantize %x {thimble.id = "quantize_0"} : (tensor<2xf32>) -> tensor<2x!q>
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<2x!q>) -> tensor<2x!q>
  %2 = thimble.dequantize %1 {thimble.id = "dequantize_2"} : (tensor<2x!q>) -> tensor<2xf32>
  %3 = thimble.relu %2 {thimble.id = "relu_3"} : (tensor<2xf32>) -> tensor<2xf32>
  return %3 : tensor<2xf32>
}

// -----

// The same bytes, but not the same numbers.
!q = !quant.uniform<i32:f32, 0.5:-3>
func.func @reinterpreted(%x: tensor<2xf32>) -> tensor<2xi32> {
  // expected-error @+1 {{expected all tensors integer or all float, found 'tensor<2xf32>' and 'tensor<2xi32>'}}
  %0 = thimble.reshape %x {thimble.id = "reshape_0"} : (tensor<2xf32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

func.func @no_id(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected the attribute 'thimble.id'}}
  %0 = thimble.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// expected-error @+1 {{expected no private function at this stage}}
func.func private @model.teacher(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
