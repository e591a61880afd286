// select-kernels.mlir - the cheapest kernel of each layer
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-select-kernels --split-input-file --verify-diagnostics %s \
// RUN:   | FileCheck %s

// The nest is the fallback of everything; an elementwise op may work in place.
// CHECK-LABEL: func.func @in_place
// CHECK: thimble.kernel "relu_0"(%arg0) {kernel = "reference", overwrites = array<i64: 0>, row_step = #thimble.row_step<scratch = 0, edge = 0>, scratch_bytes = 0 : i64}
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @in_place(%x: tensor<4xf32>) -> tensor<4xf32> {
    %0 = thimble.kernel "relu_0"(%x) : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
      thimble.yield %1 : tensor<4xf32>
    }
    return %0 : tensor<4xf32>
  }
}

// -----

// A reshape moves nothing.
// CHECK-LABEL: func.func @copy
// CHECK: thimble.kernel "reshape_0"(%arg0) {copy, kernel = "reference", overwrites = array<i64: 0>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @copy(%x: tensor<4xf32>) -> tensor<2x2xf32> {
    %0 = thimble.kernel "reshape_0"(%x) : (tensor<4xf32>) -> tensor<2x2xf32> {
    ^bb0(%a: tensor<4xf32>):
      %1 = thimble.reshape %a : (tensor<4xf32>) -> tensor<2x2xf32>
      thimble.yield %1 : tensor<2x2xf32>
    }
    return %0 : tensor<2x2xf32>
  }
}

// -----

// A convolution reads rows that its result must not take, and copies those of
// few channels into scratch.
// CHECK-LABEL: func.func @scratch
// CHECK: thimble.kernel "conv_2d_0"
// CHECK-NOT: overwrites
// CHECK-SAME: scratch_bytes = {{[1-9]}}
!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @scratch(%x: tensor<1x4x4x3x!q>) -> tensor<1x4x4x2x!q> {
    %w = thimble.constant dense<1> : tensor<2x3x3x3xi8> : tensor<2x3x3x3x!w>
    %0 = thimble.kernel "conv_2d_0"(%x, %w) : (tensor<1x4x4x3x!q>, tensor<2x3x3x3x!w>) -> tensor<1x4x4x2x!q> {
    ^bb0(%a: tensor<1x4x4x3x!q>, %b: tensor<2x3x3x3x!w>):
      %1 = thimble.conv_2d %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>}
        : (tensor<1x4x4x3x!q>, tensor<2x3x3x3x!w>) -> tensor<1x4x4x2x!q>
      thimble.yield %1 : tensor<1x4x4x2x!q>
    }
    return %0 : tensor<1x4x4x2x!q>
  }
}

// -----

// What row steps need: more where a window looks over the edge, sums where rows
// are added up one by one; nothing is said of what reads a tensor as a whole.
// CHECK-LABEL: func.func @row_steps
// CHECK: thimble.kernel "depthwise_conv_2d_0"
// CHECK-SAME: row_step = #thimble.row_step<scratch = {{[1-9][0-9]*}}, edge = {{[1-9][0-9]*}}>
// CHECK: thimble.kernel "average_pool_2d_1"
// CHECK-SAME: row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 8, absorbs = true>
// CHECK: thimble.kernel "depthwise_conv_2d_2"
// CHECK-SAME: row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 16, absorbs = true>
// CHECK: thimble.kernel "mean_3"
// CHECK-SAME: row_step = #thimble.row_step<scratch = 0, edge = 0, kept = 8, absorbs = true>
// CHECK: thimble.kernel "mean_4"
// CHECK-NOT: row_step
// CHECK: return
!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.5>
!image = tensor<1x4x4x4x!q>
!pixel = tensor<1x1x1x4x!q>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @row_steps(%x: !image) -> (!pixel, !pixel, tensor<1x4x!q>, tensor<1x4x4x!q>) {
    %w = thimble.constant dense<1> : tensor<1x3x3x4xi8> : tensor<1x3x3x4x!w>
    %v = thimble.constant dense<1> : tensor<1x4x4x4xi8> : tensor<1x4x4x4x!w>
    %0 = thimble.kernel "depthwise_conv_2d_0"(%x, %w) : (!image, tensor<1x3x3x4x!w>) -> !image {
    ^bb0(%a: !image, %b: tensor<1x3x3x4x!w>):
      %5 = thimble.depthwise_conv_2d %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 1, 1, 1, 1>}
        : (!image, tensor<1x3x3x4x!w>) -> !image
      thimble.yield %5 : !image
    }
    %1 = thimble.kernel "average_pool_2d_1"(%0) : (!image) -> !pixel {
    ^bb0(%a: !image):
      %5 = thimble.average_pool_2d %a {kernel_size = array<i64: 4, 4>, strides = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>} : (!image) -> !pixel
      thimble.yield %5 : !pixel
    }
    %2 = thimble.kernel "depthwise_conv_2d_2"(%0, %v) : (!image, tensor<1x4x4x4x!w>) -> !pixel {
    ^bb0(%a: !image, %b: tensor<1x4x4x4x!w>):
      %5 = thimble.depthwise_conv_2d %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
        : (!image, tensor<1x4x4x4x!w>) -> !pixel
      thimble.yield %5 : !pixel
    }
    %3 = thimble.kernel "mean_3"(%0) : (!image) -> tensor<1x4x!q> {
    ^bb0(%a: !image):
      %5 = thimble.mean %a {axes = array<i64: 1, 2>} : (!image) -> tensor<1x4x!q>
      thimble.yield %5 : tensor<1x4x!q>
    }
    %4 = thimble.kernel "mean_4"(%0) : (!image) -> tensor<1x4x4x!q> {
    ^bb0(%a: !image):
      %5 = thimble.mean %a {axes = array<i64: 1>} : (!image) -> tensor<1x4x4x!q>
      thimble.yield %5 : tensor<1x4x4x!q>
    }
    return %1, %2, %3, %4 : !pixel, !pixel, tensor<1x4x!q>, tensor<1x4x4x!q>
  }
}

// -----

// expected-error @+1 {{expected the attribute 'thimble.cpu', a core's name; run thimble-set-target first}}
module {
  func.func private @no_target(tensor<4xf32>)
}
