//===- StackDecoder.h - Emits the decoder of an encoding --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a stack of schemes to the code that decodes one chunk of weights.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_STACKDECODER_H
#define THIMBLE_DIALECT_THIMBLE_IR_STACKDECODER_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

class StackDecoder {
public:
  StackDecoder(EncodingAttr encoding, const TargetInfo &target);

  /// The constant tables of all schemes, outermost scheme first.
  std::vector<ConstantTable> getTables() const;
  /// The numbers of all schemes, likewise.
  llvm::SmallVector<int32_t> getNumbers() const;
  /// Bytes of RAM for all look-up tables.
  int64_t getScratchBytes() const;
  /// The types of `shared` below: addresses of the tables, numbers, and the
  /// address of the scratch if there is any.
  llvm::SmallVector<mlir::Type> getSharedTypes(StepBuilder &b) const;
  /// Emits the filling of the scratch; once before the first chunk.
  void buildSetup(StepBuilder &b, mlir::ValueRange shared) const;
  /// Emits the decoding of a chunk of `count` weights to `out`, 4-byte aligned.
  /// `cursor` is the address of the chunk; returns that of the next one.
  mlir::Value buildDecode(StepBuilder &b, mlir::Value cursor, mlir::Value out,
                          mlir::Value count, mlir::ValueRange shared) const;

private:
  using Value = mlir::Value;

  /// A scheme whose decoder is code of its own.
  struct Stage {
    EncodingAttrInterface scheme;
    unsigned outerLevel; ///< index of the level that it reads
    /// Index of the level that it writes: below its own inner one by as many
    /// schemes as it applies the maps of.
    unsigned level;
    std::vector<uint8_t> map;
  };

  void initialize(StepBuilder &b, DecodeLevel &level, unsigned stage,
                  mlir::ValueRange shared) const;

  const TargetInfo &target;
  llvm::SmallVector<EncodingAttrInterface> schemes; ///< innermost first
  llvm::SmallVector<LevelInfo> levels;
  llvm::SmallVector<Stage> stages; ///< outermost first
};

/// `pointer` rounded up to a multiple of `alignment`, a power of two.
mlir::Value buildAlign(StepBuilder &b, mlir::Value pointer, unsigned alignment);

/// What PayloadWriter::write16 wrote at `cursor`, which is moved behind it.
mlir::Value buildRead16(StepBuilder &b, mlir::Value &cursor);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_STACKDECODER_H
