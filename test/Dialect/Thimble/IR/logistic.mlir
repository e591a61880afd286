// logistic.mlir - 1 / (1 + exp(-x))
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:0>
!p = !quant.uniform<i8:f32, 0.00390625:-128>

// From 0 (-128) to nearly 1 (127).
// CHECK-LABEL: func.func @int8
// CHECK: thimble.logistic %{{.*}} {thimble.id = "logistic_0"}
// STEP: @int8.logistic_0.table(dense<"0x808080
// STEP-SAME: 7F7F7F"> : tensor<256xi8>)
func.func @int8(%x: tensor<4x!q>) -> tensor<4x!p> {
  %0 = thimble.logistic %x {thimble.id = "logistic_0"} : (tensor<4x!q>) -> tensor<4x!p>
  return %0 : tensor<4x!p>
}

// -----

// No function of libm.
// CHECK-LABEL: func.func @float
// STEP-LABEL: @float.logistic_0.step(
// STEP-NOT: math.
// STEP: arith.divf
// STEP-NOT: math.
// STEP: return
func.func @float(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = thimble.logistic %x {thimble.id = "logistic_0"} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:0>
func.func @zero_point(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @+1 {{expected an output zero point of -128, found 0}}
  %0 = thimble.logistic %x : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!q = !quant.uniform<i8:f32, 100.0:0>
!p = !quant.uniform<i8:f32, 0.00390625:-128>
func.func @scale(%x: tensor<2x!q>) -> tensor<2x!p> {
  // expected-error @+1 {{expected an input scale that fixed point can hold, found 1.000000e+02}}
  %0 = thimble.logistic %x : (tensor<2x!q>) -> tensor<2x!p>
  return %0 : tensor<2x!p>
}
