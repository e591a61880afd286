// tanh.mlir - hyperbolic tangent
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:0>
!p = !quant.uniform<i8:f32, 0.0078125:0>

// From -1 (-128) to nearly 1 (127).
// CHECK-LABEL: func.func @int8
// CHECK: thimble.tanh %{{.*}} {thimble.id = "tanh_0"}
// STEP: @int8.tanh_0.table(dense<"0x808080
// STEP-SAME: 7F7F7F"> : tensor<256xi8>)
func.func @int8(%x: tensor<4x!q>) -> tensor<4x!p> {
  %0 = thimble.tanh %x {thimble.id = "tanh_0"} : (tensor<4x!q>) -> tensor<4x!p>
  return %0 : tensor<4x!p>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: @float.tanh_0.step(
// STEP-NOT: math.
// STEP: return
func.func @float(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = thimble.tanh %x {thimble.id = "tanh_0"} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 100.0:0>
!p = !quant.uniform<i8:f32, 0.0078125:0>
func.func @scale(%x: tensor<2x!q>) -> tensor<2x!p> {
  // expected-error @+1 {{expected an input scale that fixed point can hold, found 1.000000e+02}}
  %0 = thimble.tanh %x : (tensor<2x!q>) -> tensor<2x!p>
  return %0 : tensor<2x!p>
}
