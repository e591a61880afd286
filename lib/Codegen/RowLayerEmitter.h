//===- RowLayerEmitter.h - Functions of a layer in a stream -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layer's function computes one row, found and written in line buffers.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_ROWLAYEREMITTER_H
#define THIMBLE_LIB_CODEGEN_ROWLAYEREMITTER_H

#include "LayerEmitter.h"
#include "StreamSchedule.h"

namespace thimble {

/// The number of row `row`'s place in a ring of `rows` (0: the whole tensor, of
/// `count` rows). Divides on no core.
mlir::Value buildRingSlot(StepBuilder &b, mlir::Value row, int64_t rows,
                          int64_t count);

/// `<model>.<id>(regions..., row, arguments...)` runs the step `row`; see
/// RowLayerUse for the arguments.
class RowLayerEmitter : public LayerEmitter {
public:
  RowLayerEmitter(mlir::OpBuilder &builder, KernelOp op, const Kernel &kernel,
                  const TargetInfo &target, llvm::StringRef model,
                  RowLayerUse use);

  mlir::LogicalResult verify() override;
  /// Emits `<model>.<id>.hold(regions..., row)`, which copies the newest row to
  /// its place; once, then returns the same function.
  mlir::func::FuncOp getHold();
  /// The region that it takes.
  mlir::StringAttr getHoldRegion();

private:
  llvm::SmallVector<mlir::Type> argumentTypes(StepBuilder &b) override;
  mlir::func::FuncOp emitStep() override;
  void emitBody(StepBuilder &b, mlir::func::FuncOp layer,
                mlir::func::FuncOp step) override;

  bool absorbs() { return op.getRowStep()->getAbsorbs(); }
  mlir::func::FuncOp emitSumFunction(const llvm::Twine &name, bool isEnd);
  void emitAbsorb(StepBuilder &b, mlir::func::FuncOp step, Value row);
  /// Runs `body` in the step `number` only.
  void onlyIn(StepBuilder &b, Value row, int64_t number,
              llvm::function_ref<void()> body);
  void decodeOnce(StepBuilder &b, Value row);
  void fillPadding(StepBuilder &b, Value row);
  /// The address of row `row` of a line: its place, or the newest one.
  Value place(StepBuilder &b, PlacementAttr placement, Value row,
              int64_t rowBytes, int64_t count);
  Value newest(StepBuilder &b, PlacementAttr placement);
  Value outputRow(StepBuilder &b, Value row);
  /// The row pointer (or the array of them) of an operand.
  Value lineRows(StepBuilder &b, unsigned operand, Value row);

  RowLayerUse use;
  StepScratch stepScratch;
  KeptLayout keptLayout;
  mlir::func::FuncOp hold, end;
  mlir::ValueRange arguments; ///< of the layer function
  Value keptBase;
  // Arguments that the use leaves open.
  Value inPlace;
  llvm::SmallVector<Value, 2> newestIndex; ///< per operand, null if known
};

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_ROWLAYEREMITTER_H
