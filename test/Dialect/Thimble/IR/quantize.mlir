// quantize.mlir - float to integer, or one quantization to another
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:4>

// CHECK-LABEL: func.func @from_float
// CHECK: thimble.quantize %{{.*}} {thimble.id = "quantize_0"} : (tensor<4xf32>)
// STEP-LABEL: @from_float.quantize_0.step(
// STEP: llvm.load %{{.*}} -> f32
// STEP-NOT: math.
// STEP: llvm.store %{{.*}} : i8
func.func @from_float(%x: tensor<4xf32>) -> tensor<4x!q> {
  %0 = thimble.quantize %x {thimble.id = "quantize_0"} : (tensor<4xf32>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:4>

// 2 * (q + 3) + 4, saturated.
// CHECK-LABEL: func.func @requantize
// STEP: @requantize.quantize_0.table(dense<"0x808080
// STEP-SAME: 0002040608
// STEP-SAME: 7F7F7F"> : tensor<256xi8>)
func.func @requantize(%x: tensor<4x!q>) -> tensor<4x!r> {
  %0 = thimble.quantize %x {thimble.id = "quantize_0"} : (tensor<4x!q>) -> tensor<4x!r>
  return %0 : tensor<4x!r>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @shape(%x: tensor<2xf32>) -> tensor<3x!q> {
  // expected-error @+1 {{expected a result of the operand's shape, found 'tensor<2xf32>' and 'tensor<3x!quant.uniform<i8:f32, 5.000000e-01:-3>>'}}
  %0 = thimble.quantize %x : (tensor<2xf32>) -> tensor<3x!q>
  return %0 : tensor<3x!q>
}

// -----

func.func @kinds(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected an operand of f32, int8 or int16 and a result of per-tensor int8 or int16, found 'tensor<2xf32>' and 'tensor<2xf32>'}}
  %0 = thimble.quantize %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
