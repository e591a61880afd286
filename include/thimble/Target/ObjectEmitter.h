//===- ObjectEmitter.h - From the LLVM dialect to machine code --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translates a module in the LLVM dialect, optimizes it and generates code for
// the core that its attribute `thimble.cpu` names, in this process.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_OBJECTEMITTER_H
#define THIMBLE_TARGET_OBJECTEMITTER_H

#include "mlir/Support/LLVM.h"
#include "thimble/Target/CodeProfile.h"
#include "thimble/Target/TargetOptions.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace thimble {

/// What code generation stops at.
enum class CodeForm {
  llvmIR,   ///< optimized LLVM IR as text
  assembly, ///< as text
  object    ///< ELF
};

/// The output of code generation.
struct EmittedCode {
  llvm::SmallString<0> bytes;
  /// Bytes that a function's frame may need beyond what LLVM says about it,
  /// because its stack pointer is realigned.
  llvm::StringMap<uint64_t> realignmentBytes;
  CodeProfile profile; ///< of objects and assembly
};

/// Sets the data layout and the triple of the module's core as attributes, so
/// that conversions to the LLVM dialect and the translation agree on them.
/// Emits an error if the module names no known core.
mlir::LogicalResult setTargetLayout(mlir::ModuleOp module);

/// Generates code. `module` consists of the LLVM dialect; every symbol it
/// defines starts with `modelName`, and `<modelName>_invoke` is the only one
/// that is not internal. Objects keep LLVM's stack sizes (see ObjectInspector)
/// and unwind tables, which stripObject removes. Whatever LLVM reports becomes
/// an error at the function concerned, as do indirect and recursive calls:
/// without these, the stack has a bound.
mlir::FailureOr<EmittedCode> emitCode(mlir::ModuleOp module,
                                      llvm::StringRef modelName, CodeForm form,
                                      const TargetOptions &options);

/// Removes the sections of an ELF object that firmware has no use for: stack
/// sizes, unwind tables, the compiler's name. Emits errors on `module`.
mlir::FailureOr<llvm::SmallString<0>> stripObject(mlir::ModuleOp module,
                                                  llvm::StringRef object);

} // namespace thimble

#endif // THIMBLE_TARGET_OBJECTEMITTER_H
