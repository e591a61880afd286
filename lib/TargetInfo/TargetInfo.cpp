//===- TargetInfo.cpp - What code generation asks of a core ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the properties of a core from LLVM's Arm tables.
//
//===----------------------------------------------------------------------===//

#include "thimble/TargetInfo/TargetInfo.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/ARMTargetParser.h"
#include "llvm/TargetParser/Host.h"

using namespace mlir;
using namespace thimble;
namespace ARM = llvm::ARM;

/// Registers LLVM's Arm and host back ends once in the process.
static void initializeTargets() {
  static const bool done = [] {
    LLVMInitializeARMTargetInfo();
    LLVMInitializeARMTarget();
    LLVMInitializeARMTargetMC();
    llvm::InitializeNativeTarget();
    return true;
  }();
  (void)done;
}

static bool isMicrocontroller(ARM::ArchKind arch) {
  return arch != ARM::ArchKind::INVALID &&
         ARM::parseArchProfile(ARM::getArchName(arch)) == ARM::ProfileKind::M;
}

static std::string unknownCpu(llvm::StringRef cpu) {
  llvm::SmallVector<llvm::StringRef> all, known;
  ARM::fillValidCPUArchList(all);
  for (llvm::StringRef name : all)
    if (name.starts_with("cortex-m") &&
        isMicrocontroller(ARM::parseCPUArch(name)))
      known.push_back(name);
  return "unknown core '" + cpu.str() + "': expected 'host' or one of " +
         llvm::join(known, ", ");
}

FailureOr<TargetInfo> TargetInfo::lookup(llvm::StringRef cpu,
                                         std::string &error) {
  initializeTargets();
  TargetInfo info;
  info.cpu = cpu.str();
  if (cpu == hostName) {
    info.isHost = true;
    info.triple = llvm::sys::getProcessTriple();
    info.pointerBytes = sizeof(void *);
    info.hasHardFloat = true;
    return info;
  }
  ARM::ArchKind arch = ARM::parseCPUArch(cpu);
  if (!isMicrocontroller(arch)) {
    error = unknownCpu(cpu);
    return failure();
  }
  // Unless it is normalized, library calls are not the __aeabi_* ones.
  info.triple = llvm::Triple::normalize(
      ("thumb" + ARM::getSubArch(arch) + "-unknown-none-eabi").str());
  llvm::Triple triple(info.triple);
  std::string ignored;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, ignored);
  assert(target && "the Arm back end was registered above");
  std::unique_ptr<llvm::MCSubtargetInfo> features(
      target->createMCSubtargetInfo(triple, cpu, ""));
  info.thumb1Only = !features->checkFeatures("+thumb2");
  info.hasDSP = features->checkFeatures("+dsp");
  info.hasMVE = features->checkFeatures("+mve");
  info.hasHardFloat = features->checkFeatures("+vfp2sp");
  return info;
}

FailureOr<TargetInfo> TargetInfo::get(Operation *op) {
  auto module =
      isa<ModuleOp>(op) ? cast<ModuleOp>(op) : op->getParentOfType<ModuleOp>();
  auto cpu = module->getAttrOfType<StringAttr>(cpuAttrName);
  if (!cpu) {
    module.emitError("expected the attribute '")
        << cpuAttrName << "', a core's name; run thimble-set-target first";
    return failure();
  }
  std::string error;
  FailureOr<TargetInfo> info = lookup(cpu, error);
  if (failed(info))
    module.emitError(error);
  return info;
}
