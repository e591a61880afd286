// reconstruct.mlir - integers that keep what the teacher computes
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: %python -c "import struct; h = '{\'descr\': \'<f4\', \'fortran_order\': False, \'shape\': (4, 2), }'.ljust(117) + chr(10); open(r'%t.npy', 'wb').write(bytes([147]) + b'NUMPY' + bytes([1, 0, 118, 0]) + h.encode() + struct.pack('<8f', 0, 0, 0, 2, 2, 0, 2, 2))"
// RUN: thimble-opt --thimble-quantize --thimble-reconstruct=samples=%t.npy %s | FileCheck %s
// RUN: thimble-opt --thimble-quantize "--thimble-reconstruct=samples=%t.npy rounding-iterations=20 epochs=4 train-codes" %s | FileCheck %s --check-prefix=TRAINED
// RUN: not thimble-opt --thimble-reconstruct=samples=%t.npy %s 2>&1 | FileCheck %s --check-prefix=TEACHER
// RUN: not thimble-opt --thimble-quantize --thimble-reconstruct %s 2>&1 | FileCheck %s --check-prefix=NONE

// TEACHER: expected a quantized model beside its teacher @model.teacher: run thimble-quantize first
// NONE: expected the option 'samples', a .npy or .npz file or a folder of .png or .wav files

// y = x0 + 0.4 x1 with x0 and x1 both 0 or 2, each as often with the other. Of
// the ternary weights [s, 0] has an error of 0.16 at s = 1 and [s, s] one of
// 0.18 at s = 0.7. What x1 adds on average, 0.4 * 1, goes to the bias, whose
// step is 0.01 * 1.
// CHECK: thimble.constant dense<{{\[\[}}1, 0]]> : tensor<1x2xi8> : tensor<1x2x!quant.uniform<i8<-1:1>:f32:0, {{{(1.00|0.99)[0-9e+]+}}}>>
// Trained codes are still the best.
// TRAINED: thimble.constant dense<{{\[\[}}1, 0]]>
// CHECK: thimble.constant dense<40> : tensor<1xi32>
func.func @model(%x: tensor<1x2xf32> {thimble.range = [0.0 : f32, 2.55 : f32]}) -> tensor<1x1xf32> {
  %w = thimble.constant dense<[[1.0, 0.4]]> : tensor<1x2xf32> : tensor<1x2xf32>
  %b = thimble.constant dense<0.0> : tensor<1xf32> : tensor<1xf32>
  %y = thimble.fully_connected %x, %w, %b {thimble.id = "fc", thimble.range = [0.0 : f32, 2.8 : f32],
      thimble.recipe = #thimble.recipe<bits = 2>}
    : (tensor<1x2xf32>, tensor<1x2xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}
