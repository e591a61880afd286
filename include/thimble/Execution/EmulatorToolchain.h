//===- EmulatorToolchain.h - What it takes to emulate a core ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the emulator, the linker, the board of a core and the cycle counter.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_EMULATORTOOLCHAIN_H
#define THIMBLE_EXECUTION_EMULATORTOOLCHAIN_H

#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include <string>

namespace thimble {

/// Paths of everything that a run in the emulator needs.
struct EmulatorToolchain {
  std::string emulator;     ///< qemu-system-arm
  std::string linker;       ///< ld.lld
  std::string machine;      ///< the emulator's name of the board
  std::string linkerScript; ///< of the board
  std::string archive;      ///< start-up code and runner firmware
  std::string libgcc;       ///< the compiler runtime of the core
  std::string cycleCounter; ///< plugin; empty if not asked for

  /// Looks for the programs in PATH, and for the boards and the plugin in the
  /// folder `prefix`, which is that of an installation or of a build: boards in
  /// `share/thimble/boards/<cpu>`, the plugin in `lib/thimble`. Emits one error
  /// at `location` that says what is missing and how to get it.
  static mlir::FailureOr<EmulatorToolchain> find(mlir::Location location,
                                                 llvm::StringRef prefix,
                                                 llvm::StringRef cpu,
                                                 bool withCycleCounter);
};

} // namespace thimble

#endif // THIMBLE_EXECUTION_EMULATORTOOLCHAIN_H
