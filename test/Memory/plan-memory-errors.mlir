// plan-memory-errors.mlir - a budget that does not fit
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-plan-memory{max-ram=100})' \
// RUN:   --split-input-file --verify-diagnostics %s

func.func @fits(%x: tensor<24xf32>) -> tensor<24xf32> {
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", overwrites = array<i64: 0>} : (tensor<24xf32>) -> tensor<24xf32> {
  ^bb0(%a: tensor<24xf32>):
    %1 = thimble.relu %a : (tensor<24xf32>) -> tensor<24xf32>
    thimble.yield %1 : tensor<24xf32>
  }
  return %0 : tensor<24xf32>
}

// -----

func.func @shortfall(%x: tensor<16xf32>) -> tensor<16xf32> {
  // expected-error @+1 {{the arena needs at least 128 bytes, 28 more than --max-ram allows (100), even if layers are computed row by row; the peak is in layer 'relu_0' with 128 live bytes}}
  %0 = thimble.kernel "relu_0"(%x) {kernel = "reference"} : (tensor<16xf32>) -> tensor<16xf32> {
  ^bb0(%a: tensor<16xf32>):
    %1 = thimble.relu %a : (tensor<16xf32>) -> tensor<16xf32>
    thimble.yield %1 : tensor<16xf32>
  }
  return %0 : tensor<16xf32>
}
