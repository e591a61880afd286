// average_pool_2d.mlir - averages over windows
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i8:f32, 0.5:-3>

// The divisor counts the taps inside: here always 4. Halves round away from 0.
// CHECK-LABEL: func.func @int8
// CHECK: thimble.average_pool_2d %{{.*}} {kernel_size = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 2, 2>, thimble.id = "average_pool_2d_0"}
// STEP-LABEL: func.func private @int8.average_pool_2d_0.step(
// STEP: llvm.load %{{.*}} -> i8
// STEP: arith.addi
// STEP: llvm.store %{{.*}} : i8
func.func @int8(%x: tensor<1x2x4x2x!q>) -> tensor<1x1x2x2x!q> {
  %0 = thimble.average_pool_2d %x {thimble.id = "average_pool_2d_0", kernel_size = array<i64: 2, 2>,
      strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x4x2x!q>) -> tensor<1x1x2x2x!q>
  return %0 : tensor<1x1x2x2x!q>
}

// -----

// CHECK-LABEL: func.func @float
// STEP-LABEL: func.func private @float.average_pool_2d_0.step(
// STEP: arith.addf
func.func @float(%x: tensor<1x2x4x2xf32>) -> tensor<1x2x4x2xf32> {
  %0 = thimble.average_pool_2d %x {thimble.id = "average_pool_2d_0", kernel_size = array<i64: 3, 3>,
      strides = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>}
    : (tensor<1x2x4x2xf32>) -> tensor<1x2x4x2xf32>
  return %0 : tensor<1x2x4x2xf32>
}

// -----

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:-3>
func.func @requantizing(%x: tensor<1x2x2x2x!q>) -> tensor<1x1x1x2x!r> {
  // expected-error @+1 {{expected the same quantization before and after the pool, found}}
  %0 = thimble.average_pool_2d %x {kernel_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x2x!q>) -> tensor<1x1x1x2x!r>
  return %0 : tensor<1x1x1x2x!r>
}

// -----

func.func @kinds(%x: tensor<1x2x2x2xi32>) -> tensor<1x1x1x2xi32> {
  // expected-error @+1 {{expected operand and result both f32, both per-tensor int8 or both per-tensor int16 with zero point 0, found}}
  %0 = thimble.average_pool_2d %x {kernel_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x2xi32>) -> tensor<1x1x1x2xi32>
  return %0 : tensor<1x1x1x2xi32>
}

// -----

func.func @rank(%x: tensor<2x2x2xf32>) -> tensor<1x1x2xf32> {
  // expected-error @+1 {{expected non-empty tensors of rank 4, found 'tensor<2x2x2xf32>'}}
  %0 = thimble.average_pool_2d %x {kernel_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<2x2x2xf32>) -> tensor<1x1x2xf32>
  return %0 : tensor<1x1x2xf32>
}

// -----

func.func @kernel_size(%x: tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32> {
  // expected-error @+1 {{expected 2 values of at least 1 as kernel_size}}
  %0 = thimble.average_pool_2d %x {kernel_size = array<i64: 2>, strides = array<i64: 2, 2>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x2xf32>) -> tensor<1x1x1x2xf32>
  return %0 : tensor<1x1x1x2xf32>
}

// -----

// A window outside the image would have no tap to divide by.
func.func @covers(%x: tensor<1x2x2x2xf32>) -> tensor<1x3x3x2xf32> {
  // expected-error @+1 {{expected a result that its windows cover, found 'tensor<1x3x3x2xf32>' for 'tensor<1x2x2x2xf32>'}}
  %0 = thimble.average_pool_2d %x {kernel_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = array<i64: 2, 2, 2, 2>}
    : (tensor<1x2x2x2xf32>) -> tensor<1x3x3x2xf32>
  return %0 : tensor<1x3x3x2xf32>
}
