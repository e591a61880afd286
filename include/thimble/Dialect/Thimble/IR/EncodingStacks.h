//===- EncodingStacks.h - Which stacks there are to choose from -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stacks as wishes: their open parameters are chosen for each tensor by
// EncodingAttr::specialize.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ENCODINGSTACKS_H
#define THIMBLE_DIALECT_THIMBLE_IR_ENCODINGSTACKS_H

#include "mlir/IR/Attributes.h"
#include "mlir/Support/LLVM.h"

namespace thimble {

using EncodingStack = llvm::SmallVector<mlir::Attribute>;

/// A stack as users write it: the schemes' names separated by commas, innermost
/// first, as `palette<16>,huffman`. On failure `error` says what was expected.
mlir::FailureOr<EncodingStack> parseEncodingStack(llvm::StringRef text,
                                                  mlir::MLIRContext *context,
                                                  std::string &error);
/// The same text for people: long parameters (tables) are left out.
std::string printEncodingStack(llvm::ArrayRef<mlir::Attribute> stack);
/// The stack without its tables, which decoders get as arguments: stacks with
/// equal names share their decoder's code, or nearly so.
std::string encodingDecoderName(llvm::ArrayRef<mlir::Attribute> stack);

/// The names of all schemes.
llvm::SmallVector<llvm::StringRef> encodingSchemeNames();
/// The stacks that are worth trying on a weight of unknown kind; without
/// `entropyCoding` none that ends in an entropy code.
llvm::SmallVector<EncodingStack>
candidateEncodingStacks(mlir::MLIRContext *context, bool entropyCoding = true);

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_ENCODINGSTACKS_H
