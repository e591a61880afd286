//===- ObjectEmitter.cpp - From the LLVM dialect to machine code ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translation to LLVM IR with the attributes that the contract of an object
// asks for, and code generation with LLVM's messages at MLIR's locations.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/ObjectEmitter.h"
#include "CallGraphCheck.h"
#include "Machine.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace mlir;
using namespace thimble;

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

namespace {
/// Turns what LLVM reports into diagnostics at the function concerned.
class DiagnosticForwarder : public llvm::DiagnosticHandler {
public:
  DiagnosticForwarder(ModuleOp module, bool &hadError)
      : module(module), hadError(hadError) {}

  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    Location location = getLocation(info);
    switch (info.getSeverity()) {
    case llvm::DS_Error:
      hadError = true;
      emitError(location) << "code generation failed: " << text;
      break;
    case llvm::DS_Warning:
      emitWarning(location) << text;
      break;
    case llvm::DS_Remark:
    case llvm::DS_Note:
      break;
    }
    return true;
  }

private:
  Location getLocation(const llvm::DiagnosticInfo &info) {
    // Only the kinds derived from it know their function.
    if (info.getKind() == llvm::DK_Unsupported ||
        info.getKind() == llvm::DK_ResourceLimit ||
        info.getKind() == llvm::DK_StackSize) {
      auto &located =
          static_cast<const llvm::DiagnosticInfoWithLocationBase &>(info);
      return getFunctionLocation(module, located.getFunction().getName());
    }
    return module.getLoc();
  }

  ModuleOp module;
  bool &hadError;
};
} // namespace

//===----------------------------------------------------------------------===//
// Translation
//===----------------------------------------------------------------------===//

LogicalResult thimble::setTargetLayout(ModuleOp module) {
  FailureOr<TargetInfo> info = TargetInfo::get(module);
  if (failed(info))
    return failure();
  std::unique_ptr<llvm::TargetMachine> machine =
      createMachine(*info, OptLevel::O2);
  Builder builder(module.getContext());
  module->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(),
                  builder.getStringAttr(
                      machine->createDataLayout().getStringRepresentation()));
  module->setAttr(LLVM::LLVMDialect::getTargetTripleAttrName(),
                  builder.getStringAttr(info->triple));
  return success();
}

static std::unique_ptr<llvm::Module>
translate(ModuleOp module, StringRef modelName, llvm::LLVMContext &context) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  std::unique_ptr<llvm::Module> translated =
      translateModuleToLLVMIR(module, context, modelName);
  if (translated) {
    translated->setModuleIdentifier(modelName);
    translated->setSourceFileName(modelName);
  }
  return translated;
}

/// Attributes that hold for every function of every model.
static void setFunctionAttributes(llvm::Module &module, OptLevel level) {
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr(llvm::Attribute::NoUnwind);
    // Not minsize: it makes these loops larger, by 5 % on Armv7-M.
    if (level == OptLevel::Os)
      function.addFnAttr(llvm::Attribute::OptimizeForSize);
    // A profiler sees a layer end where it returns to the entry point.
    if (!function.hasLocalLinkage())
      function.addFnAttr("disable-tail-calls", "true");
  }
}

/// The optimizer names what it makes after its passes and then the function
/// that it is for, as `switch.table.<model>.<id>`. In an object every symbol
/// and so every section is the model's, and the function comes first.
static void prefixSymbols(llvm::Module &module, StringRef modelName) {
  for (llvm::GlobalValue &value : module.global_values()) {
    StringRef name = value.getName();
    if (value.isDeclaration() || name.starts_with(modelName))
      continue;
    assert(value.hasLocalLinkage() && "only the entry point is external");
    auto [purpose, user] = name.split(("." + modelName + ".").str());
    std::string prefixed = modelName.str() + ".";
    if (!user.empty())
      prefixed += user.str() + ".";
    value.setName(prefixed + purpose.ltrim('.'));
    value.setLinkage(llvm::GlobalValue::InternalLinkage);
  }
}

/// GNU ld refuses to link an object without this attribute (Arm IHI 0045,
/// Tag_ABI_VFP_args = 3, "compatible with both") into hard-float firmware.
static void markFloatABICompatible(llvm::Module &module) {
  module.appendModuleInlineAsm(".eabi_attribute 28, 3");
}

/// LLVM's stack sizes leave out the gap that realigning SP may open.
static llvm::StringMap<uint64_t> getRealignmentBytes(const llvm::Module &module,
                                                     const TargetInfo &info) {
  const uint64_t stackAlignment = info.isHost ? 16 : 8;
  llvm::StringMap<uint64_t> bytes;
  for (const llvm::Function &function : module)
    for (const llvm::BasicBlock &block : function)
      for (const llvm::Instruction &instruction : block)
        if (auto *alloca = dyn_cast<llvm::AllocaInst>(&instruction)) {
          uint64_t alignment = alloca->getAlign().value();
          if (alignment > stackAlignment) {
            uint64_t &gap = bytes[function.getName()];
            gap = std::max(gap, alignment - stackAlignment);
          }
        }
  return bytes;
}

//===----------------------------------------------------------------------===//
// Emission
//===----------------------------------------------------------------------===//

FailureOr<EmittedCode> thimble::emitCode(ModuleOp module, StringRef modelName,
                                         CodeForm form,
                                         const TargetOptions &options) {
  FailureOr<TargetInfo> info = TargetInfo::get(module);
  if (failed(info) || failed(setTargetLayout(module)))
    return failure();
  llvm::LLVMContext context;
  bool hadError = false;
  context.setDiagnosticHandler(
      std::make_unique<DiagnosticForwarder>(module, hadError));
  std::unique_ptr<llvm::Module> translated =
      translate(module, modelName, context);
  if (!translated)
    return failure(); // the translation emitted why
  setFunctionAttributes(*translated, options.optLevel);
  if (!info->isHost)
    markFloatABICompatible(*translated);

  std::unique_ptr<llvm::TargetMachine> machine =
      createMachine(*info, options.optLevel, options.forThisMachine);
  optimizeModule(*translated, *machine, options.optLevel);
  prefixSymbols(*translated, modelName);
  if (failed(checkCallGraph(*translated, module)))
    return failure();

  EmittedCode code;
  code.realignmentBytes = getRealignmentBytes(*translated, *info);
  llvm::raw_svector_ostream stream(code.bytes);
  if (form == CodeForm::llvmIR)
    translated->print(stream, nullptr);
  else
    generateCode(*translated, *machine,
                 form == CodeForm::object ? llvm::CodeGenFileType::ObjectFile
                                          : llvm::CodeGenFileType::AssemblyFile,
                 stream, code.profile);
  if (hadError)
    return failure();
  return code;
}
