// select-kernels.mlir - the cheapest kernel of each layer
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-select-kernels --split-input-file --verify-diagnostics %s \
// RUN:   | FileCheck %s

// The nest is the fallback of everything; an elementwise op may work in place.
// CHECK-LABEL: func.func @in_place
// CHECK: thimble.kernel "relu_0"(%arg0) {kernel = "reference", overwrites = array<i64: 0>, scratch_bytes = 0 : i64}
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

// expected-error @+1 {{expected the attribute 'thimble.cpu', a core's name; run thimble-set-target first}}
module {
  func.func private @no_target(tensor<4xf32>)
}
