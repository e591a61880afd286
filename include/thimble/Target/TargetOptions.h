//===- TargetOptions.h - How an object is emitted ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the user chooses about code generation, and the limits that the result
// has to keep.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_TARGETOPTIONS_H
#define THIMBLE_TARGET_TARGETOPTIONS_H

#include <cstdint>
#include <optional>

namespace thimble {

/// The driver's -O levels. LLVM itself always optimizes: O0 is about the
/// model's graph and kernels, and its code is what O2 makes of them.
enum class OptLevel { O0, O2, O3, Os };

/// Limits in bytes; an absent one is not checked.
struct Budgets {
  std::optional<uint64_t> maxFlash; ///< .text plus .rodata of the object
  std::optional<uint64_t> maxRam;   ///< the arena
  std::optional<uint64_t> maxStack; ///< the bound of `<model>_invoke`
};

struct TargetOptions {
  OptLevel optLevel = OptLevel::O2;
  Budgets budgets;
  /// Code for the very machine that compiles, if it is compiled for the host:
  /// the same numbers sooner, in an object for nobody else.
  bool forThisMachine = false;
};

} // namespace thimble

#endif // THIMBLE_TARGET_TARGETOPTIONS_H
