// place-state.mlir - what is kept from call to call, and its reset
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-form-kernels --thimble-place-state %s | FileCheck %s
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-set-target{cpu=cortex-m4},thimble-kernel-pipeline,thimble-plan-pipeline,thimble-emit-layers)' %s \
// RUN:   | FileCheck %s --check-prefix=CODE

// A delay that a window reads by row pointers is in its kernel, another one is a
// layer. 3 rows of 3 bytes, then a multiple of 4.
// CHECK-LABEL: func.func @m
// CHECK-SAME: thimble.state_bytes = 20 : i64
// CHECK: thimble.kernel "max_pool_2d_1"(%arg0) {state = #thimble.placement<"state", 0>}
// CHECK-NEXT: ^bb0(%[[X:.*]]: tensor<1x1x1x3x
// CHECK-NEXT: %[[D:.*]] = thimble.delay %[[X]]
// CHECK-NEXT: thimble.max_pool_2d %[[D]]
// CHECK: thimble.kernel "delay_2"(%{{.*}}) {state = #thimble.placement<"state", 12>}
// CHECK: thimble.kernel "reshape_3"

// CODE-LABEL: func.func @m_invoke(%arg0: !llvm.ptr, %arg1: !llvm.ptr)
// CODE: call @m.max_pool_2d_1(%arg0, %arg1,
// CODE-LABEL: func.func private @m.max_pool_2d_1(
// CODE: llvm.intr.memmove
// CODE: llvm.intr.memcpy
// The initial rows: bytes that are all the same, and a table.
// CODE: llvm.mlir.global internal unnamed_addr constant @m.delay_2.initial(dense<[1, 2, 3]> : tensor<3xi8>)
// CODE-LABEL: func.func @m_reset(
// CODE-SAME: %[[S:.*]]: !llvm.ptr)
// CODE: llvm.intr.memset
// CODE: llvm.getelementptr %[[S]][12]
// CODE: scf.for
// CODE: llvm.intr.memcpy
!q = !quant.uniform<i8:f32, 0.5:-3>
func.func @m(%x: tensor<1x1x1x3x!q>) -> tensor<1x9x!q> {
  %0 = thimble.delay %x {initial = dense<-3> : tensor<3xi8>, thimble.id = "delay_0"} : (tensor<1x1x1x3x!q>) -> tensor<1x4x1x3x!q>
  %1 = thimble.max_pool_2d %0 {kernel_size = array<i64: 4, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "max_pool_2d_1"} : (tensor<1x4x1x3x!q>) -> tensor<1x1x1x3x!q>
  %2 = thimble.delay %1 {initial = dense<[1, 2, 3]> : tensor<3xi8>, thimble.id = "delay_2"} : (tensor<1x1x1x3x!q>) -> tensor<1x3x1x3x!q>
  %3 = thimble.reshape %2 {thimble.id = "reshape_3"} : (tensor<1x3x1x3x!q>) -> tensor<1x9x!q>
  return %3 : tensor<1x9x!q>
}
