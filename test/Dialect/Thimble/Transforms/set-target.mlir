// set-target.mlir - the core that is compiled for
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-set-target{cpu=cortex-m4})' %s \
// RUN:   | FileCheck %s
// RUN: thimble-opt --thimble-set-target %s | FileCheck %s --check-prefix=HOST
// RUN: thimble-opt --pass-pipeline='builtin.module(thimble-set-target{cpu=cortex-m55})' %s \
// RUN:   | FileCheck %s --check-prefix=M55
// RUN: not thimble-opt --pass-pipeline='builtin.module(thimble-set-target{cpu=cortex-a53})' %s 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNKNOWN

// CHECK: module attributes {thimble.cpu = "cortex-m4"}
// HOST: module attributes {thimble.cpu = "host"}
// M55: module attributes {thimble.cpu = "cortex-m55"}
// UNKNOWN: error: {{.*}}cortex-a53
module {}
