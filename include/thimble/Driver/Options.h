//===- Options.h - The command line of the tools ----------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same options with the same words in thimblec and thimble-run.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DRIVER_OPTIONS_H
#define THIMBLE_DRIVER_OPTIONS_H

#include "mlir/IR/Diagnostics.h"
#include "thimble/Driver/Compilation.h"

namespace thimble {

/// What thimblec prints or writes.
enum class EmitKind {
  Graph,
  Compressed,
  Kernel,
  Planned,
  LLVM,
  Assembly,
  Object
};

struct OutputOptions {
  EmitKind kind = EmitKind::Object;
  std::string output; ///< path; empty: the model's name with .o, - for stdout
  std::vector<std::string> reports; ///< paths, .json
  bool quiet = false;               ///< no table on the terminal
};

/// Registers --mcpu, -O, --name, --max-*, --io, --preserve-tensors and the
/// input.
void registerCompilationOptions();
/// Registers --emit, -o, --report, --quiet.
void registerOutputOptions();
/// Parses the command line; prints and exits as LLVM's tools do.
void parseOptions(int argc, char **argv, llvm::StringRef overview);
/// What was parsed.
CompilationOptions getCompilationOptions();
OutputOptions getOutputOptions();

/// Turns remarks of the categories that the regular expression matches into
/// diagnostics of severity remark.
void enableRemarks(mlir::MLIRContext &context, llvm::StringRef categories);

/// Prints diagnostics to the terminal as `file: error: message` with notes,
/// and remarks as --remarks asks for.
class DiagnosticPrinter {
public:
  explicit DiagnosticPrinter(mlir::MLIRContext &context);
  ~DiagnosticPrinter();

private:
  mlir::MLIRContext &context;
  mlir::DiagnosticEngine::HandlerID handler;
};

} // namespace thimble

#endif // THIMBLE_DRIVER_OPTIONS_H
