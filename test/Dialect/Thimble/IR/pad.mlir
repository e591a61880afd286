// pad.mlir - adds zeros around a tensor
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>

// The real 0 is the zero point.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.pad %{{.*}} {high = array<i64: 0, 2>, low = array<i64: 1, 0>, thimble.id = "pad_0"}
// STEP: call @int8.pad_0(
// STEP: arith.constant -3 : i8
func.func @int8(%x: tensor<2x4x!q>) -> tensor<3x6x!q> {
  %0 = thimble.pad %x {thimble.id = "pad_0", low = array<i64: 1, 0>, high = array<i64: 0, 2>}
    : (tensor<2x4x!q>) -> tensor<3x6x!q>
  return %0 : tensor<3x6x!q>
}

// -----

func.func @shape(%x: tensor<2xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{expected a result that is 'tensor<2xf32>' with its padding, found 'tensor<4xf32>'}}
  %0 = thimble.pad %x {low = array<i64: 1>, high = array<i64: 0>} : (tensor<2xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
