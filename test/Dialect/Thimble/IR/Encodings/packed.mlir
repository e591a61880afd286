// packed.mlir - symbols of fewer than eight bits
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %t/ir.mlir | FileCheck %s
// RUN: thimble-opt %to_layers %t/layers.mlir | FileCheck %s --check-prefix=DECODE

// Whole groups of 32 are unpacked by words; the bias of four lanes is subtracted
// at a time.
// DECODE-LABEL: func.func private @layers.conv_2d_0.decode(
// DECODE-SAME: %[[FROM:.*]]: !llvm.ptr, %[[TO:.*]]: !llvm.ptr, %[[COUNT:.*]]: i32)
// DECODE: %[[GROUPS:.*]] = arith.divui %[[COUNT]], %{{.*}} : i32
// DECODE: scf.for %{{.*}} = %{{.*}} to %[[GROUPS]]
// DECODE: %[[WORD:.*]] = llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr -> i32
// DECODE: arith.andi %[[WORD]]
// DECODE: llvm.store %{{.*}} {alignment = 4 : i64} : i32, !llvm.ptr

//--- ir.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.packed,
// CHECK-SAME: b = #thimble.packed<3, unsigned>
// CHECK-SAME: c = #thimble.encoding<[#thimble.packed<4>, #thimble.packed<2, unsigned>]>
func.func private @wishes() attributes {
  a = #thimble.packed,
  b = #thimble.packed<3, unsigned>,
  c = #thimble.encoding<[#thimble.packed<4>, #thimble.packed<2, unsigned>]>}

// -----

// expected-error @+1 {{expected 1 to 7 bits, found 8}}
func.func private @wide() attributes {a = #thimble.packed<8>}

// -----

// expected-error @+1 {{expected 1 to 7 bits, found 0}}
func.func private @zero() attributes {a = #thimble.packed<0>}

// -----

// expected-error @+1 {{expected at most the 3 bits of the inner level, found 4}}
func.func private @wider() attributes {a = #thimble.encoding<[#thimble.packed<3>, #thimble.packed<4>]>}

// -----

!w = !quant.uniform<i8:f32, 0.5>

// The plane of two bits comes before that of one: 1, 7, 4.
// CHECK-LABEL: func.func @planes
// CHECK: dense<[44, 3]>
func.func @planes() {
  %0 = thimble.constant dense<[0x2C, 0x03]> : tensor<2xi8> : tensor<3x1x!w, #thimble.encoding<[#thimble.packed<3, unsigned>]>>
  return
}

//--- layers.mlir
!x = !quant.uniform<i8:f32, 0.5>
!p = !quant.uniform<i8:f32, 0.5>
func.func @layers(%x: tensor<1x1x1x1x!x>) -> tensor<1x1x1x2x!x> {
  %w = thimble.constant dense<0xE1> : tensor<1xi8> : tensor<2x1x1x1x!p, #thimble.encoding<[#thimble.packed<4>]>>
  %0 = thimble.kernel "conv_2d_0"(%x, %w) {kernel = "reference"} : (tensor<1x1x1x1x!x>, tensor<2x1x1x1x!p, #thimble.encoding<[#thimble.packed<4>]>>) -> tensor<1x1x1x2x!x> {
  ^bb0(%a: tensor<1x1x1x1x!x>, %b: tensor<2x1x1x1x!p, #thimble.encoding<[#thimble.packed<4>]>>):
    %d = thimble.decode %b : tensor<2x1x1x1x!p, #thimble.encoding<[#thimble.packed<4>]>> -> tensor<2x1x1x1x!p>
    %1 = thimble.conv_2d %a, %d {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>, thimble.id = "conv_2d_0"} : (tensor<1x1x1x1x!x>, tensor<2x1x1x1x!p>) -> tensor<1x1x1x2x!x>
    thimble.yield %1 : tensor<1x1x1x2x!x>
  }
  return %0 : tensor<1x1x1x2x!x>
}

