// remarks.mlir - --remarks says why choices were made
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimblec %s --mcpu=cortex-m4 --name=net --emit=planned -o %t --remarks=.* 2>&1 \
// RUN:   | FileCheck %s
// RUN: thimblec %s --mcpu=cortex-m4 --name=net --emit=planned -o %t --remarks=memory 2>&1 \
// RUN:   | FileCheck %s --check-prefix=MEMORY
// RUN: thimblec %s --mcpu=cortex-m4 --name=net --emit=planned -o %t 2>&1 \
// RUN:   | count 0
// RUN: not thimblec %s --mcpu=cortex-m4 --emit=planned -o %t '--remarks=(' 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ERROR

// CHECK: 'tap': remark: [fusion] 'add_0' clamps its result itself, in place of 'relu_1'
// CHECK: 'tap': remark: [kernel] 'add_0' is computed by 'reference' at a cost of
// CHECK: remark: [memory] the arena has 32 bytes; 32 are live at the peak, {{.*}}; the order is as given, no order has a lower peak; the offsets are the best for this order
// CHECK: 'tap': remark: [memory] the result of 'add_0' does not lie over its operand: the operand is needed later
// CHECK: 'squash': remark: [memory] the result of 'tanh_2' lies over its operand
// MEMORY-NOT: [kernel]
// MEMORY-NOT: [fusion]
// MEMORY: [memory] the arena has 32 bytes
// MEMORY-NOT: [kernel]
// ERROR: for the --remarks option: expected a regular expression, found '('
func.func @net(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = thimble.add %x, %x {thimble.id = "add_0"} : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("tap")
  %1 = thimble.relu %0 {thimble.id = "relu_1"} : (tensor<4xf32>) -> tensor<4xf32> loc("clamp")
  %2 = thimble.tanh %x {thimble.id = "tanh_2"} : (tensor<4xf32>) -> tensor<4xf32> loc("squash")
  return %1, %2 : tensor<4xf32>, tensor<4xf32>
}
