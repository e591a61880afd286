// run_length.mlir - runs of zeros
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip %t/form.mlir | FileCheck %s
// RUN: thimble-opt --thimble-encode="encoding=run_length" --thimble-plan-memory --thimble-emit-layers %t/model.mlir | FileCheck %s --check-prefix=RUNS

// A field at a time; 32 symbols are filled ahead while there is room.
// RUNS: func.func private @{{.*}}decode
// RUNS: scf.while
// RUNS: thimble.expected_trips_per_bound
// RUNS: scf.while
// RUNS: arith.minui
// RUNS: arith.cmpi uge, %{{.*}}, %c32
// RUNS: "llvm.intr.memset"

//--- form.mlir
// CHECK-LABEL: func.func private @wishes
// CHECK-SAME: a = #thimble.run_length,
// CHECK-SAME: b = #thimble.run_length<4>,
// CHECK-SAME: c = #thimble.run_length<4, -7>
func.func private @wishes() attributes {
  a = #thimble.run_length,
  b = #thimble.run_length<4>,
  c = #thimble.run_length<4, -7>}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.run_length<2, 0>]>

// 0, 7, 0, 0, 0, -3: the fields are 1, then 3 and 0.
// CHECK-LABEL: func.func @constant
// CHECK: thimble.constant dense<[2, 0, 7, -3, 13]>
func.func @constant() -> tensor<1x6x!q, #e> {
  %0 = thimble.constant dense<[2, 0, 7, -3, 13]> : tensor<5xi8> : tensor<1x6x!q, #e>
  return %0 : tensor<1x6x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.run_length<2, 0>]>

// A run of 5 before the second symbol.
func.func @behind_the_end() -> tensor<1x6x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[2, 0, 7, -3, 45]> : tensor<5xi8> : tensor<1x6x!q, #e>
  return %0 : tensor<1x6x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.run_length<2, 0>]>

// The symbol that is left out.
func.func @omitted() -> tensor<1x6x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[2, 0, 7, 0, 13]> : tensor<5xi8> : tensor<1x6x!q, #e>
  return %0 : tensor<1x6x!q, #e>
}

// -----

!q = !quant.uniform<i8:f32, 0.5>
#e = #thimble.encoding<[#thimble.run_length<2, 0>]>

// A field behind the last one.
func.func @field_behind() -> tensor<1x6x!q, #e> {
  // expected-error @+1 {{expected bytes that the encoding of the result decodes, found 5 others}}
  %0 = thimble.constant dense<[2, 0, 7, -3, 77]> : tensor<5xi8> : tensor<1x6x!q, #e>
  return %0 : tensor<1x6x!q, #e>
}

// -----

// expected-error @+1 {{expected fields of 2, 4 or 8 bits, found 3}}
func.func private @width() attributes {a = #thimble.run_length<3>}

// -----

// expected-error @+1 {{expected fields of 2, 4 or 8 bits, found 0}}
func.func private @none() attributes {a = #thimble.run_length<0>}

// -----

// expected-error @+1 {{expected a symbol from -128 to 127, found 200}}
func.func private @symbol() attributes {a = #thimble.run_length<4, 200>}

//--- model.mlir
!x = !quant.uniform<i8:f32, 0.5>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x5x!x>) -> tensor<1x8x!x> {
    %w = thimble.constant dense<[[1, -2, 3, -4, 5], [7, -8, 0, 0, 1], [1, 2, 3, 4, 5], [0, 0, 0, 0, 0], [-1, -2, -3, -4, -5], [7, 7, 7, 7, 7], [2, 4, 6, -8, 1], [3, 3, 3, -3, -3]]> : tensor<8x5xi8> : tensor<8x5x!x>
    %0 = thimble.kernel "fc"(%x, %w) {kernel = "reference"} : (tensor<1x5x!x>, tensor<8x5x!x>) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x5x!x>, %b: tensor<8x5x!x>):
      %1 = thimble.fully_connected %a, %b {thimble.id = "fc"} : (tensor<1x5x!x>, tensor<8x5x!x>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
