//===- TansDecoder.h - Emits decoders of tANS codes -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code for the target that does what Support/TansCode.h does.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_TANSDECODER_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_TANSDECODER_H

#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// A table of states in RAM while code that uses it is emitted.
struct TansTable {
  mlir::Value address; ///< 2^bits entries of 4 bytes
  mlir::Value bits;    ///< an i32
};

/// Emits code that fills the table from the description of a code. Two bytes
/// for each symbol of its range follow the table, and are used meanwhile.
/// `map`, if there is one, has a byte for each symbol of the range.
void buildTansTable(StepBuilder &b, const TansTable &table,
                    mlir::Value description, mlir::Value map);

/// Symbols that surely have their bits once they are made available.
unsigned getTansSymbolsPerRefill(unsigned tableBits, const TargetInfo &target);

/// Emits code that decodes `count` symbols of `stream` to `out`. Returns the
/// address behind the stream.
mlir::Value buildTansDecode(StepBuilder &b, const TansTable &table,
                            unsigned symbolsPerRefill, mlir::Value stream,
                            mlir::Value out, mlir::Value count);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_TANSDECODER_H
