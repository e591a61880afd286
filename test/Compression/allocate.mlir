// allocate.mlir - decides how each weight is compressed
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: %python -c "import random, struct; random.seed(1); h = '{\'descr\': \'<f4\', \'fortran_order\': False, \'shape\': (64, 8), }'.ljust(117) + chr(10); open(r'%t.npy', 'wb').write(bytes([147]) + b'NUMPY' + bytes([1, 0, 118, 0]) + h.encode() + struct.pack('<512f', *[random.random() for i in range(512)]))"
// RUN: rm -rf %t.cache %t.json
// RUN: thimble-opt --thimble-quantize --thimble-allocate='samples=%t.npy max-weight-bytes=16 entropy-coding=false cache=%t.cache frontier=%t.json' %s \
// RUN:   -o %t.first
// RUN: FileCheck %s --input-file=%t.first
// RUN: FileCheck %s --input-file=%t.json --check-prefix=FRONTIER
// Measured options are kept, whatever the budget; a damaged file is measured anew.
// RUN: ls %t.cache | count 1
// RUN: thimble-opt --thimble-quantize --thimble-allocate='samples=%t.npy entropy-coding=false cache=%t.cache' %s \
// RUN:   | FileCheck %s --check-prefix=ANY
// RUN: ls %t.cache | count 1
// RUN: %python -c "import glob; open(glob.glob(r'%t.cache/*')[0], 'w').write('{')"
// RUN: thimble-opt --thimble-quantize --thimble-allocate='samples=%t.npy max-weight-bytes=16 entropy-coding=false cache=%t.cache' %s -o %t.second
// RUN: diff %t.first %t.second
// RUN: not thimble-opt --thimble-quantize --thimble-allocate='samples=%t.npy max-weight-bytes=3' %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=LITTLE

// LITTLE: expected weights within 3 bytes; the nearest there is takes {{[0-9]+}} bytes and {{[0-9]+}} cycles, its loss is {{.*}}: allow more, or a smaller network is needed
// FRONTIER: "base_loss":
// FRONTIER: "frontier":
// FRONTIER: "bytes":

// The second layer barely matters: what it computes is a thousandth of the
// first one's result, which it is added to. So it gets fewer bits.
// CHECK-LABEL: func.func @model
// CHECK: thimble.id = "large"{{.*}}thimble.recipe = #thimble.recipe<bits = {{[5678]}}>
// CHECK: thimble.id = "small"{{.*}}thimble.recipe = #thimble.recipe<{{(bits = [234]|entries = [48])}}
// ANY: thimble.id = "large"{{.*}}thimble.recipe = #thimble.recipe<
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x8xf32> {thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
    %w0 = thimble.constant dense<[[0.9, -0.7, 0.31, 0.2, -0.55, 0.11, 0.63, -0.42], [-0.35, 0.8, 0.15, -0.6, 0.25, 0.72, -0.9, 0.05]]>
        : tensor<2x8xf32> : tensor<2x8xf32>
    %w1 = thimble.constant dense<[[0.009, 0.007, -0.0031, 0.002, 0.0055, -0.0011, 0.0063, 0.0042], [0.0035, 0.008, -0.0015, 0.006, -0.0025, 0.0072, 0.009, 0.0005]]>
        : tensor<2x8xf32> : tensor<2x8xf32>
    %b = thimble.constant dense<0.0> : tensor<2xf32> : tensor<2xf32>
    %0 = thimble.fully_connected %x, %w0, %b {thimble.id = "large", thimble.range = [-2.0 : f32, 3.0 : f32]}
      : (tensor<1x8xf32>, tensor<2x8xf32>, tensor<2xf32>) -> tensor<1x2xf32>
    %1 = thimble.fully_connected %x, %w1, %b {thimble.id = "small", thimble.range = [-0.02 : f32, 0.04 : f32]}
      : (tensor<1x8xf32>, tensor<2x8xf32>, tensor<2xf32>) -> tensor<1x2xf32>
    %2 = thimble.add %0, %1 {thimble.id = "sum", thimble.range = [-2.0 : f32, 3.0 : f32]}
      : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
    return %2 : tensor<1x2xf32>
  }
}
