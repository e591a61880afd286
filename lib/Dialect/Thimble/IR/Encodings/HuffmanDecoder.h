//===- HuffmanDecoder.h - Emits decoders of Huffman codes -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code for the target that does what Support/HuffmanTable.h does, and what its
// tables are for.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_HUFFMANDECODER_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_HUFFMANDECODER_H

#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// The table that a decoder looks words up in.
struct HuffmanTableForm {
  unsigned indexBits = 0;
  bool pairs = false; ///< two symbols a look-up; without subtables
  /// Of subtables for words that are longer than indexBits, and how many.
  unsigned subtableBits = 0, subtables = 0;

  /// Look-ups between two loads of the stream: as many as surely have bits.
  unsigned lookupsPerRefill(const TargetInfo &target) const;

  int64_t bytes() const {
    if (pairs)
      return int64_t(4) << indexBits;
    return 2 *
           ((int64_t(1) << indexBits) + (int64_t(subtables) << subtableBits));
  }
};

/// Emits code that fills `table` (4-byte aligned) from the description of a
/// code, in the form that `isList` says. `map`, if there is one, has a byte for
/// each symbol of the range of a description that is not a list.
void buildHuffmanTable(StepBuilder &b, const HuffmanTableForm &form,
                       mlir::Value table, mlir::Value description, bool isList,
                       mlir::Value map);

/// Emits code that decodes `count` symbols of `stream` to `out`. Returns the
/// address behind the stream.
mlir::Value buildHuffmanDecode(StepBuilder &b, const HuffmanTableForm &form,
                               mlir::Value table, mlir::Value stream,
                               mlir::Value out, mlir::Value count);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_HUFFMANDECODER_H
