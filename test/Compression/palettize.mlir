// palettize.mlir - weights with few different codes
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --split-input-file --thimble-palettize=entries=2 %s | FileCheck %s
// RUN: thimble-opt --split-input-file --thimble-palettize='entries=2 axis=channel' %s | FileCheck %s --check-prefix=CHANNEL

!x = !quant.uniform<i8:f32, 0.5:0>
!y = !quant.uniform<i8:f32, 1.0:0>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.015625, 0.015625}>

// The two rows are 127, 113 and -40, -64, times 1 and 2: in the unit of each
// row's root mean square the same numbers. The means of the pairs are 120 and
// -52; the largest code becomes 127, the other -52 / 120 * 127 = -55.03. The
// scale of a row is 120 / 127 of 1/64. The first input is 8 at mean, the others
// 0: 120 - 127 = -7 of 1/64 times 8 comes back as a bias of 7 / 8 in the unit
// 1/2 * scale, 118.5.
// CHECK-LABEL: func.func @pairs
// CHECK: thimble.constant dense<{{\[\[}}127, 127, -55, -55], [127, 127, -55, -55]]> : tensor<2x4xi8> : tensor<2x4x!quant.uniform<i8<-127:127>:f32:0, {0.0147{{[0-9]*}},0.0147{{[0-9]*}}}>>
// CHECK: thimble.constant dense<119> : tensor<2xi32>
// CHECK: thimble.recipe = #thimble.recipe<entries = 2>
// CHECK: func.func private @pairs.teacher
// CHANNEL-LABEL: func.func @pairs
// CHANNEL: thimble.constant dense<{{\[\[}}127, 127, -55, -55], [127, 127, -55, -55]]>
// CHANNEL-NOT: thimble.recipe
func.func @pairs(%x: tensor<1x4x!x>) -> tensor<1x2x!y> {
  %w = thimble.constant dense<[[127, 113, -40, -64], [127, 113, -40, -64]]> : tensor<2x4xi8> : tensor<2x4x!w>
  %0 = thimble.fully_connected %x, %w {thimble.id = "fc",
      thimble.moments = dense<[[65.0, 0.0, 0.0, 0.0, 8.0], [0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, 0.0], [8.0, 0.0, 0.0, 0.0, 1.0]]> : tensor<5x5xf32>}
    : (tensor<1x4x!x>, tensor<2x4x!w>) -> tensor<1x2x!y>
  return %0 : tensor<1x2x!y>
}

// -----

!x = !quant.uniform<i8:f32, 0.5:0>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.015625, 0.015625}>

// The second weight counts 3 times as much as the first: the mean of 127 and 107
// is 112. The row of zeros stays, and 0 is one of the two codes then. One
// palette for both rows is what the recipe says.
// CHANNEL-LABEL: func.func @weighted
// CHANNEL: thimble.constant dense<{{\[\[}}127, 127], [0, 0]]> : tensor<2x2xi8> : tensor<2x2x!quant.uniform<i8<-127:127>:f32:0, {0.01377{{[0-9]*}},0.01377{{[0-9]*}}}>>
// CHECK-LABEL: func.func @weighted
// CHECK: thimble.constant dense<{{\[\[}}127, 127], [0, 0]]>
// CHECK: thimble.recipe = #thimble.recipe<entries = 2, pattern = "unstructured">
func.func @weighted(%x: tensor<1x2x!x>) -> tensor<1x2x!x> {
  %w = thimble.constant dense<[[127, 107], [0, 0]]> : tensor<2x2xi8> : tensor<2x2x!w>
  %0 = thimble.fully_connected %x, %w {thimble.id = "fc", thimble.recipe = #thimble.recipe<bits = 4, pattern = "unstructured">,
      thimble.moments = dense<[[1.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 1.0]]> : tensor<3x3xf32>}
    : (tensor<1x2x!x>, tensor<2x2x!w>) -> tensor<1x2x!x>
  return %0 : tensor<1x2x!x>
}
