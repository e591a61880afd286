// blocks.mlir - how many outputs are computed at a time
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// DEFINE: %{cpu} =
// DEFINE: %{lower} = thimble-opt --pass-pipeline='builtin.module(thimble-graph-pipeline{mcpu=%{cpu}},thimble-kernel-pipeline,thimble-plan-pipeline,thimble-emit-layers)' %s
// REDEFINE: %{cpu} = cortex-m4
// RUN: %{lower} | FileCheck %s --check-prefix=WIDE
// REDEFINE: %{cpu} = cortex-m0plus
// RUN: %{lower} | FileCheck %s --check-prefix=NARROW

// Two pixels by two channels have four accumulators in registers, which the
// eight low registers of Armv6-M cannot hold beside the pointers. With more
// registers the loop carries one pointer to the inputs and one to the weights.
// WIDE-LABEL: func.func private @pointwise.conv_2d_0.step(
// WIDE: scf.for {{.*}} -> (i32, i32, i32, i32, !llvm.ptr, !llvm.ptr)
// NARROW-LABEL: func.func private @pointwise.conv_2d_0.step(
// NARROW-NOT: -> (i32, i32, i32, i32)
// NARROW: scf.for {{.*}} -> (i32, i32)
// NARROW-NOT: -> (i32, i32, i32, i32)
// NARROW-LABEL: func.func private @pointwise.conv_2d_0(
!q = !quant.uniform<i8:f32, 0.5:-3>
!w = !quant.uniform<i8:f32, 0.5>
func.func @pointwise(%x: tensor<1x4x4x32x!q>) -> tensor<1x4x4x8x!q> {
  %w = thimble.constant dense<1> : tensor<8x1x1x32xi8> : tensor<8x1x1x32x!w>
  %0 = thimble.conv_2d %x, %w {thimble.id = "conv_2d_0", strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>, padding = array<i64: 0, 0, 0, 0>}
    : (tensor<1x4x4x32x!q>, tensor<8x1x1x32x!w>) -> tensor<1x4x4x8x!q>
  return %0 : tensor<1x4x4x8x!q>
}
