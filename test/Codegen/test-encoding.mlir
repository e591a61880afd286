// test-encoding.mlir - a scheme that the compiler does not know
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// REQUIRES: thimble-test-opt
// RUN: thimble-test-opt --verify-roundtrip %s | FileCheck %s
// RUN: thimble-test-opt --thimble-plan-pipeline --thimble-emit-layers %s \
// RUN:   | FileCheck %s --check-prefix=CODE
// RUN: thimble-test-opt --thimble-plan-pipeline --thimble-code-pipeline %s -o /dev/null

// It is parsed, verified, stacked, decoded and planned through the interface
// alone, two tiles of four channels.

!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.5>
!e = tensor<8x2x!w, #thimble.encoding<[#thimble_test.mask<255>, #thimble_test.mask<15>], tile = 4>>

// CHECK: #thimble.encoding<[#thimble_test.mask<255>, #thimble_test.mask<15>], tile = 4>

// CODE: llvm.mlir.global internal unnamed_addr constant @model.fully_connected_0.weights(dense<[
// CODE: func.func private @model.fully_connected_0.decode(%[[CURSOR:.*]]: !llvm.ptr, %[[OUT:.*]]: !llvm.ptr, %[[COUNT:.*]]: i32) -> !llvm.ptr
// CODE: scf.for %{{.*}} = %{{.*}} to %[[COUNT]]
// CODE: arith.xori %{{.*}}, %c15_i32
// CODE: scf.for %{{.*}} = %{{.*}} to %[[COUNT]]
// CODE: arith.xori %{{.*}}, %c255_i32
// CODE: func.func private @model.fully_connected_0(
// CODE: scf.for {{.*}} iter_args(%[[NEXT:.*]] = %{{.*}}) -> (!llvm.ptr)
// CODE: call @model.fully_connected_0.decode(%[[NEXT]],
// CODE: call @model.fully_connected_0.step(
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x2x!x>) -> tensor<1x8x!x> {
    %w = thimble.constant dense<[0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 1, 2, 3, 4, 5, 6, 7, 8]> : tensor<16xi8> : !e
    %0 = thimble.kernel "fully_connected_0"(%x, %w) {kernel = "reference", scratch_bytes = 8 : i64} : (tensor<1x2x!x>, !e) -> tensor<1x8x!x> {
    ^bb0(%a: tensor<1x2x!x>, %b: !e):
      %d = thimble.decode %b : !e -> tensor<8x2x!w>
      %1 = thimble.fully_connected %a, %d {thimble.id = "fully_connected_0"} : (tensor<1x2x!x>, tensor<8x2x!w>) -> tensor<1x8x!x>
      thimble.yield %1 : tensor<1x8x!x>
    }
    return %0 : tensor<1x8x!x>
  }
}
