// encode.mlir - how weights are stored
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --thimble-encode="encoding=packed" %t/small.mlir | FileCheck %s --check-prefix=SMALL
// RUN: thimble-opt --thimble-encode="max-decode-overhead=0" %t/small.mlir | FileCheck %s --check-prefix=FAST
// RUN: thimble-opt --thimble-encode="encoding=packed<5>" %t/small.mlir | FileCheck %s --check-prefix=FORCED
// RUN: thimble-opt --thimble-encode="encoding=packed<2>" %t/small.mlir 2>&1 | FileCheck %s --check-prefix=DENSE
// RUN: thimble-opt --thimble-encode="max-ram=10" %t/small.mlir | FileCheck %s --check-prefix=FAST
// RUN: not thimble-opt --thimble-encode="encoding=packed,zip" %t/small.mlir 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not thimble-opt --thimble-encode="encoding=packed<9>" %t/small.mlir 2>&1 | FileCheck %s --check-prefix=WIDE
// RUN: thimble-opt --thimble-encode="encoding=packed" %t/tiles.mlir | FileCheck %s --check-prefix=TILES

// Forty weights of four bits: the encoded constant replaces the dense one, in
// the body stands a decode, and the scratch holds the numbers.
// SMALL: %[[W:.*]] = thimble.constant dense<{{.*}}> : tensor<20xi8> : tensor<8x5x!quant.uniform<i8:f32, 5.000000e-01>, #thimble.encoding<[#thimble.packed<4>]>>
// SMALL-NOT: thimble.constant
// SMALL: thimble.kernel "fully_connected_0"(%{{.*}}, %[[W]])
// SMALL-SAME: scratch_bytes = 40 : i64
// SMALL: ^bb0(%{{.*}}, %[[A:.*]]: tensor<8x5x{{.*}}#thimble.encoding
// SMALL: %[[D:.*]] = thimble.decode %[[A]]
// SMALL: thimble.fully_connected %{{.*}}, %[[D]]

// FAST-NOT: thimble.decode
// FORCED: #thimble.encoding<[#thimble.packed<5>]>
// DENSE: warning: its weights stay dense; packed<2>: a number does not fit in 2 bits
// DENSE-NOT: thimble.decode
// UNKNOWN: error: expected schemes of encodings separated by commas ({{.*}}packed{{.*}}), found 'zip'
// WIDE: error: expected schemes of encodings separated by commas ({{.*}}), found 'packed<9>': expected 1 to 7 bits, found 9

// A tile as large as the arena has room for, of the size that the nest can do.
// TILES: #thimble.encoding<[#thimble.packed<4>], tile = {{[0-9]+}}>
// TILES-NOT: overwrites

//--- small.mlir
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x5x!x>) -> tensor<1x8x!x> {
    %w = thimble.constant dense<[[1, -2, 3, -4, 5], [7, -8, 0, 0, 1], [1, 2, 3, 4, 5], [0, 0, 0, 0, 0], [-1, -2, -3, -4, -5], [7, 7, 7, 7, 7], [2, 4, 6, -8, 1], [3, 3, 3, -3, -3]]> : tensor<8x5xi8> : tensor<8x5x!w>
    %0 = thimble.kernel "fully_connected_0"(%x, %w) {kernel = "reference"} : (tensor<1x5x!x>, tensor<8x5x!w>) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x5x!x>, %b: tensor<8x5x!w>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fully_connected_0"} : (tensor<1x5x!x>, tensor<8x5x!w>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}

//--- tiles.mlir
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x640x!x>) -> tensor<1x8x!x> {
    %v = thimble.constant dense<-8> : tensor<8x640xi8> : tensor<8x640x!w>
    %0 = thimble.kernel "fully_connected_0"(%x, %v) {kernel = "reference"} : (tensor<1x640x!x>, tensor<8x640x!w>) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x640x!x>, %b: tensor<8x640x!w>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fully_connected_0"} : (tensor<1x640x!x>, tensor<8x640x!w>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
