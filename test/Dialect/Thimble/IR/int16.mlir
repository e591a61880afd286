// int16.mlir - ops on activations of 16 bits
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

!q = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.125, 0.0625}>
!r = !quant.uniform<i16:f32, 4.0>

// Multipliers 2^-6 and 2^-7 are mantissas of 2^30 (16384 in the upper half)
// with shifts of -5 and -6, so sums are shifted right by 20 and 21: the byte
// below the mantissa has 17 less. Sums fit 32 bits and are rounded once.
// CHECK-LABEL: func.func @exact
// CHECK: thimble.conv_2d {{.*}} (tensor<1x2x2x3x!quant.uniform<i16:f32, 5.000000e-01>>, tensor<2x1x1x3x!quant.uniform<i8:f32:0, {1.250000e-01,6.250000e-02}>>, tensor<2xi64>)
// STEP: @exact.conv_2d_0.weights(dense<[1, 2, 3, -4, 5, 6]> : tensor<6xi8>)
// STEP: @exact.conv_2d_0.parameters(dense<[100, 0, 0, 0, 3, 0, 0, 64, -101, -1, -1, -1, 4, 0, 0, 64]> : tensor<16xi8>)
// STEP-LABEL: @exact.conv_2d_0.step(
// STEP: llvm.load %{{.*}} -> i16
// STEP: llvm.load %{{.*}} -> i8
// STEP: arith.muli %{{.*}}, %{{.*}} : i32
// STEP: arith.minsi
// STEP: llvm.store %{{.*}} : i16
func.func @exact(%x: tensor<1x2x2x3x!q>) -> tensor<1x2x2x2x!r> {
  %w = thimble.constant dense<[[[[1, 2, 3]]], [[[-4, 5, 6]]]]> : tensor<2x1x1x3xi8> : tensor<2x1x1x3x!w>
  %b = thimble.constant dense<[100, -101]> : tensor<2xi64> : tensor<2xi64>
  %0 = thimble.conv_2d %x, %w, %b {thimble.id = "conv_2d_0", strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x2x3x!q>, tensor<2x1x1x3x!w>, tensor<2xi64>) -> tensor<1x2x2x2x!r>
  return %0 : tensor<1x2x2x2x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 8.0>
!r = !quant.uniform<i16:f32, 0.25>

// A multiplier of 16, a shift of only 10: the sum is shifted left by 7 first.
// STEP: @shifted.fully_connected_0.parameters(dense<[1, 0, 0, 0, 0, 0, 0, 64]> : tensor<8xi8>)
// STEP-LABEL: @shifted.fully_connected_0.step(
// STEP: %[[SEVEN:.*]] = arith.constant 7 : i32
// STEP: arith.shli %{{.*}}, %[[SEVEN]]
func.func @shifted(%x: tensor<1x3x!q>) -> tensor<1x1x!r> {
  %w = thimble.constant dense<[[1, 2, 3]]> : tensor<1x3xi8> : tensor<1x3x!w>
  %b = thimble.constant dense<1> : tensor<1xi64> : tensor<1xi64>
  %0 = thimble.fully_connected %x, %w, %b {thimble.id = "fully_connected_0"}
    : (tensor<1x3x!q>, tensor<1x3x!w>, tensor<1xi64>) -> tensor<1x1x!r>
  return %0 : tensor<1x1x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.125>
!r = !quant.uniform<i16:f32, 4.0>

// A bias beyond 32 bits: sums of 64.
// STEP: @wide.fully_connected_0.parameters(dense<[0, 0, 0, 0, 1, 0, 0, 0, 0, 64, 0, 0, 20, 0, 0, 0]> : tensor<16xi8>)
// STEP-LABEL: @wide.fully_connected_0.step(
// STEP: arith.extsi %{{.*}} : i32 to i64
// STEP: arith.addi %{{.*}} : i64
func.func @wide(%x: tensor<1x3x!q>) -> tensor<1x1x!r> {
  %w = thimble.constant dense<[[1, 2, 3]]> : tensor<1x3xi8> : tensor<1x3x!w>
  %b = thimble.constant dense<4294967296> : tensor<1xi64> : tensor<1xi64>
  %0 = thimble.fully_connected %x, %w, %b {thimble.id = "fully_connected_0"}
    : (tensor<1x3x!q>, tensor<1x3x!w>, tensor<1xi64>) -> tensor<1x1x!r>
  return %0 : tensor<1x1x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.125>
!r = !quant.uniform<i16:f32, 4.0>

// A bias of 32 bits: the parameters are those of int8.
// STEP: @wrapping.fully_connected_0.parameters(dense<[4, 7, 0, 0, 0, 0, 0, 64]> : tensor<8xi8>)
func.func @wrapping(%x: tensor<1x3x!q>) -> tensor<1x1x!r> {
  %w = thimble.constant dense<[[1, 2, 3]]> : tensor<1x3xi8> : tensor<1x3x!w>
  %b = thimble.constant dense<7> : tensor<1xi32> : tensor<1xi32>
  %0 = thimble.fully_connected %x, %w, %b {thimble.id = "fully_connected_0"}
    : (tensor<1x3x!q>, tensor<1x3x!w>, tensor<1xi32>) -> tensor<1x1x!r>
  return %0 : tensor<1x1x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>

// No table of 65536 entries.
// STEP-NOT: .table
// STEP-LABEL: @relu.relu_0.step(
// STEP: llvm.load %{{.*}} -> i16
// STEP: arith.maxsi
func.func @relu(%x: tensor<4x!q>) -> tensor<4x!q> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<4x!q>) -> tensor<4x!q>
  return %0 : tensor<4x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!s = !quant.uniform<i16:f32, 3.0517578125e-5>

// STEP: @tables.softmax_0.exponentials(
// STEP: @tables.softmax_0.reciprocals(
// STEP: @tables.tanh_0.sigmoid(
func.func @tables(%x: tensor<4x!q>) -> (tensor<4x!s>, tensor<4x!s>) {
  %0 = thimble.softmax %x {thimble.id = "softmax_0", beta = 1.0 : f32} : (tensor<4x!q>) -> tensor<4x!s>
  %1 = thimble.tanh %x {thimble.id = "tanh_0"} : (tensor<4x!q>) -> tensor<4x!s>
  return %0, %1 : tensor<4x!s>, tensor<4x!s>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @no_form(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @below {{'thimble.hard_swish' op expected operand and result both f32 or both per-tensor int8: TFLite has no form of it for int16, found}}
  %0 = thimble.hard_swish %x : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5:3>
func.func @zero_point(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @below {{both per-tensor int16 with zero point 0, found}}
  %0 = thimble.relu %x : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
func.func @depthwise_bias(%x: tensor<1x1x1x2x!q>, %w: tensor<1x1x1x2x!w>, %b: tensor<2xi32>) -> tensor<1x1x1x2x!q> {
  // expected-error @below {{expected a bias of i64 for int16, found 'tensor<2xi32>'}}
  %0 = thimble.depthwise_conv_2d %x, %w, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x1x2x!q>, tensor<1x1x1x2x!w>, tensor<2xi32>) -> tensor<1x1x1x2x!q>
  return %0 : tensor<1x1x1x2x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
func.func @bias_range(%x: tensor<1x2x!q>, %w: tensor<1x2x!w>) -> tensor<1x1x!q> {
  %b = thimble.constant dense<70368744177664> : tensor<1xi64> : tensor<1xi64>
  // expected-error @below {{expected biases between -2^46 and 2^46, found 70368744177664}}
  %0 = thimble.fully_connected %x, %w, %b : (tensor<1x2x!q>, tensor<1x2x!w>, tensor<1xi64>) -> tensor<1x1x!q>
  return %0 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<i16:f32, 512.0>
!w = !quant.uniform<i8:f32, 0.5>
!r = !quant.uniform<i16:f32, 1.0>
func.func @scales(%x: tensor<1x2x!q>, %w: tensor<1x2x!w>) -> tensor<1x1x!r> {
  // expected-error @below {{expected scales of input and filter whose product is below 128 times the output's, found}}
  %0 = thimble.fully_connected %x, %w : (tensor<1x2x!q>, tensor<1x2x!w>) -> tensor<1x1x!r>
  return %0 : tensor<1x1x!r>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @softmax_output(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @below {{expected an output of scale 1/32768, a positive beta and an input scale below 2.5 / beta, found}}
  %0 = thimble.softmax %x {beta = 1.0 : f32} : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!q = !quant.uniform<i16:f32, 0.5>
func.func @tanh_output(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error @below {{expected an output scale of 1/32768 and an input scale below 2.67 that fixed point can hold, found}}
  %0 = thimble.tanh %x : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!q = !quant.uniform<i16:f32, 5.0>
!s = !quant.uniform<i16:f32, 3.0517578125e-5>
func.func @logistic_input(%x: tensor<2x!q>) -> tensor<2x!s> {
  // expected-error @below {{expected an output scale of 1/32768 and an input scale below 2.67 that fixed point can hold, found}}
  %0 = thimble.logistic %x : (tensor<2x!q>) -> tensor<2x!s>
  return %0 : tensor<2x!s>
}
