// verify-imported.mlir - the contract of the GRAPH stage
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// RUN: thimble-opt --thimble-verify-imported --split-input-file --verify-diagnostics %s

func.func @fine(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = thimble.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  %0 = thimble.add %x, %c {thimble.id = "add_0"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @no_id(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected the attribute 'thimble.id'}}
  %0 = thimble.relu %x : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @same_id(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-note @+1 {{also used here}}
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2xf32>) -> tensor<2xf32>
  // expected-error @+1 {{expected an id of its own, found "relu_0"}}
  %1 = thimble.relu %0 {thimble.id = "relu_0"} : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

func.func @foreign(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected a graph op or thimble.constant in a model}}
  %0 = arith.addf %x, %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// expected-error @+1 {{expected static tensors as arguments, found 'tensor<?xf32>'}}
func.func @dynamic(%x: tensor<?xf32>) -> tensor<2xf32> {
  %c = thimble.constant dense<1.0> : tensor<2xf32> : tensor<2xf32>
  %0 = thimble.relu %c {thimble.id = "relu_0"} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

func.func @identity(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{expected results that ops compute}}
  return %x : tensor<2xf32>
}

// -----

// expected-error @+1 {{expected a body of one block}}
func.func @blocks(%x: tensor<2xf32>) -> tensor<2xf32> {
  cf.br ^bb1
^bb1:
  return %x : tensor<2xf32>
}

// -----

// expected-note @+1 {{another is here}}
func.func @first(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
// expected-error @+1 {{expected one public function in a model}}
func.func @second(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = thimble.relu %x {thimble.id = "relu_0"} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

// expected-error @+1 {{expected a public function, the model}}
module {}
