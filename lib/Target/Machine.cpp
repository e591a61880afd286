//===- Machine.cpp - LLVM's code generator for a core ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sets up LLVM's target machine, optimizer and code generator. Floating point
// is never contracted nor reordered, and nothing but memcpy, memmove and
// memset is assumed of a C library.
//
//===----------------------------------------------------------------------===//

#include "Machine.h"
#include "BlockFrequencies.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/Analysis/RuntimeLibcallInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/CodeGen/CodeGenTargetMachineImpl.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace thimble;

/// Registers the parts of the back ends that print and parse assembly; looking
/// a core up registered the rest.
static void initializePrinters() {
  static const bool done = [] {
    LLVMInitializeARMAsmPrinter();
    LLVMInitializeARMAsmParser();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)done;
}

/// Turns off LLVM 22's MVE gathers and scatters: MVEGatherScatterLowering drops
/// the exit of some loops that use them (test/EndToEnd/Models/mean_int8 on a
/// core with MVE never returned). It is a command line option only.
static void disableGathers() {
  static const bool done = [] {
    auto &options = llvm::cl::getRegisteredOptions();
    auto found = options.find("enable-arm-maskedgatscat");
    if (found != options.end())
      static_cast<llvm::cl::opt<bool> *>(found->second)->setValue(false);
    return true;
  }();
  (void)done;
}

std::unique_ptr<llvm::TargetMachine>
thimble::createMachine(const TargetInfo &info, OptLevel level,
                       bool forThisMachine) {
  initializePrinters();
  disableGathers();
  llvm::TargetOptions options;
  // A fused multiply-add rounds once where the definition rounds twice.
  options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  // No function passes a float in registers, so that one object fits firmware
  // of any float ABI; instructions on floats are the core's own all the same.
  options.FloatABIType = llvm::FloatABI::Soft;
  options.FunctionSections = true;
  options.DataSections = true;
  options.EmitStackSizeSection = true;
  // Vectors of floats flush subnormals on MVE; integer vectors stay.
  std::string features = info.hasMVE ? "-mve.fp" : "";
  llvm::Triple triple(info.triple);
  std::string ignored;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, ignored);
  assert(target && "looking the core up registered its back end");
  // The host's object is for any machine of its architecture, so that it looks
  // the same wherever it was compiled; unless it never leaves the process.
  llvm::StringRef cpu = info.cpu;
  if (info.isHost)
    cpu = forThisMachine ? llvm::sys::getHostCPUName() : "generic";
  if (info.isHost && forThisMachine) {
    llvm::SubtargetFeatures found;
    for (const auto &[name, isThere] : llvm::sys::getHostCPUFeatures())
      found.AddFeature(name, isThere);
    features = found.getString();
  }
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, cpu, features, options,
      info.isHost ? llvm::Reloc::PIC_ : llvm::Reloc::Static, std::nullopt,
      level == OptLevel::O3 ? llvm::CodeGenOptLevel::Aggressive
                            : llvm::CodeGenOptLevel::Default));
}

/// The only functions that the optimizer may call on its own.
static llvm::TargetLibraryInfoImpl getLibraryFunctions(const llvm::Triple &t) {
  llvm::TargetLibraryInfoImpl functions(t);
  functions.disableAllFunctions();
  functions.setAvailable(llvm::LibFunc_memcpy);
  functions.setAvailable(llvm::LibFunc_memmove);
  functions.setAvailable(llvm::LibFunc_memset);
  return functions;
}

static llvm::OptimizationLevel getLLVMLevel(OptLevel level) {
  switch (level) {
  case OptLevel::O0:
  case OptLevel::O2:
    return llvm::OptimizationLevel::O2;
  case OptLevel::O3:
    return llvm::OptimizationLevel::O3;
  case OptLevel::Os:
    return llvm::OptimizationLevel::Os;
  }
  llvm_unreachable("covered switch");
}

void thimble::optimizeModule(llvm::Module &module, llvm::TargetMachine &machine,
                             OptLevel level) {
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  tuning.SLPVectorization = true;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, tuning);
  functions.registerPass([&] {
    return llvm::TargetLibraryAnalysis(
        getLibraryFunctions(machine.getTargetTriple()));
  });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(getLLVMLevel(level))
      .run(module, modules);
}

void thimble::generateCode(llvm::Module &module, llvm::TargetMachine &machine,
                           llvm::CodeGenFileType type,
                           llvm::raw_pwrite_stream &stream,
                           CodeProfile &profile) {
  machine.Options.BBAddrMap = type == llvm::CodeGenFileType::ObjectFile;
  auto &generator = static_cast<llvm::CodeGenTargetMachineImpl &>(machine);
  llvm::legacy::PassManager passes;
  passes.add(new llvm::TargetLibraryInfoWrapperPass(
      getLibraryFunctions(machine.getTargetTriple())));
  // As addPassesToEmitFile does, but with a pass before the last one.
  auto *info = new llvm::MachineModuleInfoWrapperPass(&machine);
  llvm::TargetPassConfig *config = generator.createPassConfig(passes);
  config->setDisableVerify(true);
  passes.add(config);
  passes.add(info);
  const llvm::TargetOptions &options = machine.Options;
  passes.add(new llvm::RuntimeLibraryInfoWrapper(
      machine.getTargetTriple(), options.ExceptionModel, options.FloatABIType,
      options.EABIVersion, options.MCOptions.ABIName, options.VecLib));
  bool unsupported = config->addISelPasses();
  config->addMachinePasses();
  config->setInitialized();
  passes.add(createBlockFrequencyRecorder(profile));
  unsupported |= generator.addAsmPrinter(passes, stream, nullptr, type,
                                         info->getMMI().getContext());
  passes.add(llvm::createFreeMachineFunctionPass());
  assert(!unsupported && "both back ends emit assembly and objects");
  (void)unsupported;
  passes.run(module);
}
