//===- InternalSymbols.h - Functions and tables of layers -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How what a layer is made of looks to LLVM and to the linker.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_INTERNALSYMBOLS_H
#define THIMBLE_LIB_CODEGEN_INTERNALSYMBOLS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/LoopNest/StepSpec.h"

namespace thimble {

/// Marks a function as one that is called by symbol in the object only: local,
/// not inlined (layers are counted and sized by name), small code preferred
/// (LLVM would unroll loops that the nest has unrolled already).
void setInternalFunctionAttributes(mlir::func::FuncOp function);

/// Begins a function of the C ABI that takes `pointers` pointers.
mlir::func::FuncOp createEntry(mlir::OpBuilder &builder, mlir::Location loc,
                               const llvm::Twine &name, size_t pointers);

/// Emits `table` as the constant `<prefix>.<table.name>`; returns its symbol.
std::string emitConstantTable(mlir::OpBuilder &builder, mlir::Location loc,
                              llvm::StringRef prefix,
                              const ConstantTable &table);

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_INTERNALSYMBOLS_H
