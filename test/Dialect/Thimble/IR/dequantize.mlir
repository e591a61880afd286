// dequantize.mlir - integer to float
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>

// CHECK-LABEL: func.func @int8
// CHECK: thimble.dequantize %{{.*}} {thimble.id = "dequantize_0"}
// STEP-LABEL: @int8.dequantize_0.step(
// STEP: llvm.load %{{.*}} -> i8
// STEP: arith.sitofp %{{.*}} : i32 to f32
// STEP: llvm.store %{{.*}} : f32
func.func @int8(%x: tensor<4x!q>) -> tensor<4xf32> {
  %0 = thimble.dequantize %x {thimble.id = "dequantize_0"} : (tensor<4x!q>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @shape(%x: tensor<2x!q>) -> tensor<3xf32> {
  // expected-error @+1 {{expected a result of the operand's shape, found 'tensor<2x!quant.uniform<i8:f32, 5.000000e-01:-3>>' and 'tensor<3xf32>'}}
  %0 = thimble.dequantize %x : (tensor<2x!q>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

func.func @kinds(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected an operand of per-tensor int8 or int16 and a result of f32, found 'tensor<2xf32>' and 'tensor<2xf32>'}}
  %0 = thimble.dequantize %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
