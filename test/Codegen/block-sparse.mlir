// block-sparse.mlir - kernels that read weights without their zeros
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --thimble-encode="max-decode-overhead=0" %t/half.mlir | FileCheck %s --check-prefix=SKIP
// RUN: thimble-opt --thimble-encode="max-decode-overhead=0 fuse=false" %t/half.mlir | FileCheck %s --check-prefix=DENSE
// RUN: thimble-opt --thimble-encode="encoding=block<2x2> fuse=false" %t/half.mlir | FileCheck %s --check-prefix=EXPAND
// RUN: thimble-opt --thimble-encode="max-decode-overhead=0" %t/full.mlir | FileCheck %s --check-prefix=DENSE
// RUN: thimble-opt --thimble-encode="max-decode-overhead=0" --thimble-select-kernels %t/half.mlir | FileCheck %s --check-prefix=SELECT
// RUN: thimble-opt --thimble-select-kernels --verify-diagnostics %t/unread.mlir

// Half of all blocks are zero: the kernel that skips them is faster, and reads
// them as they are stored.
// SKIP: %[[W:.*]] = thimble.constant {{.*}}#thimble.encoding<[#thimble.block<
// SKIP: thimble.kernel "conv_2d_0"(%{{.*}}, %[[W]]) {kernel = "block_sparse"
// SKIP-NOT: thimble.decode
// SKIP: thimble.conv_2d %{{.*}}, %{{.*}} {{.*}}#thimble.encoding

// DENSE-NOT: #thimble.encoding
// DENSE: kernel = "reference"

// EXPAND: kernel = "reference"
// EXPAND: thimble.decode

// No other kernel reads encoded weights.
// SELECT: kernel = "block_sparse"

//--- half.mlir
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x4x4x16x!x>) -> tensor<1x4x4x8x!x> {
    %w = thimble.constant dense<"0x010203040506070800000000000000001112131415161718000000000000000021222324252627280000000000000000313233343536373800000000000000000000000000000000494A4B4C4D4E4F500000000000000000595A5B5C5D5E5F600000000000000000696A6B6C6D6E6F7000000000000000000102030405060708"> : tensor<8x1x1x16xi8> : tensor<8x1x1x16x!w>
    %0 = thimble.kernel "conv_2d_0"(%x, %w) {kernel = "reference"} : (tensor<1x4x4x16x!x>, tensor<8x1x1x16x!w>) -> tensor<1x4x4x8x!x> {
    ^bb0(%a: tensor<1x4x4x16x!x>, %b: tensor<8x1x1x16x!w>):
      %1 = thimble.conv_2d %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
        : (tensor<1x4x4x16x!x>, tensor<8x1x1x16x!w>) -> tensor<1x4x4x8x!x>
      thimble.yield %1 : tensor<1x4x4x8x!x>
    }
    return %0 : tensor<1x4x4x8x!x>
  }
}

//--- full.mlir
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x4x4x16x!x>) -> tensor<1x4x4x8x!x> {
    %w = thimble.constant dense<100> : tensor<8x1x1x16xi8> : tensor<8x1x1x16x!w>
    %0 = thimble.kernel "conv_2d_0"(%x, %w) {kernel = "reference"} : (tensor<1x4x4x16x!x>, tensor<8x1x1x16x!w>) -> tensor<1x4x4x8x!x> {
    ^bb0(%a: tensor<1x4x4x16x!x>, %b: tensor<8x1x1x16x!w>):
      %1 = thimble.conv_2d %a, %b {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
        : (tensor<1x4x4x16x!x>, tensor<8x1x1x16x!w>) -> tensor<1x4x4x8x!x>
      thimble.yield %1 : tensor<1x4x4x8x!x>
    }
    return %0 : tensor<1x4x4x8x!x>
  }
}

//--- unread.mlir
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
!p = tensor<2x4x!w, #thimble.encoding<[#thimble.packed<4>]>>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x4x!x>) -> tensor<1x2x!x> {
    %w = thimble.constant dense<1> : tensor<4xi8> : !p
    // expected-error @+1 {{no kernel computes the body of this layer}}
    %0 = thimble.kernel "fully_connected_0"(%x, %w) : (tensor<1x4x!x>, !p) -> tensor<1x2x!x> {
    ^bb0(%a: tensor<1x4x!x>, %b: !p):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fully_connected_0"} : (tensor<1x4x!x>, !p) -> tensor<1x2x!x>
      thimble.yield %1 : tensor<1x2x!x>
    }
    return %0 : tensor<1x2x!x>
  }
}
