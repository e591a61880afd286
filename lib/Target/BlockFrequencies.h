//===- BlockFrequencies.h - Records frequencies of blocks -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pass of LLVM's code generator; used inside this library only.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_TARGET_BLOCKFREQUENCIES_H
#define THIMBLE_LIB_TARGET_BLOCKFREQUENCIES_H

#include "thimble/Target/CodeProfile.h"

namespace llvm {
class Pass;
} // namespace llvm

namespace thimble {

/// To be run when no pass changes the code any more. `profile` has to live as
/// long as the pass.
llvm::Pass *createBlockFrequencyRecorder(CodeProfile &profile);

} // namespace thimble

#endif // THIMBLE_LIB_TARGET_BLOCKFREQUENCIES_H
