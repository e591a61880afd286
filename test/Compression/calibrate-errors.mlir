// calibrate-errors.mlir - what no model can be calibrated on
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: %python %S/Inputs/npy.py %t.npy 2x4 1 2 3 4  5 6 7 8
// RUN: %python %S/Inputs/npy.py %t.nan.npy 2x4 1 2 3 4  5 6 nan 8
// RUN: %python %S/Inputs/npy.py %t.shape.npy 2x2x2 1 2 3 4  5 6 7 8
// RUN: %python %S/Inputs/npy.py %t.none.npy 0x4
// RUN: %python %S/Inputs/npy.py %t.one.npy 1x4 2 2 2 2
// RUN: %python %S/Inputs/npy.py %t.large.npy 1x4 2 2 2 3e38
// RUN: split-file %s %t.d
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate=samples=%t.absent.npy 2>&1 | FileCheck %s --check-prefix=ABSENT
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate=samples=%t.shape.npy 2>&1 | FileCheck %s --check-prefix=SHAPE
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate=samples=%t.nan.npy 2>&1 | FileCheck %s --check-prefix=NAN
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate=samples=%t.none.npy 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate="samples=%t.npy method=best" 2>&1 | FileCheck %s --check-prefix=METHOD
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate="samples=%t.npy sample-scale=x" 2>&1 | FileCheck %s --check-prefix=SCALE
// RUN: not thimble-opt %t.d/integer.mlir --thimble-calibrate=samples=%t.npy 2>&1 | FileCheck %s --check-prefix=INTEGER
// RUN: not thimble-opt %t.d/nameless.mlir --thimble-calibrate=samples=%t.npy 2>&1 | FileCheck %s --check-prefix=NAMELESS
// RUN: not thimble-opt %t.d/float.mlir --thimble-calibrate=samples=%t.large.npy 2>&1 | FileCheck %s --check-prefix=LARGE
//
// One sample of equal numbers is fine:
// RUN: thimble-opt %t.d/float.mlir --thimble-calibrate=samples=%t.one.npy | FileCheck %s --check-prefix=ONE

// NONE: float.mlir:{{.*}} error: expected the option 'samples', a .npy or .npz file or a folder of .png or .wav files
// ABSENT: error: samples '{{.*}}absent.npy': cannot read it: No such file or directory
// SHAPE: error: samples '{{.*}}shape.npy': expected samples of the shape of the model's input, [1, 4] (dimensions of 1 do not count), found [2, 2]
// NAN: error: samples '{{.*}}nan.npy': sample 1: expected finite numbers, found NaN at element 2
// EMPTY: error: samples '{{.*}}none.npy': expected at least one sample, found none
// METHOD: error: expected the option 'method' to be auto, minmax, percentile or mse, found 'best'
// SCALE: error: expected a number as sample-scale, found 'x'
// INTEGER: error: 'func.func' op expected an input of f32 to give samples to, found the type
// NAMELESS: error: 'thimble.relu' op expected the attribute 'thimble.id'
// LARGE: float.mlir:2:8: error: expected finite numbers, found NaN or infinity in a result on the samples; are their scale and offset right?
// ONE: thimble.range = [0.000000e+00 : f32, 2.000000e+00 : f32]
// ONE: thimble.range = [0.000000e+00 : f32, 4.000000e+00 : f32]

//--- float.mlir
func.func @m(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = thimble.add %x, %x {thimble.id = "add"} : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

//--- integer.mlir
!q = !quant.uniform<i8:f32, 0.1:0>
func.func @m(%x: tensor<1x4x!q>) -> tensor<1x4x!q> {
  %0 = thimble.relu %x {thimble.id = "relu"} : (tensor<1x4x!q>) -> tensor<1x4x!q>
  return %0 : tensor<1x4x!q>
}

//--- nameless.mlir
func.func @m(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  %0 = thimble.relu %x : (tensor<1x4xf32>) -> tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}
