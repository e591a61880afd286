//===- ThimbleEncodingAttr.td - Compressed tensors ---------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The encoding of a tensor type: a stack of schemes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGATTR_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGATTR_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/TensorEncoding.td"
include "thimble/Dialect/Thimble/IR/ThimbleDialect.td"

def Thimble_EncodingAttr
    : AttrDef<Thimble_Dialect, "Encoding", [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let mnemonic = "encoding";
  let summary = "how the numbers of a weight are stored";
  let description = [{
    `stack` are the schemes, innermost first, outermost last. The numbers are
    stored in the order in which the kernel reads them: output channel by output
    channel along dimension `axis`, of `lanes` channels at a time interleaved.
    `tile` output channels form a chunk that is decoded on its own (0: all of
    them); a decoder starts afresh with each.

    ```mlir
    tensor<64x3x3x64x!q, #thimble.encoding<[#thimble.packed<4>], tile = 8>>
    ```

    The payload is, chunk by chunk: the numbers of symbols of those levels where
    they are not implied (two bytes each, inner level first); the outermost
    level's symbols, at its width; then what each scheme set aside, outermost
    first. Three bytes follow the last chunk of an encoding that ends in a byte
    stream, so that a decoder can read whole words.
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::Attribute">:$stack,
                        DefaultValuedParameter<"int64_t", "0">:$axis,
                        DefaultValuedParameter<"int64_t", "1">:$lanes,
                        DefaultValuedParameter<"int64_t", "0">:$tile);
  let assemblyFormat = [{
    `<` `[` $stack `]` (`,` struct($axis, $lanes, $tile)^)? `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The schemes, innermost first.
    ::llvm::SmallVector<::thimble::EncodingAttrInterface> getSchemes() const;
    /// The levels, the weights first: one more than there are schemes.
    ::llvm::SmallVector<::thimble::LevelInfo> getLevels() const;

    /// Chooses open parameters of `stack` for `weights`, which are in the order
    /// of `type`. On failure `reason` says why this stack cannot hold them.
    static ::mlir::FailureOr<EncodingAttr> specialize(
        ::llvm::ArrayRef<::mlir::Attribute> stack, int64_t axis, int64_t lanes,
        int64_t tile, ::mlir::RankedTensorType type,
        ::llvm::ArrayRef<uint8_t> weights, ::std::string &reason);

    /// The payload for weights of `type` that the stack was specialized for.
    ::std::vector<uint8_t> encode(::mlir::RankedTensorType type,
                                  ::llvm::ArrayRef<uint8_t> weights) const;
    /// The weights of a payload; fails if it is damaged.
    ::mlir::FailureOr<::std::vector<uint8_t>> decode(
        ::mlir::RankedTensorType type, ::llvm::ArrayRef<uint8_t> payload) const;
    /// The symbols of every level, the weights first.
    ::std::vector<::thimble::SymbolLevel> getSymbols(
        ::mlir::RankedTensorType type,
        ::llvm::ArrayRef<uint8_t> weights) const;

    /// Bits in flash: the payload and the tables on `target`.
    int64_t sizeInBits(::llvm::ArrayRef<uint8_t> payload,
                       const ::thimble::TargetInfo &target) const;
    /// What all levels cost together.
    ::thimble::DecodeCost getCost(
        ::llvm::ArrayRef<::thimble::SymbolLevel> levels,
        const ::thimble::TargetInfo &target) const;

    /// The shape of all chunks but the last, and how many chunks there are.
    ::thimble::ChunkGeometry getChunk(::mlir::RankedTensorType type) const;
    int64_t getChunkCount(::mlir::RankedTensorType type) const;
    ::thimble::ChunkGeometry getLastChunk(::mlir::RankedTensorType type) const;
  }];
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGATTR_TD
