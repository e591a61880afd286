//===- StackBound.h - How much stack a model may need -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The deepest path through the calls of an emitted object: frames as LLVM laid
// them out, plus an allowance for each function outside the object. Frames of
// exceptions are the application's.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_STACKBOUND_H
#define THIMBLE_TARGET_STACKBOUND_H

#include "thimble/Target/ObjectInspector.h"
#include "llvm/ADT/StringMap.h"

namespace thimble {
struct TargetInfo;

/// Stack in bytes of each function of an object and all that it calls.
struct StackBounds {
  llvm::SmallVector<uint64_t, 0> bytes; ///< by index of the function
  /// The callee on the deepest path, of this object or outside; empty at the
  /// end of the path.
  llvm::SmallVector<std::string, 0> deepestCallee;
};

/// The stack that the function `name` of the compiler runtime or of the C
/// library may use; absent for a function that no object of a core may call.
std::optional<uint64_t> getRuntimeStackBytes(llvm::StringRef name);

/// Bounds the stack of every function. `realignmentBytes` is that of
/// EmittedCode. Emits an error at a function that is recursive, has a frame
/// without a fixed size, or calls what an object of a core may not call. On the
/// host, whose library is not known, the bound is an estimate.
mlir::FailureOr<StackBounds>
computeStackBounds(mlir::ModuleOp module, const TargetInfo &target,
                   const ObjectContents &contents,
                   const llvm::StringMap<uint64_t> &realignmentBytes);

} // namespace thimble

#endif // THIMBLE_TARGET_STACKBOUND_H
