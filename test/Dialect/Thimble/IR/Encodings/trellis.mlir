// trellis.mlir - weights that follow a trellis
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=trellis,huffman" %t/model.mlir | FileCheck %s --check-prefix=CHOSEN
// RUN: thimble-opt --thimble-encode="encoding=trellis,huffman" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=WORDS
// RUN: sed s/cortex-m4/cortex-m0plus/ %t/model.mlir | thimble-opt --thimble-encode="encoding=trellis,huffman" --thimble-plan-memory --thimble-emit-layers | FileCheck %s --check-prefix=SHIFTS
// RUN: sed s/cortex-m4/cortex-m55/ %t/model.mlir | thimble-opt --thimble-encode="encoding=trellis,huffman" --thimble-plan-memory --thimble-emit-layers | FileCheck %s --check-prefix=VECTORS
// RUN: thimble-opt --thimble-encode="encoding=trellis,huffman" --thimble-plan-memory --thimble-emit-layers %t/two.mlir | FileCheck %s --check-prefix=SHARED
// RUN: thimble-opt --thimble-encode="encoding=trellis<lanes=4>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=LANES
// RUN: thimble-opt --thimble-encode="encoding=bitmap,trellis" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=SYMBOLS
// RUN: sed s/-6/-5/ %t/model.mlir | thimble-opt --thimble-encode="encoding=trellis" 2>&1 | FileCheck %s --check-prefix=STRAY

// CHOSEN: #thimble.trellis<lanes = 1>, #thimble.huffman<

// The parities of four indices, what they mirror, the next state, four weights.
// WORDS: func.func private @thimble.trellis.1(
// WORDS: scf.while
// WORDS: %[[INDICES:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i32
// WORDS-NEXT: %[[PARITIES:.*]] = arith.andi %[[INDICES]], %c16843009
// WORDS: arith.muli %[[PARITIES]]
// WORDS: arith.mului_extended
// WORDS: llvm.call_intrinsic "llvm.arm.uadd8"

// A core that has neither: single weights up to a word, then shifts.
// SHIFTS: func.func private @thimble.trellis.1(
// SHIFTS: arith.minsi
// SHIFTS: scf.while
// SHIFTS: %[[INDICES:.*]] = llvm.load %{{.*}} {alignment = 4 : i64} : !llvm.ptr -> i32
// SHIFTS-NEXT: %[[PARITIES:.*]] = arith.andi %[[INDICES]]
// SHIFTS: arith.shli %[[PARITIES]], %c16
// SHIFTS-NOT: arith.mului_extended

// Vectors of the weights that are left, up to 16.
// VECTORS: func.func private @thimble.trellis.1(
// VECTORS: scf.while
// VECTORS: %[[LEFT:.*]] = llvm.call_intrinsic "llvm.arm.mve.vctp8"
// VECTORS: llvm.intr.masked.load %{{.*}}, %[[LEFT]]
// VECTORS: llvm.call_intrinsic "llvm.arm.mve.pred.v2i.v16i1"
// VECTORS: llvm.call_intrinsic "llvm.arm.mve.pred.i2v.v16i1"
// VECTORS: llvm.intr.masked.store %{{.*}}, %{{.*}}, %[[LEFT]]

// Channels of five and of four weights; the depth is in the payload.
// SHARED: func.func private @thimble.trellis.1(
// SHARED-NOT: func.func private @thimble.trellis
// SHARED: func.func private @{{.*}}a.decode
// SHARED: call @thimble.trellis.1(
// SHARED-NOT: func.func private @thimble.trellis
// SHARED: func.func private @{{.*}}b.decode
// SHARED: call @thimble.trellis.1(
// SHARED-NOT: func.func private @thimble.trellis

// LANES: warning: its weights stay dense; trellis<lanes = 4>: the kernel interleaves 1 output channels
// SYMBOLS: warning: its weights stay dense; bitmap,trellis: its symbols are no longer one for each weight
// STRAY: warning: its weights stay dense; trellis: its weights do not follow the trellis, first -5 as weight 3 of output channel 1

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.trellis,
// CHECK-SAME: b = #thimble.trellis<lanes = 1>,
// CHECK-SAME: c = #thimble.trellis<lanes = 4>
func.func private @wishes() attributes {
  a = #thimble.trellis,
  b = #thimble.trellis<lanes = 1>,
  c = #thimble.trellis<lanes = 4>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.trellis<lanes = 1>, #thimble.packed<4>]>

// 2, 0, 0, -6 and -1, 0, 0, 1: the indices 1, 0, 0, 3 and -1, 0, 0, -1, each of
// four bits plus 8, then the four weights of a channel.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<[-119, -72, -121, 120, 4, 0]>
func.func @constant() -> tensor<2x4x!q, #e> {
  %0 = thimble.constant dense<[-119, -72, -121, 120, 4, 0]> : tensor<6xi8> : tensor<2x4x!q, #e>
  return %0 : tensor<2x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.trellis<lanes = 1>, #thimble.packed<4>]>

// Channels of five weights.
func.func @depth() -> tensor<2x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 6 others}}
  %0 = thimble.constant dense<[-119, -72, -121, 120, 5, 0]> : tensor<6xi8> : tensor<2x4x!q, #e>
  return %0 : tensor<2x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.trellis<lanes = 4>]>

