//===- TileDecoder.h - Functions that decode a layer's weights --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From an encoded weight to its payload, its tables and the functions that
// decode a tile of output channels. Layers whose decoders are equal end up with
// one copy of the code.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_TILEDECODER_H
#define THIMBLE_LIB_CODEGEN_TILEDECODER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"

namespace thimble {

class TileDecoder {
public:
  /// Emits tables and functions at the builder's point, under `prefix`.
  TileDecoder(mlir::OpBuilder &builder, mlir::Location loc,
              llvm::StringRef prefix, const WeightDecoding &decoding,
              const TargetInfo &target);

  int64_t getTileCount() const { return tiles; }
  /// Output channels of all tiles but the last.
  int64_t getTileChannels() const { return chunk.channels; }

  /// In the layer function: prepares the look-up tables at `lookup`.
  void begin(StepBuilder &b, mlir::Value lookup);
  /// The address of the first tile's bytes.
  mlir::Value getPayload(StepBuilder &b) const;
  /// Decodes the next tile, of `channels` (an i32) output channels, to `tile`;
  /// returns the address of the tile after it.
  mlir::Value decode(StepBuilder &b, mlir::Value cursor, mlir::Value tile,
                     mlir::Value channels) const;

private:
  mlir::func::FuncOp emitFunction(mlir::OpBuilder &builder,
                                  const llvm::Twine &name,
                                  llvm::ArrayRef<mlir::Type> arguments,
                                  mlir::TypeRange results);
  void emitSetup(mlir::OpBuilder &builder);
  void emitDecode(mlir::OpBuilder &builder);

  mlir::Location loc;
  std::string prefix;
  const TargetInfo &target;
  StackDecoder stack;
  ChunkGeometry chunk;
  int64_t tiles;
  std::string payload; ///< symbol
  llvm::SmallVector<std::string> tableSymbols;
  mlir::func::FuncOp setupFunction, decodeFunction;
  /// What both functions get, in the layer function.
  llvm::SmallVector<mlir::Value> shared;
};

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_TILEDECODER_H
