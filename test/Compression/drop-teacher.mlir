// drop-teacher.mlir - nothing of the teacher is left
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-drop-teacher %s | FileCheck %s --implicit-check-not=thimble.range \
// RUN:   --implicit-check-not=thimble.moments --implicit-check-not=thimble.recipe \
// RUN:   --implicit-check-not=teacher

// CHECK: func.func @model(%{{.*}}: tensor<1x2xf32> {thimble.name = "x"})
// CHECK: thimble.relu %{{.*}} {thimble.id = "relu"}
func.func @model(%x: tensor<1x2xf32> {thimble.name = "x", thimble.range = [0.0 : f32, 1.0 : f32]}) -> tensor<1x2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu", thimble.range = [0.0 : f32, 1.0 : f32],
                        thimble.recipe = #thimble.recipe<bits = 4>} : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

func.func private @model.teacher(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  return %x : tensor<1x2xf32>
}
