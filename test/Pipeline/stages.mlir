// stages.mlir - every stage by itself, and all of them
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-graph-pipeline=mcpu=cortex-m4 %s | FileCheck %s --check-prefix=GRAPH
// RUN: thimble-opt --thimble-graph-pipeline='mcpu=cortex-m4 opt-level=0' %s \
// RUN:   | FileCheck %s --check-prefix=O0
// RUN: thimble-opt --thimble-graph-pipeline=mcpu=cortex-m4 --thimble-compress-pipeline \
// RUN:   --thimble-kernel-pipeline %s | FileCheck %s --check-prefix=KERNEL
// RUN: thimble-opt --thimble-graph-pipeline=mcpu=cortex-m4 --thimble-compress-pipeline \
// RUN:   --thimble-kernel-pipeline --thimble-plan-pipeline %s \
// RUN:   | FileCheck %s --check-prefix=PLAN
// RUN: thimble-opt --thimble-graph-pipeline=mcpu=cortex-m4 --thimble-compress-pipeline \
// RUN:   --thimble-kernel-pipeline --thimble-plan-pipeline --thimble-code-pipeline %s -o %t.stages
// RUN: thimble-opt --thimble-pipeline=mcpu=cortex-m4 %s -o %t.all
// RUN: FileCheck %s --check-prefix=CODE --input-file %t.all
// RUN: diff %t.stages %t.all

// The unused op goes, except at level 0.
// GRAPH: module attributes {thimble.cpu = "cortex-m4"}
// GRAPH-NOT: thimble.tanh
// GRAPH: thimble.relu
// O0: thimble.tanh
// KERNEL: thimble.kernel "relu_0"(%{{.*}}) {kernel = "reference"
// KERNEL-NOT: placements
// PLAN: func.func @model{{.*}}thimble.arena_bytes = 16 : i64
// PLAN: placements = [#thimble.placement<"arena", 0>]
// CODE: llvm.func @model_invoke(%{{.*}}: !llvm.ptr)
// CODE: llvm.func internal @model.relu_0(
// CODE-NOT: thimble.kernel
// CODE-NOT: builtin.unrealized_conversion_cast
func.func @model(%x: tensor<4xf32>) -> tensor<4xf32> {
  %unused = thimble.tanh %x {thimble.id = "tanh_1"} : (tensor<4xf32>) -> tensor<4xf32>
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
