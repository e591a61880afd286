// channel_palette.mlir - codebooks of channels
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=channel_palette" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=LOOKUP
// RUN: thimble-opt --thimble-encode="encoding=channel_palette" %t/model.mlir | FileCheck %s --check-prefix=CHOSEN
// RUN: thimble-opt --thimble-encode="encoding=channel_palette<3>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=MANY
// RUN: thimble-opt --thimble-encode="encoding=channel_palette<4,depth=4>" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=DEPTH
// RUN: thimble-opt --thimble-encode="encoding=bitmap,channel_palette" %t/model.mlir 2>&1 | FileCheck %s --check-prefix=SYMBOLS

// The fourth channel has four distinct numbers, others fewer.
// CHOSEN: #thimble.channel_palette<4, depth = 6>

// For each channel: eight look-ups at a time, here none, then the other six.
// LOOKUP: func.func private @{{.*}}decode
// LOOKUP: %[[GROUPS:.*]] = arith.divui %{{.*}}, %c6_i32
// LOOKUP: scf.for %{{.*}} to %[[GROUPS]] {{.*}} iter_args(%[[BOOK:[a-z0-9]*]] =
// LOOKUP: %[[INDEX:.*]] = arith.extui
// LOOKUP: llvm.getelementptr %[[BOOK]][%
// LOOKUP: llvm.getelementptr %[[BOOK]][4]

// MANY: warning: its weights stay dense; channel_palette<3>: an output channel has 4 distinct numbers, more than 3
// DEPTH: warning: its weights stay dense; {{.*}}: the kernel interleaves 1 output channels of 6 weights
// SYMBOLS: warning: its weights stay dense; bitmap,channel_palette: its symbols are no longer one for each weight

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.channel_palette,
// CHECK-SAME: b = #thimble.channel_palette<16>,
// CHECK-SAME: c = #thimble.channel_palette<16, depth = 27>,
// CHECK-SAME: d = #thimble.channel_palette<256, depth = 9, lanes = 4>
func.func private @wishes() attributes {
  a = #thimble.channel_palette,
  b = #thimble.channel_palette<16>,
  c = #thimble.channel_palette<16, depth = 27, lanes = 1>,
  d = #thimble.channel_palette<256, lanes = 4, depth = 9>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.channel_palette<2, depth = 4>]>

// 7, 7, -3, 7 and 5, 5, 5, 5: of the indices, one bit each, the third is set;
// then the codebooks 7, -3 and 5, 0.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<[4, 7, -3, 5, 0]>
func.func @constant() -> tensor<2x4x!q, #e> {
  %0 = thimble.constant dense<[4, 7, -3, 5, 0]> : tensor<5xi8> : tensor<2x4x!q, #e>
  return %0 : tensor<2x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.channel_palette<3, depth = 4>]>

// An index of 3.
func.func @index() -> tensor<1x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 4 others}}
  %0 = thimble.constant dense<[3, 7, 5, 0]> : tensor<4xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.channel_palette<2, depth = 4>]>

// The rarer number comes first.
func.func @order() -> tensor<1x4x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 3 others}}
  %0 = thimble.constant dense<[11, -3, 7]> : tensor<3xi8> : tensor<1x4x!q, #e>
  return %0 : tensor<1x4x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.channel_palette<2, depth = 4>]>

// Six weights are no channels of four.
func.func @shape() -> tensor<2x3x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[4, 7, -3, 5, 0]> : tensor<5xi8> : tensor<2x3x!q, #e>
  return %0 : tensor<2x3x!q, #e>
}

// -----

// expected-error @+1 {{expected 2 to 256 entries, found 1}}
func.func private @one() attributes {a = #thimble.channel_palette<1>}

// -----

// expected-error @+1 {{expected 2 to 256 entries, found 0}}
func.func private @none() attributes {a = #thimble.channel_palette<0>}

// -----

// expected-error @+1 {{expected a depth of 1 to 2147483647 weights, found -4}}
func.func private @depth() attributes {a = #thimble.channel_palette<4, depth = -4>}

// -----

// expected-error @+1 {{expected 1 to 16 interleaved output channels, found 17}}
func.func private @lanes() attributes {a = #thimble.channel_palette<4, lanes = 17>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected codebooks of channels for symbols that are one for each weight}}
func.func private @stack(tensor<1x4x!q, #thimble.encoding<[#thimble.bitmap<0>, #thimble.channel_palette<2, depth = 4>]>>)

// -----

!q = !quant.uniform<i8:f32, 0.5>
// expected-error @+1 {{expected all parameters of #thimble.channel_palette<16>, which thimble-encode chooses}}
func.func private @open(tensor<1x4x!q, #thimble.encoding<[#thimble.channel_palette<16>]>>)

//--- model.mlir
!x = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x6x!x>) -> tensor<1x8x!x> {
    %w = thimble.constant dense<[[1, -2, 1, 1, -2, 1], [7, 0, 7, 0, 7, 0], [5, 5, 5, 5, 5, 5], [9, 8, 7, 6, 9, 8], [0, 0, 3, 3, 3, 3], [-1, -1, 4, 4, 2, 2], [11, -11, 11, 11, 11, 11], [100, 100, 90, 90, 90, 90]]> : tensor<8x6xi8> : tensor<8x6x!x>
    %0 = thimble.kernel "fc"(%x, %w) {kernel = "reference"} : (tensor<1x6x!x>, tensor<8x6x!x>) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x6x!x>, %b: tensor<8x6x!x>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fc"} : (tensor<1x6x!x>, tensor<8x6x!x>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
