// prime-delays.mlir - what delays hold before the first call
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-prime-delays --split-input-file --verify-diagnostics %s | FileCheck %s

// The real zero of the input is -3; a filter of ones over three rows of two
// numbers adds up none of them, the bias 40 is 10 in the steps of the result.
// CHECK-LABEL: func.func @chain
// CHECK: thimble.delay %{{.*}} {initial = dense<-3> : tensor<2xi8>, thimble.id = "delay_0"}
// CHECK: thimble.delay %{{.*}} {initial = dense<17> : tensor<1xi8>, thimble.id = "delay_1"}
// CHECK: thimble.delay %{{.*}} {initial = dense<9> : tensor<1xi8>, thimble.id = "delay_2"}
!x = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8<-127:127>:f32, 0.5>
!y = !quant.uniform<i8:f32, 1.0:7>
func.func @chain(%x: tensor<1x2x1x2x!x>) -> (tensor<1x4x1x1x!y>, tensor<1x9x1x1x!y>) {
  %w = thimble.constant dense<1> : tensor<1x3x1x2xi8> : tensor<1x3x1x2x!w>
  %b = thimble.constant dense<40> : tensor<1xi32> : tensor<1xi32>
  %0 = thimble.delay %x {thimble.id = "delay_0"} : (tensor<1x2x1x2x!x>) -> tensor<1x4x1x2x!x>
  %1 = thimble.conv_2d %0, %w, %b {dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "conv_2d_1"} : (tensor<1x4x1x2x!x>, tensor<1x3x1x2x!w>, tensor<1xi32>) -> tensor<1x2x1x1x!y>
  %2 = thimble.delay %1 {thimble.id = "delay_1"} : (tensor<1x2x1x1x!y>) -> tensor<1x4x1x1x!y>
  // What is there stays.
  %3 = thimble.delay %1 {initial = dense<9> : tensor<1xi8>, thimble.id = "delay_2"} : (tensor<1x2x1x1x!y>) -> tensor<1x9x1x1x!y>
  return %2, %3 : tensor<1x4x1x1x!y>, tensor<1x9x1x1x!y>
}

// -----

// CHECK-LABEL: func.func @reals
// CHECK: thimble.delay %{{.*}} {initial = dense<1.000000e+00> : tensor<2xf32>, thimble.id = "delay_1"}
func.func @reals(%x: tensor<1x2xf32>) -> tensor<9x2xf32> {
  %c = thimble.constant dense<1.0> : tensor<1x2xf32> : tensor<1x2xf32>
  %0 = thimble.add %x, %c {thimble.id = "add_0"} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = thimble.delay %0 {thimble.id = "delay_1"} : (tensor<1x2xf32>) -> tensor<9x2xf32>
  return %1 : tensor<9x2xf32>
}

// -----

func.func @nameless(%x: tensor<1x2xf32>) -> tensor<9x2xf32> {
  // expected-error @+1 {{expected the attribute 'thimble.id'}}
  %0 = thimble.delay %x : (tensor<1x2xf32>) -> tensor<9x2xf32>
  return %0 : tensor<9x2xf32>
}
