// emit-layers.mlir - planned kernels become functions
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-emit-layers --split-input-file --verify-diagnostics %s \
// RUN:   | FileCheck %s

// CHECK: func.func @model_invoke(%[[ARENA:.*]]: !llvm.ptr) attributes {passthrough = ["nounwind"
// CHECK: call @model.relu_0(%[[ARENA]], %c0_i32, %c{{[0-9]+}}_i32)
// CHECK: return
// CHECK: func.func private @model.relu_0.step(
// CHECK-SAME: llvm.linkage = #llvm.linkage<internal>
// CHECK-SAME: "noinline"
// CHECK: func.func private @model.relu_0(
// CHECK-SAME: %[[BASE:.*]]: !llvm.ptr, %[[FIRST:.*]]: i32, %[[LAST:.*]]: i32)
// CHECK-SAME: llvm.linkage = #llvm.linkage<internal>
// CHECK-SAME: "noinline", "nounwind"
// CHECK-SAME: ["disable-tail-calls", "true"], "nooutline"]
// CHECK-SAME: thimble.id = "relu_0"
// CHECK: llvm.getelementptr %[[BASE]][16]
// CHECK: call @model.relu_0.step(
// CHECK-NOT: @model(
#at0 = #thimble.placement<"arena", 0>
#at16 = #thimble.placement<"arena", 16>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @model(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32>
      attributes {thimble.arena_bytes = 32 : i64} {
    %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", placements = [#at16]} : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
      thimble.yield %1 : tensor<4xf32>
    }
    return %0 : tensor<4xf32>
  }
}

// -----

// One pointer per region: the arena, inputs, outputs.
// CHECK: func.func @pointers_invoke(%[[ARENA:.*]]: !llvm.ptr, %[[INPUT:.*]]: !llvm.ptr, %[[OUTPUT:.*]]: !llvm.ptr)
// CHECK: call @pointers.relu_0(%[[INPUT]], %[[OUTPUT]], %c0_i32,
#input = #thimble.placement<"input0", 0>
#output = #thimble.placement<"output0", 0>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @pointers(%x: tensor<4xf32> {thimble.placement = #input}) -> tensor<4xf32>
      attributes {thimble.arena_bytes = 0 : i64} {
    %0 = thimble.kernel "relu_0"(%x) {kernel = "reference", placements = [#output]} : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
      thimble.yield %1 : tensor<4xf32>
    }
    return %0 : tensor<4xf32>
  }
}

// -----

#at0 = #thimble.placement<"arena", 0>
module attributes {thimble.cpu = "cortex-m4"} {
  func.func @unplanned(%x: tensor<4xf32> {thimble.placement = #at0}) -> tensor<4xf32> {
    // expected-error @+1 {{expected a kernel's name and placements; run thimble-select-kernels and thimble-plan-memory first}}
    %0 = thimble.kernel "relu_0"(%x) {placements = [#at0]} : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%a: tensor<4xf32>):
      %1 = thimble.relu %a : (tensor<4xf32>) -> tensor<4xf32>
      thimble.yield %1 : tensor<4xf32>
    }
    return %0 : tensor<4xf32>
  }
}
