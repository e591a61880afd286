//===- ThimbleSparseInterface.td - Schemes of zeros --------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kernels that skip zeros ask of an encoding.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLESPARSEINTERFACE_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLESPARSEINTERFACE_TD

include "mlir/IR/OpBase.td"

def Thimble_SparseSchemeInterface : AttrInterface<"SparseSchemeInterface"> {
  let cppNamespace = "::thimble";
  let description = [{
    A scheme that does not store weights of 0, in blocks or one by one. A kernel
    may read a weight that is stored in this scheme alone without its being
    decoded: the blocks that are there lie in flash in the order and form of the
    kernel then.
  }];
  let methods = [
    InterfaceMethod<"The shape of the blocks that are there or not.",
      "::thimble::SparseBlocks", "getSparseBlocks">
  ];
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLESPARSEINTERFACE_TD
