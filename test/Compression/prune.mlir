// prune.mlir - weights that are not needed become zero
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --thimble-prune=pattern=unstructured %s | FileCheck %s
// RUN: thimble-opt --split-input-file --thimble-prune=pattern=unstructured %s \
// RUN:   --remarks-filter=compression --remark-format=emitRemark -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

// Inputs of variance 1 that nothing correlates: the least weights go, nothing
// makes up for them. The first input's mean is 2.
// CHECK-LABEL: func.func @uncorrelated
// CHECK: thimble.constant dense<{{\[\[}}0.000000e+00, 3.000000e+00, -4.000000e+00, 0.000000e+00]]>
// CHECK: thimble.constant dense<1.200000e+01> : tensor<1xf32>
// CHECK: thimble.recipe = #thimble.recipe<pattern = "unstructured", sparsity = 5.000000e-01 : f64>
// CHECK: func.func private @uncorrelated.teacher
// CHECK: dense<{{\[\[}}1.000000e+00, 3.000000e+00, -4.000000e+00, 5.000000e-01]]>
// REMARK: 'fc': 2 of 4 weights are 0, which changes 4.76 % of its results' variance
func.func @uncorrelated(%x: tensor<1x4xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<[[1.0, 3.0, -4.0, 0.5]]> : tensor<1x4xf32> : tensor<1x4xf32>
  %b = thimble.constant dense<[10.0]> : tensor<1xf32> : tensor<1xf32>
  %y = thimble.fully_connected %x, %w, %b {thimble.id = "fc",
      thimble.moments = dense<[[5.0, 0.0, 0.0, 0.0, 2.0], [0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0], [2.0, 0.0, 0.0, 0.0, 1.0]]> : tensor<5x5xf32>}
    : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

// -----

// Covariance [1 0.5] [0.5 1], damped by 0.01, means 1 and 2: the first weight
// becomes 2 + 0.5 / 1.01, the bias 1 * 2 - 0.5 / 1.01.
// CHECK-LABEL: func.func @correlated
// CHECK: thimble.constant dense<{{\[\[}}2.4950{{[0-9]*}}, 0.000000e+00]]>
// CHECK: thimble.constant dense<1.5049{{[0-9]*}}> : tensor<1xf32>
func.func @correlated(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<[[2.0, 1.0]]> : tensor<1x2xf32> : tensor<1x2xf32>
  %y = thimble.fully_connected %x, %w {thimble.id = "fc",
      thimble.moments = dense<[[2.0, 2.5, 1.0], [2.5, 5.0, 2.0], [1.0, 2.0, 1.0]]> : tensor<3x3xf32>}
    : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

// -----

// What the recipe says comes first: one of two neighbours, a block of a row by
// two columns of a quarter. The rest of the recipe stays.
// CHECK-LABEL: func.func @recipes
// CHECK: thimble.constant dense<{{\[\[}}0.000000e+00, 2.000000e+00, 4.000000e+00, 0.000000e+00], [3.000000e+00, 0.000000e+00, 0.000000e+00, 2.000000e+00]]>
// CHECK: thimble.recipe = #thimble.recipe<bits = 4, pattern = "1:2", sparsity = 5.000000e-01 : f64>
// CHECK: thimble.constant dense<{{\[\[}}0.000000e+00, 0.000000e+00], [1.000000e+00, 3.000000e+00], [5.000000e+00, 1.000000e+00], [2.000000e+00, 2.000000e+00]]>
func.func @recipes(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %w = thimble.constant dense<[[1.0, 2.0, 4.0, 3.0], [3.0, 2.0, 1.0, 2.0]]> : tensor<2x4xf32> : tensor<2x4xf32>
  %y = thimble.fully_connected %x, %w {thimble.id = "fc", thimble.recipe = #thimble.recipe<bits = 4, pattern = "1:2">,
      thimble.moments = dense<[[1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]]> : tensor<5x5xf32>}
    : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x2xf32>
  %v = thimble.constant dense<[[1.0, 1.5], [1.0, 3.0], [5.0, 1.0], [2.0, 2.0]]> : tensor<4x2xf32> : tensor<4x2xf32>
  %z = thimble.fully_connected %y, %v {thimble.id = "blocks", thimble.recipe = #thimble.recipe<pattern = "1x2", sparsity = 0.25 : f64>,
      thimble.moments = dense<[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]> : tensor<3x3xf32>}
    : (tensor<1x2xf32>, tensor<4x2xf32>) -> tensor<1x4xf32>
  return %z : tensor<1x4xf32>
}

// -----

// The taps of a depthwise convolution are pruned channel by channel, and by no
// other pattern. Of channel 0 the second tap is much moved, of channel 1 the
// first.
// CHECK-LABEL: func.func @depthwise
// CHECK: thimble.constant dense<{{\[\[\[\[}}0.000000e+00, 2.000000e+00], [1.000000e+00, 0.000000e+00]]]]>
// CHECK: thimble.constant dense<{{\[\[\[\[}}1.000000e+00], [2.000000e+00]]]]>
// REMARK: 'other' stays: the pattern '2x1' is one of channels that are summed
func.func @depthwise(%x: tensor<1x1x2x2xf32>, %z: tensor<1x1x2x1xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x1x1x1xf32>) {
  %w = thimble.constant dense<[[[[2.0, 2.0], [1.0, 1.0]]]]> : tensor<1x1x2x2xf32> : tensor<1x1x2x2xf32>
  %y = thimble.depthwise_conv_2d %x, %w {thimble.id = "depthwise", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
      thimble.moments = dense<[[[1.0, 0.0, 0.0], [0.0, 9.0, 0.0], [0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]]> : tensor<2x3x3xf32>}
    : (tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> tensor<1x1x1x2xf32>
  %v = thimble.constant dense<[[[[1.0], [2.0]]]]> : tensor<1x1x2x1xf32> : tensor<1x1x2x1xf32>
  %u = thimble.depthwise_conv_2d %z, %v {thimble.id = "other", strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>,
      thimble.recipe = #thimble.recipe<pattern = "2x1">,
      thimble.moments = dense<[[[1.0, 0.0, 0.0], [0.0, 9.0, 0.0], [0.0, 0.0, 1.0]]]> : tensor<1x3x3xf32>}
    : (tensor<1x1x2x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x1x1x1xf32>
  return %y, %u : tensor<1x1x1x2xf32>, tensor<1x1x1x1xf32>
}
