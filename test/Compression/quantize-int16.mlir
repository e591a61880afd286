// quantize-int16.mlir - a float model gets int16 activations
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics \
// RUN:   --thimble-quantize=activation-bits=16 %s | FileCheck %s
// RUN: not thimble-opt --thimble-quantize=activation-bits=12 %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BITS

// Scales by hand: ranges are symmetric, so the input's step is
// 3.2767 / 32767 = 0.0001, the result's 6.5534 / 32767 = 0.0002. Weights have
// eight bits; biases are bias / (0.0001 * row scale), in 64 bits.
// BITS: expected 8 or 16 bits for activations, found 12
// CHECK-LABEL: func.func @model
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x!quant.uniform<i16:f32, 9.9999{{[0-9]+}}E-5>>
// CHECK: %[[W:.*]] = thimble.constant dense<{{\[\[}}127, -50], [100, 127]]> : tensor<2x2xi8>
// CHECK-SAME: tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.00999999{{[0-9]+}},0.00499999{{[0-9]+}}}>>
// CHECK: %[[B:.*]] = thimble.constant dense<[1000000, -400000]> : tensor<2xi64>
// CHECK: thimble.fully_connected %[[X]], %[[W]], %[[B]]
// CHECK-SAME: -> tensor<1x2x!quant.uniform<i16:f32,
// CHECK-LABEL: func.func private @model.teacher
func.func @model(%x: tensor<1x2xf32> {thimble.range = [-1.0 : f32, 3.2767 : f32]}) -> tensor<1x2xf32> {
  %w = thimble.constant dense<[[1.27, -0.5], [0.5, 0.635]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %b = thimble.constant dense<[1.0, -0.2]> : tensor<2xf32> : tensor<2xf32>
  %y = thimble.fully_connected %x, %w, %b {thimble.id = "fc", thimble.range = [-6.5534 : f32, 2.55 : f32]}
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// A softmax has its own quantization, a constant operand that of its numbers.
// CHECK-LABEL: func.func @others
// CHECK: thimble.constant dense<[0, 32767]> : tensor<2xi16>
// CHECK: thimble.add
// CHECK: thimble.softmax {{.*}} -> tensor<1x2x!quant.uniform<i16:f32, 3.0517578125E-5>>
func.func @others(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
  %c = thimble.constant dense<[0.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  %0 = thimble.add %x, %c {thimble.id = "add", thimble.range = [0.0 : f32, 3.0 : f32]}
    : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = thimble.softmax %0 {beta = 1.0 : f32, thimble.id = "softmax"} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

func.func @no_form(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
  // expected-error @below {{'thimble.hard_swish' op expected an op that has a form for int16: quantize with 8 bits for activations, or replace it in the model}}
  %0 = thimble.hard_swish %x {thimble.id = "swish", thimble.range = [0.0 : f32, 1.0 : f32]} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
