//===- RunOptions.h - The command line of thimble-run -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What thimble-run understands beyond what it shares with thimblec.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TOOLS_THIMBLE_RUN_RUNOPTIONS_H
#define THIMBLE_TOOLS_THIMBLE_RUN_RUNOPTIONS_H

#include "mlir/IR/Location.h"
#include "thimble/Driver/Compilation.h"
#include "thimble/Execution/Comparison.h"

namespace thimble {

struct RunOptions {
  CompilationOptions compilation; ///< cpu is `host` if none was given
  llvm::SmallVector<std::string> inputs, outputs, expected;
  std::string dumpFolder;
  bool compareLayers = false;
  FloatRule floatRule = FloatRule::tolerance;
  bool profile = false;
  std::string profileFile; ///< empty: a table on the terminal
  bool measureStack = false;
  unsigned timeoutSeconds = 0;
  std::string prefix; ///< folder of the installation or the build

  bool isHost() const { return compilation.cpu == "host"; }
};

/// Registers the options.
void registerRunOptions();

/// What was parsed. Emits an error at `location` for options that contradict
/// each other. `program` is argv[0].
mlir::FailureOr<RunOptions> getRunOptions(mlir::MLIRContext &context,
                                          const char *program);

} // namespace thimble

#endif // THIMBLE_TOOLS_THIMBLE_RUN_RUNOPTIONS_H
