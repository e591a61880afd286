// encoding.mlir - how the numbers of a weight are stored
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s

!w = !quant.uniform<i8:f32, 0.5>

// CHECK-LABEL: func.func @order
// CHECK: #thimble.encoding<[#thimble.packed<4>], tile = 4>
// CHECK: #thimble.encoding<[#thimble.packed<4>], axis = 3, lanes = 2, tile = 4>
func.func @order() {
  // Two chunks, each from a multiple of four bytes on.
  %0 = thimble.constant dense<0> : tensor<6xi8> : tensor<8x1x!w, #thimble.encoding<[#thimble.packed<4>], tile = 4>>
  %1 = thimble.constant dense<0> : tensor<5xi8> : tensor<1x1x1x6x!w, #thimble.encoding<[#thimble.packed<4>], axis = 3, lanes = 2, tile = 4>>
  return
}

// -----

// expected-error @+1 {{expected schemes of an encoding, found 1 : i64}}
func.func @scheme(%x: tensor<1x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[1]>>) {
  return
}

// -----

// expected-error @+2 {{unknown attribute 'zip' in dialect 'thimble'}}
// expected-error @+1 {{failed to parse Thimble_EncodingAttr parameter 'stack'}}
func.func @unknown(%x: tensor<1x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.zip]>>) {
  return
}

// -----

// expected-error @+1 {{expected all parameters of #thimble.packed, which thimble-encode chooses}}
func.func @open(%x: tensor<1x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.packed]>>) {
  return
}

// -----

// expected-error @+1 {{expected axis >= 0, lanes >= 1 and tile >= 0, found -1, 1 and 0}}
func.func @negative(%x: tensor<1x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.packed<4>], axis = -1>>) {
  return
}

// -----

// expected-error @+1 {{expected numbers of 8 bits, found 'f32'}}
func.func @float(%x: tensor<1xf32, #thimble.encoding<[#thimble.packed<4>]>>) {
  return
}

// -----

// expected-error @+1 {{expected the first or the last dimension as axis, found 1}}
func.func @axis(%x: tensor<2x2x2x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.packed<4>], axis = 1>>) {
  return
}

// -----

// expected-error @+1 {{expected chunks of at most 4 channels, in groups of 1, found tile = 5}}
func.func @tile(%x: tensor<4x2x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.packed<4>], tile = 5>>) {
  return
}

// -----

// expected-error @+1 {{expected chunks of at most 6 channels, in groups of 4, found tile = 4}}
func.func @groups(%x: tensor<6x2x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.packed<4>], lanes = 4, tile = 4>>) {
  return
}

// -----

// expected-error @+1 {{expected chunks of at most 65535 weights, found 65536}}
func.func @chunk(%x: tensor<1x65536x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.packed<4>]>>) {
  return
}

// -----

// expected-error @+1 {{expected a static, non-empty shape to encode}}
func.func @dynamic(%x: tensor<?x!quant.uniform<i8:f32, 0.5>, #thimble.encoding<[#thimble.packed<4>]>>) {
  return
}

// -----

!w = !quant.uniform<i8:f32, 0.5>
func.func @payload() {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 1 others}}
  %0 = thimble.constant dense<0> : tensor<1xi8> : tensor<4x!w, #thimble.encoding<[#thimble.packed<4>]>>
  return
}

// -----

!w = !quant.uniform<i8:f32, 0.5>
func.func @bytes() {
  // expected-error @+1 {{expected the bytes of the encoding as a dense tensor<Nxi8>, found 'tensor<2xi16>'}}
  %0 = thimble.constant dense<0> : tensor<2xi16> : tensor<4x!w, #thimble.encoding<[#thimble.packed<4>]>>
  return
}
