// compress.mlir - the compression stage, from floats to final numbers
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: %python %S/../Compression/Inputs/npy.py %t.npy 32x4 random
// RUN: thimble-opt --thimble-graph-pipeline=mcpu=cortex-m4 --thimble-compress-pipeline='calibrate=%t.npy max-weight-bytes=8' %s \
// RUN:   | FileCheck %s --implicit-check-not=teacher --implicit-check-not=thimble.range --implicit-check-not=thimble.recipe
// RUN: thimble-opt --thimble-pipeline='mcpu=cortex-m4 calibrate=%t.npy' %s | FileCheck %s --check-prefix=CODE

// CHECK: func.func @model(%{{.*}}: tensor<1x4x!quant.uniform<i8:f32,
// CHECK: thimble.fully_connected
// CHECK-SAME: thimble.id = "fc"
// CODE: llvm.func @model_invoke
func.func @model(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %w = thimble.constant dense<[[0.9, -0.7, 0.31, 0.2], [-0.35, 0.8, 0.15, -0.6], [0.5, 0.2, -0.8, 0.4], [0.1, 0.3, 0.5, 0.7]]>
      : tensor<4x4xf32> : tensor<4x4xf32>
  %b = thimble.constant dense<0.1> : tensor<4xf32> : tensor<4xf32>
  %0 = thimble.fully_connected %x, %w, %b {thimble.id = "fc"}
    : (tensor<1x4xf32>, tensor<4x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
