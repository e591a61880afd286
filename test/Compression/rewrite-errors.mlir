// rewrite-errors.mlir - what the passes on weights do not take
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: split-file %s %t
// RUN: thimble-opt --verify-diagnostics --thimble-prune=pattern=diagonal %t/pattern.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-prune=pattern=4:2 %t/order.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-prune='pattern=unstructured sparsity=1' %t/sparsity.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-prune='pattern=channels threshold=-1' %t/threshold.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-prune %t/recipe.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-prune=pattern=unstructured %t/moments.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-prune=pattern=unstructured %t/integers.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-factorize=rank=-1 %t/rank.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-factorize=energy=2 %t/energy.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-factorize=min-saving=1 %t/saving.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-factorize=rank=1 %t/moments.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-factorize=rank=1 %t/integers.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-palettize=entries=1 %t/entries.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-palettize='entries=2 axis=row' %t/axis.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-palettize=entries=2 %t/floats.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-fold-batch-norm %t/teacher.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-fold-batch-norm %t/integers.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-equalize %t/teacher.mlir
// RUN: thimble-opt --verify-diagnostics --thimble-equalize %t/integers.mlir

//--- pattern.mlir
// expected-error @below {{expected the option 'pattern' to be 'unstructured', 'channels', n:m as in '2:4' or blocks as in '4x2', found 'diagonal'}}
module {
  func.func @m() { return }
}
//--- order.mlir
// expected-error @below {{found '4:2'}}
module {
  func.func @m() { return }
}
//--- sparsity.mlir
// expected-error @below {{expected the option 'sparsity' to be 0 to below 1, found 1.0}}
module {
  func.func @m() { return }
}
//--- threshold.mlir
// expected-error @below {{expected the option 'threshold' to be 0 to below 1, found -1.0}}
module {
  func.func @m() { return }
}
//--- recipe.mlir
func.func @m(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<1.0> : tensor<1x2xf32> : tensor<1x2xf32>
  // expected-error @below {{expected the recipe's pattern to be 'unstructured', 'channels', n:m as in '2:4' or blocks as in '4x2', found 'rows'}}
  %y = thimble.fully_connected %x, %w {thimble.id = "fc", thimble.recipe = #thimble.recipe<pattern = "rows">} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}
//--- moments.mlir
func.func @m(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<1.0> : tensor<1x2xf32> : tensor<1x2xf32>
  // expected-error @below {{expected the attribute 'thimble.moments': run thimble-calibrate first}}
  %y = thimble.fully_connected %x, %w {thimble.id = "fc"} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}
//--- integers.mlir
!x = !quant.uniform<i8:f32, 0.5:0>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.015625}>
func.func @m(%x: tensor<1x2x!x>) -> tensor<1x1x!x> {
  %w = thimble.constant dense<1> : tensor<1x2xi8> : tensor<1x2x!w>
  // expected-error @below {{expected a weight of floats, found 'tensor<1x2x!quant.uniform<i8<-127:127>:f32:0, {1.562500e-02}>>': this pass runs before thimble-quantize}}
  %y = thimble.fully_connected %x, %w {thimble.id = "fc"} : (tensor<1x2x!x>, tensor<1x2x!w>) -> tensor<1x1x!x>
  return %y : tensor<1x1x!x>
}
//--- floats.mlir
func.func @m(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
  %w = thimble.constant dense<1.0> : tensor<1x2xf32> : tensor<1x2xf32>
  // expected-error @below {{expected a weight of integers, found 'tensor<1x2xf32>': run thimble-quantize first}}
  %y = thimble.fully_connected %x, %w {thimble.id = "fc"} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x1xf32>
  return %y : tensor<1x1xf32>
}
//--- rank.mlir
// expected-error @below {{expected the option 'rank' to be at least 0, found -1}}
module {
  func.func @m() { return }
}
//--- energy.mlir
// expected-error @below {{expected the option 'energy' to be 0 to 1, found 2.0}}
module {
  func.func @m() { return }
}
//--- saving.mlir
// expected-error @below {{expected the option 'min-saving' to be 0 to below 1, found 1.0}}
module {
  func.func @m() { return }
}
//--- entries.mlir
// expected-error @below {{expected the option 'entries' to be 2 to 256, or 0, found 1}}
module {
  func.func @m() { return }
}
//--- axis.mlir
// expected-error @below {{expected the option 'axis' to be 'tensor' or 'channel', found 'row'}}
module {
  func.func @m() { return }
}
//--- teacher.mlir
func.func @m(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  return %x : tensor<1x2xf32>
}
// expected-error @below {{expected no teacher yet, whose inner values would not be the model's any more: this pass runs before those that change results}}
func.func private @m.teacher(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  return %x : tensor<1x2xf32>
}
