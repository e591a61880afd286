// hard_swish.mlir - x * relu6(x + 3) / 6
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:0>

// Below -3 (6 steps) it is 0, above 3 it is x.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.hard_swish %{{.*}} {thimble.id = "hard_swish_0"}
// STEP: @int8.hard_swish_0.table(dense<"0x00000000
// STEP-SAME: 7C7D7E7F"> : tensor<256xi8>)
func.func @int8(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = thimble.hard_swish %x {thimble.id = "hard_swish_0"} : (tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: @float.hard_swish_0.step(
// STEP-NOT: fma
// STEP: arith.mulf
func.func @float(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = thimble.hard_swish %x {thimble.id = "hard_swish_0"} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

!q = !quant.uniform<i8:f32, 1.0:0>
!fine = !quant.uniform<i8:f32, 0.001:0>
func.func @scale(%x: tensor<2x!q>) -> tensor<2x!fine> {
  // expected-error @+1 {{expected an output scale of at least 1/128 of the input's, found 1.000000e-03 for 1.000000e+00}}
  %0 = thimble.hard_swish %x : (tensor<2x!q>) -> tensor<2x!fine>
  return %0 : tensor<2x!fine>
}
