// prune-channels.mlir - channels that hardly matter
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --thimble-prune=pattern=channels %s | FileCheck %s
// RUN: thimble-opt --split-input-file --thimble-prune='pattern=channels sparsity=0.5' %s | FileCheck %s --check-prefix=HALF
// RUN: thimble-opt --split-input-file %s \
// RUN:   --pass-pipeline='builtin.module(thimble-prune{pattern=channels},thimble-quantize,thimble-drop-dead-channels,thimble-drop-teacher)' \
// RUN:   | FileCheck %s --check-prefix=GONE

// The first layer's second row and the second layer's second column are below
// 1e-6 of the largest weights. The third column of the second layer is not, but
// its input is 2 on all samples: the bias has it. Then channels 1 and 2 of three
// can go.
// CHECK-LABEL: func.func @chain
// CHECK: thimble.constant dense<{{\[\[}}1.000000e+00, 5.000000e-01], [0.000000e+00, 0.000000e+00], [1.000000e+00, 1.000000e+00]]>
// CHECK-NOT: thimble.recipe
// CHECK: thimble.constant dense<{{\[\[}}3.000000e+00, 0.000000e+00, 0.000000e+00], [1.000000e+00, 0.000000e+00, 0.000000e+00]]>
// CHECK: thimble.constant dense<[1.000000e+00, 2.000000e+00]>
// HALF: thimble.constant dense<{{\[\[}}1.000000e+00, 5.000000e-01], [0.000000e+00, 0.000000e+00], [1.000000e+00, 1.000000e+00]]>
// GONE-LABEL: func.func @chain
// GONE: thimble.fully_connected {{.*}}thimble.id = "a"{{.*}} -> tensor<1x1x!
// GONE: thimble.fully_connected {{.*}}thimble.id = "b"{{.*}} : (tensor<1x1x!{{.*}} -> tensor<1x2x!
func.func @chain(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 2.0 : f32]}) -> tensor<1x2xf32> {
  %w = thimble.constant dense<[[1.0, 0.5], [1.0e-7, 0.0], [1.0, 1.0]]> : tensor<3x2xf32> : tensor<3x2xf32>
  %0 = thimble.fully_connected %x, %w {thimble.id = "a", activation = #thimble.activation<relu>, thimble.range = [0.0 : f32, 2.0 : f32],
      thimble.moments = dense<[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]> : tensor<3x3xf32>}
    : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<1x3xf32>
  %v = thimble.constant dense<[[3.0, 1.0e-7, 0.5], [1.0, 0.0, 1.0]]> : tensor<2x3xf32> : tensor<2x3xf32>
  %1 = thimble.fully_connected %0, %v {thimble.id = "b", thimble.range = [0.0 : f32, 8.0 : f32],
      thimble.moments = dense<[[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 4.0, 2.0], [0.0, 0.0, 2.0, 1.0]]> : tensor<4x4xf32>}
    : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

// Without moments only weights are looked at.
// CHECK-LABEL: func.func @weights
// CHECK: thimble.constant dense<{{\[\[}}1.000000e+00, 0.000000e+00], [1.000000e+00, 0.000000e+00]]>
// CHECK: thimble.fully_connected
func.func @weights(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
  %w = thimble.constant dense<[[1.0, 1.0e-7], [1.0, 0.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %y = thimble.fully_connected %x, %w {thimble.id = "a", thimble.range = [0.0 : f32, 1.0 : f32], thimble.recipe = #thimble.recipe<pattern = "channels", sparsity = 0.0 : f64>}
    : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// With a sparsity half of the input channels go, of each tap, but not those that
// the caller gives: of taps (4, 1) (1, 4) and variances (1, 3) the second input
// channel matters more.
// CHECK-LABEL: func.func @share
// HALF-LABEL: func.func @share
// HALF: thimble.constant dense<{{.*}}2.000000e+00{{.*}}3.000000e+00
// HALF: thimble.constant dense<{{\[\[\[\[}}0.000000e+00, 1.000000e+00], [0.000000e+00, 4.000000e+00]]]]>
func.func @share(%x: tensor<1x1x2x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x1x1x1xf32> {
  %u = thimble.constant dense<[[[[2.0, 3.0]]], [[[1.0, 1.0]]]]> : tensor<2x1x1x2xf32> : tensor<2x1x1x2xf32>
  %y = thimble.conv_2d %x, %u {thimble.id = "first", thimble.range = [0.0 : f32, 1.0 : f32], strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x1x2x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x1x2x2xf32>
  %w = thimble.constant dense<[[[[4.0, 1.0], [1.0, 4.0]]]]> : tensor<1x1x2x2xf32> : tensor<1x1x2x2xf32>
  %z = thimble.conv_2d %y, %w {thimble.id = "second", thimble.range = [0.0 : f32, 1.0 : f32], strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
      thimble.moments = dense<[[1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 3.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 3.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]]> : tensor<5x5xf32>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32>
  return %z : tensor<1x1x1x1xf32>
}
