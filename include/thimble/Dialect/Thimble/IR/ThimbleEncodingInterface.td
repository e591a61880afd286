//===- ThimbleEncodingInterface.td - Schemes of encodings --*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one thing that the rest of the compiler knows about how weights are
// stored.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGINTERFACE_TD
#define THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGINTERFACE_TD

include "mlir/IR/OpBase.td"

def Thimble_EncodingAttrInterface : AttrInterface<"EncodingAttrInterface"> {
  let cppNamespace = "::thimble";
  let description = [{
    One lossless scheme of storing symbols, to be stacked in
    `#thimble.encoding<[...]>`, innermost first. Symbols.h explains levels,
    chunks, and what a decoder may read and write.

    An attribute may leave parameters open (as `#thimble.packed`): then it is a
    wish, and `specialize` completes it for the tensor at hand. Only complete
    schemes are legal in a type. Tables that a decoder needs (code lengths, a
    codebook) are parameters, so that two tensors with equal parameters share
    them; what differs from chunk to chunk is in the payload.
  }];
  let methods = [
    InterfaceMethod<"True if no parameter is open.", "bool", "isComplete">,
    InterfaceMethod<[{
        The scheme with every open parameter chosen as is best for `inner`. On
        failure `reason` says why these symbols cannot be stored, as the end of
        the sentence "... because".
      }], "::mlir::FailureOr<::mlir::Attribute>", "specialize",
      (ins "const ::thimble::SymbolLevel &":$inner, "::std::string &":$reason)>,
    InterfaceMethod<[{
        The outer level for an inner one; an error if the complete scheme cannot
        be stacked on it.
      }], "::mlir::FailureOr<::thimble::LevelInfo>", "getOuterLevel",
      (ins "const ::thimble::LevelInfo &":$inner,
           "::llvm::function_ref<::mlir::InFlightDiagnostic()>":$emitError)>,
    InterfaceMethod<[{
        The outer symbols of a chunk, never more than the inner ones; the rest
        goes to `aside`. `specialize` has seen these symbols.
      }], "::std::vector<uint8_t>", "encode",
      (ins "const ::thimble::SymbolChunk &":$inner,
           "const ::thimble::LevelInfo &":$level,
           "::thimble::PayloadWriter &":$aside)>,
    InterfaceMethod<[{
        The inverse: fills `inner.symbols`, which has its final size. Fails on
        bytes that `encode` would not write; reads nothing out of bounds.
      }], "::llvm::LogicalResult", "decode",
      (ins "::llvm::ArrayRef<uint8_t>":$outer,
           "const ::thimble::LevelInfo &":$level,
           "::thimble::PayloadReader &":$aside,
           "::thimble::SymbolChunk &":$inner)>,
    InterfaceMethod<"True if there is one outer symbol an inner one.", "bool",
      "keepsCount", (ins), [{}], [{ return true; }]>,
    InterfaceMethod<[{
        The number of outer symbols of `count` inner ones, or none if it differs
        from chunk to chunk; then the payload has it. Neither this nor the two
        next to it is asked of a scheme whose outer level is a byte stream.
      }], "::std::optional<int64_t>", "getOuterCount", (ins "int64_t":$count),
      [{}], [{ return count; }]>,
    InterfaceMethod<"The same on the target, where the number is implied.",
      "::mlir::Value", "buildOuterCount",
      (ins "::thimble::StepBuilder &":$b, "::mlir::Value":$count), [{}],
      [{ return count; }]>,
    InterfaceMethod<[{
        If each inner symbol is a function of one outer symbol: the function as
        256 bytes. An entropy coder around it then decodes to inner symbols.
      }], "::std::vector<uint8_t>", "getSymbolMap", (ins), [{}],
      [{ return {}; }]>,
    InterfaceMethod<"True if its decoder applies a symbol map at no cost.",
      "bool", "mapsSymbols", (ins), [{}], [{ return false; }]>,
    InterfaceMethod<[{
        The constant tables in flash that the decoder reads, `map` (empty or 256
        bytes) applied.
      }], "::std::vector<::thimble::ConstantTable>", "getTables",
      (ins "const ::thimble::TargetInfo &":$target,
           "::llvm::ArrayRef<uint8_t>":$map), [{}], [{ return {}; }]>,
    InterfaceMethod<[{
        Numbers that the decoder gets as arguments: layers whose schemes differ
        in nothing else share its code.
      }], "::llvm::SmallVector<int32_t>", "getNumbers",
      (ins), [{}], [{ return {}; }]>,
    InterfaceMethod<"Bytes of RAM for look-up tables, 4-byte aligned.",
      "int64_t", "getScratchBytes",
      (ins "const ::thimble::TargetInfo &":$target), [{}], [{ return 0; }]>,
    InterfaceMethod<[{
        Emits what runs once a layer before the first chunk is decoded: fills
        the scratch from the tables. Only called if there is scratch.
      }], "void", "buildSetup",
      (ins "::thimble::StepBuilder &":$b, "::thimble::DecodeLevel &":$level),
      [{}], [{ return; }]>,
    InterfaceMethod<[{
        Emits code that decodes the symbols of one chunk. Nothing in it depends
        on the tensor but what `level` and the scheme's parameters say, so that
        tensors share decoders.
      }], "void", "buildDecode",
      (ins "::thimble::StepBuilder &":$b, "::thimble::DecodeLevel &":$level)>,
    InterfaceMethod<[{
        What decoding `inner` costs in one inference; the sources of the figures
        are in docs/rationale.
      }], "::thimble::DecodeCost", "getCost",
      (ins "const ::thimble::SymbolLevel &":$inner,
           "const ::thimble::TargetInfo &":$target)>
  ];
}

#endif // THIMBLE_DIALECT_THIMBLE_IR_THIMBLEENCODINGINTERFACE_TD
