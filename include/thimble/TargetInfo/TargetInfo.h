//===- TargetInfo.h - What code generation asks of a core -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The properties of the core that is compiled for, taken from LLVM's own CPU
// tables. Everything above asks these properties and never a core's name.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGETINFO_TARGETINFO_H
#define THIMBLE_TARGETINFO_TARGETINFO_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace mlir {
class ModuleOp;
class Operation;
} // namespace mlir

namespace thimble {

/// The core that a module is compiled for.
struct TargetInfo {
  /// Name of the module attribute that holds the core's name.
  static constexpr llvm::StringLiteral cpuAttrName = "thimble.cpu";
  /// The name of the machine that the compiler itself runs on.
  static constexpr llvm::StringLiteral hostName = "host";

  std::string cpu;    ///< as LLVM names it, or `host`
  std::string triple; ///< normalized, as `thumbv7em-unknown-none-eabi`
  bool isHost = false;
  unsigned pointerBytes = 4;
  /// Has only the 16-bit Thumb instructions: no 32x32->64 multiply, no
  /// immediate offsets on signed byte loads, eight usable registers.
  bool thumb1Only = false;
  bool hasDSP = false;       ///< SMLAD and its kin
  bool hasMVE = false;       ///< integer vectors (Helium)
  bool hasHardFloat = false; ///< single-precision instructions

  /// Looks `cpu` up in LLVM's tables. Fails on names that are neither `host`
  /// nor a Cortex-M (M-profile) core; `error` then says what was found and
  /// which names there are.
  static mlir::FailureOr<TargetInfo> lookup(llvm::StringRef cpu,
                                            std::string &error);

  /// The target of the module around `op`; emits an error on the module when
  /// it names none or an unknown one.
  static mlir::FailureOr<TargetInfo> get(mlir::Operation *op);
};

} // namespace thimble

#endif // THIMBLE_TARGETINFO_TARGETINFO_H
