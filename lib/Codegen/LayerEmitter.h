//===- LayerEmitter.h - Functions and tables of one layer -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a planned thimble.kernel to its layer function, its step function and
// its constant tables.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_LAYEREMITTER_H
#define THIMBLE_LIB_CODEGEN_LAYEREMITTER_H

#include "TileDecoder.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// The kernel that computes a layer. Emits an error and returns null unless it
/// is selected and its results are placed.
const Kernel *findPlannedKernel(KernelOp op);

class LayerEmitter {
public:
  LayerEmitter(mlir::OpBuilder &builder, KernelOp op, const Kernel &kernel,
               const TargetInfo &target, llvm::StringRef model);
  virtual ~LayerEmitter();

  /// The memory regions whose addresses the layer function takes, in order.
  llvm::ArrayRef<mlir::StringAttr> getRegions() const { return regions; }
  int64_t getSteps() const { return spec.steps; }

  /// True if the result is where the input was and nothing is to be done.
  bool isElided();
  /// Emits an error if the weights are decoded in tiles that the kernel cannot
  /// compute.
  virtual mlir::LogicalResult verify();
  /// Emits tables, step function and layer function at the builder's point.
  mlir::func::FuncOp emit();

protected:
  using Value = mlir::Value;

  PlacementAttr inputPlacement(unsigned operand);
  void useRegion(PlacementAttr placement);
  Value address(StepBuilder &b, PlacementAttr placement,
                mlir::ValueRange arguments) const;
  /// What the layer function works on: all output channels, or a tile of them.
  struct Range {
    llvm::SmallVector<Value> inputs, tables;
    Value history; ///< rows of operand 0 from earlier calls, if it is delayed
    Value output, channels;
  };

  /// The types of the layer function's arguments behind the regions.
  virtual llvm::SmallVector<mlir::Type> argumentTypes(StepBuilder &b);
  void emitTables();
  virtual mlir::func::FuncOp emitStep();
  virtual void emitBody(StepBuilder &b, mlir::func::FuncOp layer,
                        mlir::func::FuncOp step);
  /// Moves the rows that the next call needs to where it looks for them.
  void emitDelay(StepBuilder &b, mlir::ValueRange arguments);
  /// An internal function below the layer's.
  mlir::func::FuncOp createFunction(const llvm::Twine &name,
                                    llvm::ArrayRef<mlir::Type> arguments);
  /// Addresses of the layer's tables; where weights are decoded, `tile`.
  llvm::SmallVector<Value> tableAddresses(StepBuilder &b, Value tile);
  /// The row steps `steps[0]` to `steps[1]` for all channels, decoding weights.
  void emitRanges(StepBuilder &b, mlir::func::FuncOp step, const Range &all,
                  mlir::ValueRange steps);
  /// All row steps from `first` to `last` for a range of channels.
  void emitSteps(StepBuilder &b, mlir::func::FuncOp step, const Range &range,
                 Value first, Value last);
  /// The part of `all` from channel `first` on; `weights` are its weights.
  Range slice(StepBuilder &b, const Range &all, Value first, Value channels,
              Value weights);
  void callJoined(StepBuilder &b, mlir::func::FuncOp step, const Range &range,
                  Value first, Value last);
  void callStep(StepBuilder &b, mlir::func::FuncOp step, const Range &range,
                Value index);
  /// The row pointer (or the array of them) of an operand for one step.
  Value windowRows(StepBuilder &b, const Range &range, unsigned operand,
                   Value step);
  void call(StepBuilder &b, mlir::func::FuncOp step, const Range &range,
            llvm::ArrayRef<Value> rows, Value output, Value pixels);

  mlir::OpBuilder &builder;
  KernelOp op;
  const Kernel &kernel;
  const TargetInfo &target;
  std::string prefix; ///< <model>.<id>
  StepSpec spec;
  std::optional<WeightDecoding> decoding;
  DelayOp delay; ///< of operand 0, or null
  LayerScratch scratch;
  llvm::SmallVector<mlir::StringAttr> regions;
  llvm::SmallVector<std::string> tableSymbols;
  /// Its functions are emitted before the layer's.
  std::optional<TileDecoder> decoder;
  // Addresses in the layer function.
  Value scratchBase, paddingRow;
};

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_LAYEREMITTER_H
