//===- Packed.td - Symbols of fewer than eight bits --------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// #thimble.packed: narrow integers.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_PACKED_TD
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_PACKED_TD

def Thimble_PackedAttr : Thimble_Scheme<"Packed", "packed",
                                        ["getSymbolMap"]> {
  let summary = "integers of 1 to 7 bits";
  let description = [{
    Every symbol fits in `bits` bits, as a signed or as an `unsigned` number.
    The symbols stay what they are; the outer level is narrower. Without `bits`
    the fewest that hold the tensor are chosen.

    ```mlir
    #thimble.packed<4>            // -8 to 7
    #thimble.packed<3, unsigned>  // 0 to 7
    ```
  }];
  let parameters = (ins OptionalParameter<"unsigned">:$bits,
                        DefaultValuedParameter<"bool", "true">:$isSigned);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGS_PACKED_TD
