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

/// Emits code that fills the 2^tableBits entries of 4 bytes at `table` from the
/// description of a code. Two bytes for each symbol of its range follow them,
/// and are used meanwhile. `map`, if there is one, has a byte for each symbol
/// of the range.
void buildTansTable(StepBuilder &b, unsigned tableBits, mlir::Value table,
                    mlir::Value description, mlir::Value map);

/// Emits code that decodes `count` symbols of `stream` to `out`. Returns the
/// address behind the stream.
mlir::Value buildTansDecode(StepBuilder &b, unsigned tableBits,
                            mlir::Value table, mlir::Value stream,
                            mlir::Value out, mlir::Value count);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_TANSDECODER_H
