// quantize.mlir - a float model becomes one of integers
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --thimble-quantize %s | FileCheck %s
// RUN: thimble-opt --split-input-file --thimble-quantize=weight-bits=4 %s \
// RUN:   | FileCheck %s --check-prefix=FOUR

// Scales and codes by hand: the input's step is 2.55 / 255 = 0.01, the result's
// 5.1 / 255 = 0.02. The first row's largest weight is 1.27, the second's 0.635;
// biases are bias / (0.01 * row scale).
// CHECK-LABEL: func.func @model
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x!quant.uniform<i8:f32, 0.00999999{{[0-9]+}}:-128>>
// CHECK: %[[W:.*]] = thimble.constant dense<{{\[\[}}127, -50], [100, 127]]> : tensor<2x2xi8>
// CHECK-SAME: tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.00999999{{[0-9]+}},0.00499999{{[0-9]+}}}>>
// CHECK: %[[B:.*]] = thimble.constant dense<[10000, -4000]> : tensor<2xi32>
// CHECK: thimble.fully_connected %[[X]], %[[W]], %[[B]]
// CHECK-SAME: thimble.id = "fc"
// The float function stays, private.
// CHECK-LABEL: func.func private @model.teacher
// CHECK-SAME: tensor<1x2xf32>
// CHECK: thimble.constant dense<{{.*}}1.27
// FOUR: thimble.constant dense<{{\[\[}}7, -3], [6, 7]]> : tensor<2x2xi8>
// FOUR-SAME: i8<-7:7>
func.func @model(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 2.55 : f32]}) -> tensor<1x2xf32> {
  %w = thimble.constant dense<[[1.27, -0.5], [0.5, 0.635]]> : tensor<2x2xf32> : tensor<2x2xf32>
  %b = thimble.constant dense<[1.0, -0.2]> : tensor<2xf32> : tensor<2xf32>
  %y = thimble.fully_connected %x, %w, %b {thimble.id = "fc", thimble.range = [-2.55 : f32, 2.55 : f32]}
    : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// Ops that do not rescale share one quantization: the union of the ranges of
// what is joined. A softmax has its own.
// CHECK-LABEL: func.func @shared
// CHECK: thimble.concatenation %{{.*}}, %{{.*}} {{.*}} : (tensor<1x2x![[Q:[^>]*]]>>, tensor<1x2x![[Q]]>>) -> tensor<1x4x![[Q]]>>
// CHECK: thimble.softmax {{.*}} -> tensor<1x4x!quant.uniform<i8:f32, 3.906250e-03:-128>>
func.func @shared(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]},
                  %y: tensor<1x2xf32> {thimble.range = [-1.0 : f32, 0.5 : f32]}) -> tensor<1x4xf32> {
  %0 = thimble.concatenation %x, %y {axis = 1 : i64, thimble.id = "join", thimble.range = [-1.0 : f32, 1.0 : f32]}
    : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  %1 = thimble.softmax %0 {beta = 1.0 : f32, thimble.id = "softmax"} : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %1 : tensor<1x4xf32>
}

// -----

// An average over the whole image is a mean with the steps of its own range. One
// over a part, one that sees padding (whose taps do not count) and one with an
// activation keep the steps of the image.
// CHECK-LABEL: func.func @pools
// CHECK: %[[MEAN:.*]] = thimble.mean %{{.*}} {axes = array<i64: 1, 2>, thimble.id = "whole", thimble.range = [0.000000e+00 : f32, 2.550000e-01 : f32]}
// CHECK-SAME: (tensor<1x4x4x2x!quant.uniform<i8:f32, 0.00999999{{[0-9]+}}:-128>>) -> tensor<1x1x1x2x!quant.uniform<i8:f32, 9.99999{{[0-9]+}}E-4:-128>>
// CHECK: thimble.average_pool_2d {{.*}}"part"{{.*}} -> tensor<1x3x3x2x!quant.uniform<i8:f32, 0.00999999
// CHECK: thimble.average_pool_2d {{.*}}"padded"{{.*}} -> tensor<1x1x1x2x!quant.uniform<i8:f32, 0.00999999
// CHECK: thimble.average_pool_2d {{.*}}"activated"{{.*}} -> tensor<1x1x1x2x!quant.uniform<i8:f32, 0.00999999
// The teacher is as it was.
// CHECK-LABEL: func.func private @pools.teacher
// CHECK: thimble.average_pool_2d {{.*}}"whole"
// CHECK-NOT: thimble.mean
// CHECK: return
func.func @pools(%x: tensor<1x4x4x2xf32> {thimble.range = [0.0 : f32, 2.55 : f32]})
    -> (tensor<1x1x1x2xf32>, tensor<1x3x3x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  %0 = thimble.average_pool_2d %x {kernel_size = array<i64: 4, 4>, strides = array<i64: 4, 4>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "whole", thimble.range = [0.0 : f32, 0.255 : f32]}
    : (tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32>
  %1 = thimble.average_pool_2d %x {kernel_size = array<i64: 2, 2>, strides = array<i64: 1, 1>,
      padding = array<i64: 0, 0, 0, 0>, thimble.id = "part", thimble.range = [0.0 : f32, 1.0 : f32]}
    : (tensor<1x4x4x2xf32>) -> tensor<1x3x3x2xf32>
  %2 = thimble.average_pool_2d %x {kernel_size = array<i64: 4, 4>, strides = array<i64: 4, 4>,
      padding = array<i64: 1, 0, 1, 0>, thimble.id = "padded", thimble.range = [0.0 : f32, 1.0 : f32]}
    : (tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32>
  %3 = thimble.average_pool_2d %x {kernel_size = array<i64: 4, 4>, strides = array<i64: 4, 4>,
      padding = array<i64: 0, 0, 0, 0>, activation = #thimble.activation<relu6>, thimble.id = "activated", thimble.range = [0.0 : f32, 1.0 : f32]}
    : (tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32>
  return %0, %1, %2, %3 : tensor<1x1x1x2xf32>, tensor<1x3x3x2xf32>, tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}

// -----

// A constant operand gets the type of its own numbers, one for each use.
// CHECK-LABEL: func.func @constants
// CHECK: thimble.constant dense<[-128, 127]> : tensor<2xi8>
// CHECK: thimble.add
func.func @constants(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
  %c = thimble.constant dense<[0.0, 2.0]> : tensor<2xf32> : tensor<2xf32>
  %0 = thimble.add %x, %c {thimble.id = "add", thimble.range = [0.0 : f32, 3.0 : f32]}
    : (tensor<1x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// -----

// A fixed quantization that differs from the one of what shares it gets a
// change of quantization in between.
// CHECK-LABEL: func.func @conflict
// CHECK: %[[T:.*]] = thimble.tanh
// CHECK: %[[C:.*]] = thimble.quantize %[[T]] {thimble.id = "join.operand_1"}
// CHECK: thimble.concatenation %{{.*}}, %[[C]]
func.func @conflict(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x4xf32> {
  %0 = thimble.logistic %x {thimble.id = "logistic"} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %1 = thimble.tanh %x {thimble.id = "tanh"} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  %2 = thimble.concatenation %0, %1 {axis = 1 : i64, thimble.id = "join", thimble.range = [0.0 : f32, 1.0 : f32]}
    : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x4xf32>
  return %2 : tensor<1x4xf32>
}
