//===- TestEncodings.td - An encoding outside the compiler --*- tablegen -*-==//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A scheme in a dialect of its own: shows that the rest of the compiler knows
// schemes by their interface only.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_LIB_TESTENCODINGS_TD
#define THIMBLE_TEST_LIB_TESTENCODINGS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"
include "thimble/Dialect/Thimble/IR/ThimbleEncodingInterface.td"

def ThimbleTest_Dialect : Dialect {
  let name = "thimble_test";
  let cppNamespace = "::thimble::test";
  let useDefaultAttributePrinterParser = 1;
}

def ThimbleTest_MaskAttr
    : AttrDef<ThimbleTest_Dialect, "Mask",
              [DeclareAttrInterfaceMethods<Thimble_EncodingAttrInterface>]> {
  let mnemonic = "mask";
  let summary = "every byte xor a constant";
  let parameters = (ins "unsigned":$bits);
  let assemblyFormat = "`<` $bits `>`";
}

#endif // THIMBLE_TEST_LIB_TESTENCODINGS_TD
