// max_pool_2d.mlir - maximum over windows
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>

// The padding row holds the least number.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.max_pool_2d %{{.*}} {activation = #thimble.activation<relu>, kernel_size = array<i64: 2, 2>
// STEP-LABEL: func.func private @int8.max_pool_2d_0.step(
// STEP: arith.maxsi
// STEP: llvm.store %{{.*}} : i8
// STEP-LABEL: func.func private @int8.max_pool_2d_0(
// STEP: %[[LEAST:.*]] = arith.constant -128 : i8
// STEP: "llvm.intr.memset"(%{{.*}}, %[[LEAST]],
func.func @int8(%x: tensor<1x3x3x2x!q>) -> tensor<1x2x2x2x!q> {
  %0 = thimble.max_pool_2d %x {thimble.id = "max_pool_2d_0", kernel_size = array<i64: 2, 2>,
      strides = array<i64: 2, 2>, padding = array<i64: 0, 1, 0, 1>, activation = #thimble.activation<relu>}
    : (tensor<1x3x3x2x!q>) -> tensor<1x2x2x2x!q>
  return %0 : tensor<1x2x2x2x!q>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: func.func private @float.max_pool_2d_0.step(
// STEP: arith.cmpf
// STEP-NOT: maxnum
// STEP-LABEL: func.func private @float.max_pool_2d_0(
func.func @float(%x: tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32> {
  %0 = thimble.max_pool_2d %x {thimble.id = "max_pool_2d_0", kernel_size = array<i64: 2, 2>,
      strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32>
  return %0 : tensor<1x1x1x2xf32>
}

// -----

func.func @covers(%x: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  // expected-error @+1 {{expected a result that its windows cover, found}}
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
}
