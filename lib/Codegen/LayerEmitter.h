//===- LayerEmitter.h - Functions and tables of one layer -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a planned thimble.kernel to its layer function, its step function and
// its constant tables.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_LAYEREMITTER_H
#define THIMBLE_LIB_CODEGEN_LAYEREMITTER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// Marks a function as one that is called by symbol in the object only: local,
/// not inlined (layers are counted and sized by name), small code preferred
/// (LLVM would unroll loops that the nest has unrolled already).
void setInternalFunctionAttributes(mlir::func::FuncOp function);

class LayerEmitter {
public:
  LayerEmitter(mlir::OpBuilder &builder, KernelOp op, const Kernel &kernel,
               const TargetInfo &target, llvm::StringRef model);

  /// The memory regions whose addresses the layer function takes, in order.
  llvm::ArrayRef<mlir::StringAttr> getRegions() const { return regions; }
  int64_t getSteps() const { return spec.steps; }

  /// True if the result is where the input was and nothing is to be done.
  bool isElided();
  /// Emits tables, step function and layer function at the builder's point.
  mlir::func::FuncOp emit();

private:
  using Value = mlir::Value;

  PlacementAttr inputPlacement(unsigned operand);
  void useRegion(PlacementAttr placement);
  Value address(StepBuilder &b, PlacementAttr placement,
                mlir::ValueRange arguments) const;
  void emitTables();
  mlir::func::FuncOp emitStep();
  void emitBody(StepBuilder &b, mlir::func::FuncOp layer,
                mlir::func::FuncOp step);
  void callJoined(StepBuilder &b, mlir::func::FuncOp step, Value first,
                  Value last);
  void callStep(StepBuilder &b, mlir::func::FuncOp step, Value index);
  /// The row pointer (or the array of them) of an operand for one step.
  Value windowRows(StepBuilder &b, unsigned operand, Value step);
  void call(StepBuilder &b, mlir::func::FuncOp step, llvm::ArrayRef<Value> rows,
            Value output, Value pixels);

  mlir::OpBuilder &builder;
  KernelOp op;
  const Kernel &kernel;
  const TargetInfo &target;
  std::string prefix; ///< <model>.<id>
  StepSpec spec;
  LayerScratch scratch;
  llvm::SmallVector<mlir::StringAttr> regions;
  llvm::SmallVector<std::string> tableSymbols;
  // Addresses in the layer function.
  llvm::SmallVector<Value> inputs;
  Value output, scratchBase, paddingRow;
  llvm::SmallVector<Value> tables;
};

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_LAYEREMITTER_H
