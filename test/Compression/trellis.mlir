// trellis.mlir - weights rounded so that they follow a trellis
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: %python %t/samples.py %t/samples.npy
// RUN: thimble-opt --thimble-quantize --thimble-reconstruct=samples=%t/samples.npy %t/model.mlir | FileCheck %s
// RUN: not thimble-opt %t/step.mlir 2>&1 | FileCheck %s --check-prefix=STEP

// STEP: error: expected a step for codes that follow a trellis

// What was rounded so can be stored so, layer by layer; what was not cannot.
// RUN: %python %S/../Driver/Inputs/dense_net.py > %t/float.mlir
// RUN: %python %S/Inputs/npy.py %t/random.npy 200x32 random
// RUN: sed 's/\(activation<[a-z]*>\)}/\1, thimble.recipe = #thimble.recipe<step = 0.08 : f64, rate = 0.2 : f64, trellis = true>}/' %t/float.mlir > %t/recipes.mlir
// RUN: thimble-opt --thimble-calibrate=samples=%t/random.npy --thimble-quantize --thimble-reconstruct=samples=%t/random.npy --thimble-drop-teacher %t/recipes.mlir -o %t/trellis.mlir
// RUN: thimblec %t/trellis.mlir --mcpu=cortex-m4 --encoding=trellis,huffman --quiet -o %t/net.o --report=%t/net.json
// RUN: %python -c "import json; print([l['weight']['encoding'][0][:7] for l in json.load(open(r'%t/net.json'))['layers'] if l.get('weight')])" | FileCheck %s --check-prefix=STORED
// STORED: ['trellis', 'trellis', 'trellis']
// RUN: thimble-opt --thimble-calibrate=samples=%t/random.npy --thimble-quantize --thimble-drop-teacher %t/float.mlir -o %t/plain.mlir
// RUN: thimblec %t/plain.mlir --mcpu=cortex-m4 --encoding=trellis,huffman --quiet -o %t/net.o 2>&1 | FileCheck %s --check-prefix=STRAY
// STRAY: warning: its weights stay dense; trellis,huffman: its weights do not follow the trellis

// Where code counts, a trellis is too dear for a network this small.
// DEFINE: %{allocate} = thimble-opt --thimble-set-target=cpu=cortex-m4 --thimble-calibrate=samples=%t/random.npy --thimble-quantize %t/float.mlir \
// DEFINE:   --thimble-allocate
// RUN: rm -rf %t/cache
// RUN: %{allocate}='samples=%t/random.npy cache=%t/cache max-weight-bytes=700' | FileCheck %s --check-prefix=CODE
// CODE: recipe<
// CODE-NOT: trellis
// RUN: %{allocate}='samples=%t/random.npy cache=%t/cache max-weight-bytes=700 count-code=false' | FileCheck %s --check-prefix=FREE
// FREE: trellis = true

//--- samples.py
# All choices of four inputs that are 0 or 1: they are independent.
import itertools, struct, sys

header = "{'descr': '<f4', 'fortran_order': False, 'shape': (16, 4), }".ljust(117) + "\n"
values = [float(x) for sample in itertools.product((0, 1), repeat=4) for x in sample]
with open(sys.argv[1], "wb") as file:
    file.write(bytes([147]) + b"NUMPY" + bytes([1, 0, 118, 0]) + header.encode())
    file.write(struct.pack("<64f", *values))

//--- model.mlir
// The machine begins with even numbers from 0 on and odd ones below it: 2, of
// index 1, is near 2.1. An odd index leads to s2 = 1 and, with the next weight,
// to the mirrored codebook. So it is 2; -1, again of an odd index; 1, mirrored
// an odd number below 0; and 2. With independent inputs the sum of squares is
// what counts: 0.07 here, 1.27 for the next best.
// CHECK: thimble.constant dense<{{\[\[}}2, -1, 1, 2]]> : tensor<1x4xi8>
func.func @model(%x: tensor<1x4xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x1xf32> {
  %w = thimble.constant dense<[[2.1, -0.9, 1.1, 1.8]]> : tensor<1x4xf32> : tensor<1x4xf32>
  %b = thimble.constant dense<0.0> : tensor<1xf32> : tensor<1xf32>
  %y = thimble.fully_connected %x, %w, %b {thimble.id = "fc", thimble.range = [-1.0 : f32, 5.0 : f32],
      thimble.recipe = #thimble.recipe<step = 1.0 : f64, rate = 0.0 : f64, trellis = true>}
    : (tensor<1x4xf32>, tensor<1x4xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}

//--- step.mlir
func.func @model() attributes {thimble.recipe = #thimble.recipe<bits = 4, trellis = true>} {
  return
}
