//===- CodeProfile.h - How often generated code runs ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What LLVM's code generator knows about the frequencies of the blocks it
// emits. They follow from the branch weights of the module, which
// thimble-annotate-trip-counts writes; where there is none, from heuristics.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_CODEPROFILE_H
#define THIMBLE_TARGET_CODEPROFILE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include <cstdint>
#include <optional>
#include <string>

namespace thimble {

/// A call in a block. `bytes` is the length argument of a memory function if
/// it is a constant.
struct ProfiledCall {
  std::string callee;
  std::optional<uint64_t> bytes;
};

/// A basic block of the machine code.
struct ProfiledBlock {
  /// Executions per call of the function.
  double frequency = 0;
  /// For each conditional branch, how often it is taken per execution.
  llvm::SmallVector<double, 2> taken;
  llvm::SmallVector<ProfiledCall, 1> calls;
};

/// The attribute of functions whose loops run differently often in different
/// calls; branch weights then hold the average.
inline constexpr llvm::StringLiteral tripCountsVaryAttrName =
    "thimble-trip-counts-vary";

struct ProfiledFunction {
  llvm::SmallVector<ProfiledBlock, 0> blocks; ///< by address
  bool tripCountsVary = false;
};
using CodeProfile = llvm::StringMap<ProfiledFunction>;

} // namespace thimble

#endif // THIMBLE_TARGET_CODEPROFILE_H
