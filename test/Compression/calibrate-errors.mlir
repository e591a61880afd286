// calibrate-errors.mlir - samples that no model can be calibrated on
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not thimble-opt %s --thimble-calibrate 2>&1 | FileCheck %s --check-prefix=NONE

// NONE: calibrate-errors.mlir:[[@LINE+1]]:1: error: expected the option 'samples' of thimble-calibrate, a file or a folder
module {
  func.func @m(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
    %0 = thimble.relu %x {thimble.id = "relu"} : (tensor<1x4xf32>) -> tensor<1x4xf32>
    return %0 : tensor<1x4xf32>
  }
}
