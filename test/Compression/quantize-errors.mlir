// quantize-errors.mlir - what thimble-quantize does not take
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --thimble-quantize %s

func.func @uncalibrated(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
  // expected-error @below {{expected the attribute 'thimble.range' for a value of 'tensor<1x2xf32>': run thimble-calibrate first}}
  %0 = thimble.relu %x {thimble.id = "relu"} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// expected-error @below {{expected the attribute 'thimble.range'}}
func.func @argument(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  return %x : tensor<1x2xf32>
}

// -----

func.func @range(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
  // expected-error @below {{expected 'thimble.range' to be [least, greatest], found [2.000000e+00 : f32, 1.000000e+00 : f32]}}
  %0 = thimble.relu %x {thimble.id = "relu", thimble.range = [2.0 : f32, 1.0 : f32]} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.1:0>
func.func @quantized(%x: tensor<1x2x!q>) -> tensor<1x2x!q> {
  // expected-error @below {{expected a network of floats, found 'tensor<1x2x!quant.uniform<i8:f32, 1.000000e-01>>': a quantized network cannot be calibrated again}}
  %0 = thimble.relu %x {thimble.id = "relu"} : (tensor<1x2x!q>) -> tensor<1x2x!q>
  return %0 : tensor<1x2x!q>
}

// -----

func.func @one(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  return %x : tensor<1x2xf32>
}
// expected-error @below {{expected one public function, the model}}
func.func @two(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  return %x : tensor<1x2xf32>
}

// -----

// expected-error @below {{expected a public function, the model}}
module {}
