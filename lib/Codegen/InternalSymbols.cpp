//===- InternalSymbols.cpp - Functions and tables of layers ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything but the entry point is local to the object.
//
//===----------------------------------------------------------------------===//

#include "InternalSymbols.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace thimble;

void thimble::setInternalFunctionAttributes(func::FuncOp function) {
  MLIRContext *context = function.getContext();
  Builder b(context);
  function.setPrivate();
  function->setAttr("llvm.linkage",
                    LLVM::LinkageAttr::get(context, LLVM::Linkage::Internal));
  function->setAttr(
      "passthrough",
      b.getArrayAttr({b.getStringAttr("noinline"), b.getStringAttr("nounwind"),
                      b.getStringAttr("optsize"),
                      b.getStrArrayAttr({"disable-tail-calls", "true"}),
                      b.getStringAttr("nooutline")}));
}

func::FuncOp thimble::createEntry(OpBuilder &builder, Location loc,
                                  const Twine &name, size_t pointers) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  SmallVector<Type> types(pointers, pointer);
  auto entry = func::FuncOp::create(builder, loc, name.str(),
                                    builder.getFunctionType(types, {}));
  entry.addEntryBlock();
  entry->setAttr("passthrough",
                 builder.getStrArrayAttr({"nounwind", "optsize"}));
  return entry;
}

std::string thimble::emitConstantTable(OpBuilder &builder, Location loc,
                                       StringRef prefix,
                                       const ConstantTable &table) {
  std::string symbol = (prefix + "." + table.name).str();
  int64_t size = table.bytes.size();
  auto value = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get({size}, builder.getI8Type()),
      ArrayRef<char>(reinterpret_cast<const char *>(table.bytes.data()), size));
  auto global = LLVM::GlobalOp::create(
      builder, loc, LLVM::LLVMArrayType::get(builder.getI8Type(), size),
      /*isConstant=*/true, LLVM::Linkage::Internal, symbol, value,
      table.alignment);
  global.setUnnamedAddr(LLVM::UnnamedAddr::Global);
  return symbol;
}
