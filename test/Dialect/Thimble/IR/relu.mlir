// relu.mlir - max(x, 0)
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --verify-diagnostics --verify-roundtrip \
// RUN:   %s | FileCheck %s
// RUN: thimble-opt --split-input-file --verify-diagnostics %to_layers \
// RUN:   %s | FileCheck %s --check-prefix=STEP

// An int8 function of one element is a table of 256 bytes, indexed by x + 128.

!q = !quant.uniform<i8:f32, 0.5:-3>
!r = !quant.uniform<i8:f32, 0.25:4>

// CHECK-LABEL: func.func @int8
// CHECK: thimble.relu %{{.*}} {thimble.id = "relu_0"}
// CHECK-SAME: (tensor<2x3x!quant.uniform<i8:f32, 5.000000e-01:-3>>) -> tensor<2x3x!quant.uniform<i8:f32, 2.500000e-01:4>>
// STEP-LABEL: func.func @int8_invoke
// STEP: @int8.relu_0.table(dense<"0x040404
// STEP-SAME: 04060
// STEP-SAME: 7F7F7F"> : tensor<256xi8>)
// STEP-LABEL: @int8.relu_0.step(
// STEP-SAME: %[[X:.*]]: !llvm.ptr, %[[Y:.*]]: !llvm.ptr, %[[TABLE:.*]]: !llvm.ptr, %[[COUNT:.*]]: i32)
// STEP: %[[MIDDLE:.*]] = llvm.getelementptr %[[TABLE]][128]
// STEP: scf.for %[[I:.*]] = %{{.*}} to %[[COUNT]]
// STEP: %[[AT:.*]] = llvm.getelementptr %[[X]][%[[I]]]
// STEP: %[[BYTE:.*]] = llvm.load %[[AT]] : !llvm.ptr -> i8
// STEP: %[[INDEX:.*]] = arith.extsi %[[BYTE]] : i8 to i32
// STEP: llvm.getelementptr %[[MIDDLE]][%[[INDEX]]]
func.func @int8(%x: tensor<2x3x!q>) -> tensor<2x3x!r> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2x3x!q>) -> tensor<2x3x!r>
  return %0 : tensor<2x3x!r>
}

// -----

// CHECK-LABEL: func.func @float
// CHECK: thimble.relu %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
// STEP-LABEL: @float.relu_0.step(
// STEP: llvm.load %{{.*}} -> f32
// STEP: arith.cmpf
// STEP: arith.select
// STEP-NOT: maxnum
func.func @float(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

func.func @shape(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // expected-error @+1 {{expected a result of the operand's shape, found 'tensor<2x3xf32>' and 'tensor<3x2xf32>'}}
  %0 = thimble.relu %x : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

func.func @kinds(%x: tensor<2xf32>) -> tensor<2xi32> {
  // expected-error @+1 {{expected operand and result both f32, both per-tensor int8 or both per-tensor int16 with zero point 0, found 'tensor<2xf32>' and 'tensor<2xi32>'}}
  %0 = thimble.relu %x : (tensor<2xf32>) -> tensor<2xi32>
  return %0 : tensor<2xi32>
}

// -----

func.func @empty(%x: tensor<0xf32>) -> tensor<0xf32> {
  // expected-error @+1 {{expected a tensor with elements, found 'tensor<0xf32>'}}
  %0 = thimble.relu %x : (tensor<0xf32>) -> tensor<0xf32>
  return %0 : tensor<0xf32>
}

// -----

func.func @dynamic(%x: tensor<?xf32>) -> tensor<?xf32> {
  // expected-error @+1 {{operand #0 must be ranked static tensor of f32, i32, i64 or a uniform quantized type, but got 'tensor<?xf32>'}}
  %0 = thimble.relu %x : (tensor<?xf32>) -> tensor<?xf32>
  return %0 : tensor<?xf32>
}
