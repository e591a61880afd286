//===- WordLanes.h - Four symbols in a word ---------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic on the bytes of a word, one symbol each, for decoders on cores
// without vectors.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_WORDLANES_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_WORDLANES_H

#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// The same byte in all four lanes of a word.
inline int64_t lanesOf(uint8_t byte) { return int64_t(byte) * 0x01010101; }

/// A call of an intrinsic of LLVM with i32 arguments and an i32 result.
mlir::Value buildIntrinsic(StepBuilder &b, llvm::StringRef name,
                           mlir::ValueRange arguments);

/// Adds `addend` modulo 256 to each lane of a word whose lanes are at most
/// `most`.
mlir::Value buildAddLanes(StepBuilder &b, mlir::Value word, uint8_t addend,
                          uint8_t most);

mlir::Value buildLoadWord(StepBuilder &b, mlir::Value pointer,
                          unsigned alignment);
void buildStoreWord(StepBuilder &b, mlir::Value word, mlir::Value pointer,
                    unsigned alignment);

/// `count` / `divisor`, unsigned, in a form that the estimate of trip counts
/// understands.
mlir::Value buildQuotient(StepBuilder &b, mlir::Value count, int64_t divisor);

/// to - from, in bytes.
mlir::Value buildDistance(StepBuilder &b, mlir::Value from, mlir::Value to);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_WORDLANES_H
