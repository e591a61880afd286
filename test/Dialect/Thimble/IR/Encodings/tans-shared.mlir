// tans-shared.mlir - layers whose tables of states differ share a decoder
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt %to_layers %s | thimble-opt --duplicate-function-elimination | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5>
#a = #thimble.encoding<[#thimble.tans<first = 5, counts = [128]>]>
#b = #thimble.encoding<[#thimble.tans<first = 6, counts = [256]>]>

// How many bits a state has is an argument.
// CHECK: func.func private @model.a.lookup(%{{.*}}: !llvm.ptr, %{{.*}}: i32, %{{.*}}: !llvm.ptr)
// CHECK: func.func private @model.a.decode(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i32, %{{.*}}: !llvm.ptr, %{{.*}}: i32, %{{.*}}: !llvm.ptr)
// CHECK: func.func private @model.a(
// CHECK-DAG: %[[SEVEN:.*]] = arith.constant 7 : i32
// CHECK: call @model.a.lookup(%{{.*}}, %[[SEVEN]], %{{.*}})
// CHECK: call @model.a.decode(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[SEVEN]], %{{.*}})
// CHECK-NOT: @model.b.lookup
// CHECK-NOT: @model.b.decode
// CHECK: func.func private @model.b(
// CHECK-DAG: %[[EIGHT:.*]] = arith.constant 8 : i32
// CHECK: call @model.a.lookup(%{{.*}}, %[[EIGHT]], %{{.*}})
// CHECK: call @model.a.decode(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[EIGHT]], %{{.*}})
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<1x5x!x>) -> tensor<1x2x!x> {
    %w = thimble.constant dense<0> : tensor<4xi8> : tensor<4x5x!x, #a>
    %v = thimble.constant dense<0> : tensor<5xi8> : tensor<2x4x!x, #b>
    %0 = thimble.kernel "a"(%x, %w) {kernel = "reference"} : (tensor<1x5x!x>, tensor<4x5x!x, #a>) -> tensor<1x4x!x> {
    ^bb0(%a: tensor<1x5x!x>, %b: tensor<4x5x!x, #a>):
      %2 = thimble.decode %b : tensor<4x5x!x, #a> -> tensor<4x5x!x>
      %3 = thimble.fully_connected %a, %2 {thimble.id = "a"} : (tensor<1x5x!x>, tensor<4x5x!x>) -> tensor<1x4x!x>
      thimble.yield %3 : tensor<1x4x!x>
    }
    %1 = thimble.kernel "b"(%0, %v) {kernel = "reference"} : (tensor<1x4x!x>, tensor<2x4x!x, #b>) -> tensor<1x2x!x> {
    ^bb0(%a: tensor<1x4x!x>, %b: tensor<2x4x!x, #b>):
      %2 = thimble.decode %b : tensor<2x4x!x, #b> -> tensor<2x4x!x>
      %3 = thimble.fully_connected %a, %2 {thimble.id = "b"} : (tensor<1x4x!x>, tensor<2x4x!x>) -> tensor<1x2x!x>
      thimble.yield %3 : tensor<1x2x!x>
    }
    return %1 : tensor<1x2x!x>
  }
}
