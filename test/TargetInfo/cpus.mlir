// cpus.mlir - every Cortex-M of LLVM compiles
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimblec %s --mcpu=cortex-m0 --emit=asm | FileCheck %s -DCPU=cortex-m0
// RUN: thimblec %s --mcpu=cortex-m0plus --emit=asm | FileCheck %s -DCPU=cortex-m0plus
// RUN: thimblec %s --mcpu=cortex-m1 --emit=asm | FileCheck %s -DCPU=cortex-m1
// RUN: thimblec %s --mcpu=cortex-m3 --emit=asm | FileCheck %s -DCPU=cortex-m3
// RUN: thimblec %s --mcpu=cortex-m4 --emit=asm | FileCheck %s -DCPU=cortex-m4
// RUN: thimblec %s --mcpu=cortex-m7 --emit=asm | FileCheck %s -DCPU=cortex-m7
// RUN: thimblec %s --mcpu=cortex-m23 --emit=asm | FileCheck %s -DCPU=cortex-m23
// RUN: thimblec %s --mcpu=cortex-m33 --emit=asm | FileCheck %s -DCPU=cortex-m33
// RUN: thimblec %s --mcpu=cortex-m35p --emit=asm | FileCheck %s -DCPU=cortex-m35p
// RUN: thimblec %s --mcpu=cortex-m52 --emit=asm | FileCheck %s -DCPU=cortex-m52
// RUN: thimblec %s --mcpu=cortex-m55 --emit=asm | FileCheck %s -DCPU=cortex-m55
// RUN: thimblec %s --mcpu=cortex-m85 --emit=asm | FileCheck %s -DCPU=cortex-m85

// CHECK: .cpu [[CPU]]
// CHECK: .eabi_attribute 28, 3
// CHECK: {{^}}cpus_invoke:
func.func @cpus(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
