// relu6.mlir - min(max(x, 0), 6)
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>

// The real 0 is -3 and the real 6 is 9 in the table.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.relu6 %{{.*}} {thimble.id = "relu6_0"}
// STEP: @int8.relu6_0.table(dense<"0xFDFDFD
// STEP-SAME: FDFDFEFF00010203040506070809090909
// STEP-SAME: 0909"> : tensor<256xi8>)
func.func @int8(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = thimble.relu6 %x {thimble.id = "relu6_0"} : (tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: @float.relu6_0.step(
// STEP: arith.constant 6.000000e+00 : f32
func.func @float(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = thimble.relu6 %x {thimble.id = "relu6_0"} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @kinds(%x: tensor<2xi32>) -> tensor<2xi32> {
  // expected-error @+1 {{expected operand and result both f32, both per-tensor int8 or both per-tensor int16 with zero point 0, found 'tensor<2xi32>' and 'tensor<2xi32>'}}
  %0 = thimble.relu6 %x : (tensor<2xi32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}
