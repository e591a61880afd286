//===- Machine.h - LLVM's code generator for a core -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How LLVM is set up for the cores; used inside this library only.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_TARGET_MACHINE_H
#define THIMBLE_LIB_TARGET_MACHINE_H

#include "thimble/Target/CodeProfile.h"
#include "thimble/Target/TargetOptions.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>

namespace llvm {
class Module;
} // namespace llvm

namespace thimble {
struct TargetInfo;

/// The code generator for a core that TargetInfo::lookup found; of the host,
/// for any machine of its architecture or for this one (TargetOptions.h).
std::unique_ptr<llvm::TargetMachine> createMachine(const TargetInfo &info,
                                                   OptLevel level,
                                                   bool forThisMachine = false);

/// Runs LLVM's optimizer over `module`.
void optimizeModule(llvm::Module &module, llvm::TargetMachine &machine,
                    OptLevel level);

/// Runs the code generator over `module`; what it reports goes to the module's
/// context. Objects tell where their blocks are (.llvm_bb_addr_map), and
/// `profile` how often these run.
void generateCode(llvm::Module &module, llvm::TargetMachine &machine,
                  llvm::CodeGenFileType type, llvm::raw_pwrite_stream &stream,
                  CodeProfile &profile);

} // namespace thimble

#endif // THIMBLE_LIB_TARGET_MACHINE_H
