// factorize.mlir - layers become two thinner ones
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// That the two compute what the one did is in test/unit/Compression.
//
// RUN: thimble-opt --split-input-file --thimble-factorize=rank=1 %s | FileCheck %s
// RUN: thimble-opt --split-input-file --thimble-factorize=rank=1 %s \
// RUN:   --remarks-filter=compression --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=RANK
// RUN: thimble-opt --split-input-file --thimble-factorize=energy=0.9 %s \
// RUN:   --remarks-filter=compression --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=ENERGY
// RUN: thimble-opt --split-input-file --thimble-factorize=energy=0.99 %s \
// RUN:   --remarks-filter=compression --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=MORE
// RUN: thimble-opt --split-input-file --thimble-factorize=min-saving=0.6 %s \
// RUN:   --remarks-filter=compression --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=SAVING

// Inputs of variance 1 that nothing correlates, means 1 and 2: the variances of
// the results are 16 and 1, of which rank 1 keeps the first. The bias of the
// second op is the mean of the results, 4 and 2, and what was the bias.
// CHECK-LABEL: func.func @diagonal
// CHECK: %[[LOW:.*]] = thimble.fully_connected %{{.*}} {thimble.id = "fc.low"} : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1xf32>) -> tensor<1x1xf32>
// CHECK: %[[B:.*]] = thimble.constant dense<[5.000000e+00, 2.000000e+00, 0.000000e+00, 0.000000e+00]>
// CHECK: thimble.fully_connected %[[LOW]], %{{.*}}, %[[B]] {activation = #thimble.activation<relu>, thimble.id = "fc", thimble.range = {{.*}}} : (tensor<1x1xf32>, tensor<4x1xf32>, tensor<4xf32>) -> tensor<1x2x2xf32>
// CHECK: func.func private @diagonal.teacher
// RANK: 'fc' is split by channels at rank 1: 8 of 16 multiply-accumulates are left, which changes 5.88 % of its results' variance
// ENERGY: 'fc' is split by channels at rank 1: 8 of 16
// MORE: 'fc' stays whole: no split that is good enough saves any of its 16 multiply-accumulates
// SAVING: 'fc' stays whole
func.func @diagonal(%x: tensor<1x4xf32>) -> tensor<1x2x2xf32> {
  %w = thimble.constant dense<[[4.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]> : tensor<4x4xf32> : tensor<4x4xf32>
  %b = thimble.constant dense<[1.0, 0.0, 0.0, 0.0]> : tensor<4xf32> : tensor<4xf32>
  %y = thimble.fully_connected %x, %w, %b {thimble.id = "fc", activation = #thimble.activation<relu>, thimble.range = [0.0 : f32, 9.0 : f32],
      thimble.moments = dense<[[2.0, 2.0, 0.0, 0.0, 1.0], [2.0, 5.0, 0.0, 0.0, 2.0], [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0], [1.0, 2.0, 0.0, 0.0, 1.0]]> : tensor<5x5xf32>}
    : (tensor<1x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<1x2x2xf32>
  return %y : tensor<1x2x2xf32>
}

// -----

// Three kernels of one column each: what their columns have in common is one
// convolution, their place another, and both are exact. By channels they would
// be three. 16 pixels of 3 + 9 products instead of 27. The window's strides and
// paddings are divided; the recipe's rank comes first and goes, its bits stay.
// CHECK-LABEL: func.func @columns
// CHECK: thimble.conv_2d {{.*}} {dilations = array<i64: 1, 1>, padding = array<i64: 1, 0, 0, 0>, strides = array<i64: 2, 1>, thimble.id = "conv.low", thimble.recipe = #thimble.recipe<bits = 4>} : (tensor<1x4x4x1xf32>, tensor<1x3x1x1xf32>, tensor<1xf32>) -> tensor<1x2x4x1xf32>
// CHECK: thimble.conv_2d {{.*}} {dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 1, 1>, strides = array<i64: 1, 1>, thimble.id = "conv", thimble.recipe = #thimble.recipe<bits = 4>} : (tensor<1x2x4x1xf32>, tensor<3x1x3x1xf32>, tensor<3xf32>) -> tensor<1x2x4x3xf32>
// RANK: 'conv' is split by axes at rank 1: 96 of 216 multiply-accumulates are left, which changes 0.00 % of its results' variance
func.func @columns(%x: tensor<1x4x4x1xf32>) -> tensor<1x2x4x3xf32> {
  %w = thimble.constant dense<[[[[1.0], [0.0], [0.0]], [[2.0], [0.0], [0.0]], [[1.0], [0.0], [0.0]]],
                               [[[0.0], [1.0], [0.0]], [[0.0], [2.0], [0.0]], [[0.0], [1.0], [0.0]]],
                               [[[0.0], [0.0], [1.0]], [[0.0], [0.0], [2.0]], [[0.0], [0.0], [1.0]]]]> : tensor<3x3x3x1xf32> : tensor<3x3x3x1xf32>
  %y = thimble.conv_2d %x, %w {thimble.id = "conv", thimble.recipe = #thimble.recipe<bits = 4, rank = 1>,
      strides = array<i64: 2, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 1, 0, 1, 1>,
      thimble.moments = dense<0.0> : tensor<10x10xf32>}
    : (tensor<1x4x4x1xf32>, tensor<3x3x3x1xf32>) -> tensor<1x2x4x3xf32>
  %v = thimble.constant dense<1.0> : tensor<1x1x1x3xf32> : tensor<1x1x1x3xf32>
  %z = thimble.depthwise_conv_2d %y, %v {thimble.id = "depthwise",
      strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x2x4x3xf32>, tensor<1x1x1x3xf32>) -> tensor<1x2x4x3xf32>
  return %z : tensor<1x2x4x3xf32>
}

// -----

// Three multiples of one kernel, whose columns differ: one convolution of the
// whole window and a pointwise one.
// CHECK-LABEL: func.func @multiples
// CHECK: thimble.conv_2d {{.*}}padding = array<i64: 1, 0, 1, 1>, strides = array<i64: 2, 1>, thimble.id = "conv.low"{{.*}}tensor<1x3x3x1xf32>, tensor<1xf32>) -> tensor<1x2x4x1xf32>
// CHECK: thimble.conv_2d {{.*}}padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "conv"{{.*}}tensor<3x1x1x1xf32>, tensor<3xf32>) -> tensor<1x2x4x3xf32>
// RANK: 'conv' is split by channels at rank 1: 96 of 216 multiply-accumulates are left, which changes 0.00 % of its results' variance
func.func @multiples(%x: tensor<1x4x4x1xf32>) -> tensor<1x2x4x3xf32> {
  %w = thimble.constant dense<[[[[1.0], [0.0], [0.0]], [[0.0], [1.0], [0.0]], [[0.0], [0.0], [1.0]]],
                               [[[2.0], [0.0], [0.0]], [[0.0], [2.0], [0.0]], [[0.0], [0.0], [2.0]]],
                               [[[3.0], [0.0], [0.0]], [[0.0], [3.0], [0.0]], [[0.0], [0.0], [3.0]]]]> : tensor<3x3x3x1xf32> : tensor<3x3x3x1xf32>
  %y = thimble.conv_2d %x, %w {thimble.id = "conv",
      strides = array<i64: 2, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 1, 0, 1, 1>,
      thimble.moments = dense<0.0> : tensor<10x10xf32>}
    : (tensor<1x4x4x1xf32>, tensor<3x3x3x1xf32>) -> tensor<1x2x4x3xf32>
  return %y : tensor<1x2x4x3xf32>
}
