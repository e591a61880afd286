//===- Dialects.cpp - The dialects that the pipelines use -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver registers these and no more: every further dialect costs start-up
// time.
//
//===----------------------------------------------------------------------===//

#include "HostLowering.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVM.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/InitAll.h"

using namespace mlir;

void thimble::registerDialects(DialectRegistry &registry) {
  registry.insert<ThimbleDialect, arith::ArithDialect, cf::ControlFlowDialect,
                  DLTIDialect, func::FuncDialect, LLVM::LLVMDialect,
                  quant::QuantDialect, scf::SCFDialect>();
  registerHostLowering(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}
