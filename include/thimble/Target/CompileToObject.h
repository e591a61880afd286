//===- CompileToObject.h - From lowered module to object --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The last step of the compiler as one call:
//
//   FailureOr<CompiledModel> kws = compileToObject(module, info, options);
//   if (failed(kws) || failed(writeFiles(location,
//                                        {{"kws.o", kws->object},
//                                         {"kws.h", kws->header}})))
//     return failure();
//   writeTable(kws->report, llvm::outs());
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_COMPILETOOBJECT_H
#define THIMBLE_TARGET_COMPILETOOBJECT_H

#include "thimble/Target/ModelInfo.h"
#include "thimble/Target/Report.h"
#include "thimble/Target/TargetOptions.h"
#include "llvm/ADT/SmallString.h"

namespace thimble {

/// Everything that is written for firmware and for people.
struct CompiledModel {
  llvm::SmallString<0> object; ///< ELF, relocatable
  std::string header;          ///< C99 and C++
  Report report;
};

/// Generates the object of `module`, which is in the LLVM dialect and names its
/// core by `thimble.cpu`:
///   `@<model>_invoke`    external, calls the layers in order
///   `@<model>.<id>`      internal, noinline: the function of a layer
///   `@<model>.<id>.*`    internal globals: its constants
///   `@<model>.*`         internal: kernels and helpers
/// Emits an error at the layer concerned if the object breaks what section 6 of
/// the design promises, or one for every budget that it exceeds.
mlir::FailureOr<CompiledModel> compileToObject(mlir::ModuleOp module,
                                               const ModelInfo &model,
                                               const TargetOptions &options);

} // namespace thimble

#endif // THIMBLE_TARGET_COMPILETOOBJECT_H