// Four interleaved channels, where the encoding interleaves none.
func.func @order() -> tensor<4x1x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 6 others}}
  %0 = thimble.constant dense<[0, 0, 0, 0, 1, 0]> : tensor<6xi8> : tensor<4x1x!q, #e>
  return %0 : tensor<4x1x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.trellis<lanes = 1>, #thimble.delta<1>]>

// An index of 64.
func.func @index() -> tensor<1x1x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 3 others}}
  %0 = thimble.constant dense<[64, 1, 0]> : tensor<3xi8> : tensor<1x1x!q, #e>
  return %0 : tensor<1x1x!q, #e>
}

// -----

// expected-error @+1 {{expected 1 or 4 interleaved output channels, found 2}}
func.func private @lanes() attributes {a = #thimble.trellis<lanes = 2>}

// -----

// expected-error @+1 {{expected 1 or 4 interleaved output channels, found 0}}
func.func private @none() attributes {a = #thimble.trellis<lanes = 0>}

// -----

// expected-error @+1 {{expected 'lanes'}}
func.func private @keyword() attributes {a = #thimble.trellis<4>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected a trellis for symbols that are one for each weight}}
func.func private @stack(tensor<1x4x!q, #thimble.encoding<[#thimble.bitmap<0>, #thimble.trellis<lanes = 1>]>>)

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected all parameters of #thimble.trellis, which thimble-encode chooses}}
func.func private @open(tensor<1x4x!q, #thimble.encoding<[#thimble.trellis]>>)

//--- model.mlir
!x = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x5x!x>) -> tensor<1x4x!x> {
    %w = thimble.constant dense<[[2, 0, 0, 1, 0], [2, 0, 0, -6, 1], [0, 0, 0, 0, 0], [-1, 0, 0, 1, 1]]> : tensor<4x5xi8> : tensor<4x5x!x>
    %0 = thimble.kernel "fc"(%x, %w) {kernel = "reference"} : (tensor<1x5x!x>, tensor<4x5x!x>) -> tensor<1x4x!x> {
    ^bb0(%a: tensor<1x5x!x>, %b: tensor<4x5x!x>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fc"} : (tensor<1x5x!x>, tensor<4x5x!x>) -> tensor<1x4x!x>
      thimble.yield %1 : tensor<1x4x!x>
    }
    return %0 : tensor<1x4x!x>
  }
}

//--- two.mlir
!x = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x5x!x>) -> tensor<1x2x!x> {
    %w = thimble.constant dense<[[2, 0, 0, 1, 0], [2, 0, 0, -6, 1], [0, 0, 0, 0, 0], [-1, 0, 0, 1, 1]]> : tensor<4x5xi8> : tensor<4x5x!x>
    %v = thimble.constant dense<[[2, 0, 0, -6], [-1, 0, 0, 1]]> : tensor<2x4xi8> : tensor<2x4x!x>
    %0 = thimble.kernel "a"(%x, %w) {kernel = "reference"} : (tensor<1x5x!x>, tensor<4x5x!x>) -> tensor<1x4x!x> {
    ^bb0(%a: tensor<1x5x!x>, %b: tensor<4x5x!x>):
      %2 = thimble.fully_connected %a, %b {thimble.id = "a"} : (tensor<1x5x!x>, tensor<4x5x!x>) -> tensor<1x4x!x>
      thimble.yield %2 : tensor<1x4x!x>
    }
    %1 = thimble.kernel "b"(%0, %v) {kernel = "reference"} : (tensor<1x4x!x>, tensor<2x4x!x>) -> tensor<1x2x!x> {
    ^bb0(%a: tensor<1x4x!x>, %b: tensor<2x4x!x>):
      %2 = thimble.fully_connected %a, %b {thimble.id = "b"} : (tensor<1x4x!x>, tensor<2x4x!x>) -> tensor<1x2x!x>
      thimble.yield %2 : tensor<1x2x!x>
    }
    return %1 : tensor<1x2x!x>
  }
}
