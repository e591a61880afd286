// streaming.mlir - --streaming takes the new rows of a window that slides
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimblec %s --mcpu=cortex-m4 --name=net --streaming -o %t.o --report=%t.json \
// RUN:   | FileCheck %s --check-prefix=TABLE
// RUN: FileCheck %s --check-prefix=HEADER < %t.h
// RUN: FileCheck %s --check-prefix=JSON < %t.json
// RUN: llvm-nm --defined-only --extern-only %t.o | FileCheck %s --check-prefix=SYMBOLS
// RUN: thimblec %s --mcpu=cortex-m4 --name=net --streaming=2 --io=pointers --quiet -o %t.o
// RUN: FileCheck %s --check-prefix=POINTERS < %t.h
//
// Offered where it is possible, and not done unasked.
// RUN: thimblec %s --mcpu=cortex-m4 --name=net --remarks=streaming --quiet -o %t.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK
// RUN: FileCheck %s --check-prefix=WINDOW < %t.h
//
// RUN: not thimblec %s --mcpu=cortex-m4 --streaming --io=rows -o %t.bad.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=ROWS
// RUN: not thimblec %s --mcpu=cortex-m4 --streaming=0 -o %t.bad.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=NUMBER
// RUN: not thimblec %s --mcpu=cortex-m4 --streaming=9 -o %t.bad.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=TOO-MANY
// RUN: not thimblec %s --mcpu=cortex-m4 --name=net --streaming --max-ram=60 -o %t.bad.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BUDGET
// RUN: not thimblec %s --mcpu=cortex-m4 --name=net --streaming --max-ram=40 -o %t.bad.o 2>&1 \
// RUN:   | FileCheck %s --check-prefix=STATE
// RUN: not ls %t.bad.o

// TABLE: net on cortex-m4: {{.*}}RAM {{[0-9]+}} B (of it state 56 B), stack
// TABLE: delay max_pool_2d
// TABLE: RAM over time: the state has 56 B at all times; the arena has
// HEADER: #define NET_STATE_BYTES 56u
// HEADER-NEXT: #define NET_STATE_ALIGNMENT 4u
// HEADER-NEXT: Bound on the stack of net_reset, net_invoke.
// HEADER: #define NET_INPUT_0_SHAPE {1, 1, 1, 2}
// HEADER: void net_reset(void *state);
// HEADER: void net_invoke(void *arena, void *state);
// JSON: "ram_state": 56
// SYMBOLS-DAG: T net_invoke
// SYMBOLS-DAG: T net_reset
// POINTERS: #define NET_INPUT_0_SHAPE {1, 2, 1, 2}
// POINTERS: void net_invoke(void *arena, const float *input_0, float *output_0, void *state);
// REMARK: remark: [streaming] a window that slides over the rows of the input can be computed from 1 new rows of 8 a call, with 0 MACs instead of 0 and 56 bytes of state (--streaming)
// WINDOW-NOT: STATE
// WINDOW: #define NET_INPUT_0_SHAPE {1, 8, 1, 2}
// ROWS: error: expected --io=arena or --io=pointers with --streaming, whose calls take no more than their new rows, found --io=rows
// NUMBER: for the --streaming option: expected a number of new rows, such as 2, found '0'
// TOO-MANY: error: expected new rows in multiples of 1 and fewer than the window's 8, found 9
// BUDGET: error: arena and state need {{.*}} bytes, {{.*}} more than --max-ram allows (60)
// STATE: error: the state needs 56 bytes, more than --max-ram allows (40)
func.func @net(%x: tensor<1x8x1x2xf32>) -> tensor<1x1x1x2xf32> {
  %0 = thimble.max_pool_2d %x {kernel_size = array<i64: 3, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "max_pool_2d_0"} : (tensor<1x8x1x2xf32>) -> tensor<1x6x1x2xf32>
  %1 = thimble.tanh %0 {thimble.id = "tanh_1"} : (tensor<1x6x1x2xf32>) -> tensor<1x6x1x2xf32>
  %2 = thimble.max_pool_2d %1 {kernel_size = array<i64: 6, 1>, padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, thimble.id = "max_pool_2d_2"} : (tensor<1x6x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %2 : tensor<1x1x1x2xf32>
}
