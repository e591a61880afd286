//===- StreamEmitter.h - The function that runs a stream --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a planned thimble.stream to the functions of its layers and the one that
// calls them, row by row.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_STREAMEMITTER_H
#define THIMBLE_LIB_CODEGEN_STREAMEMITTER_H

#include "RowLayerEmitter.h"

namespace thimble {

class StreamEmitter {
public:
  /// `name` is that of the stream's function.
  StreamEmitter(mlir::OpBuilder &builder, StreamOp op, const TargetInfo &target,
                llvm::StringRef model, llvm::StringRef name);

  /// Emits functions and tables at the builder's point. Without a fed input:
  /// `<name>(regions...)` runs the whole stream. With one:
  /// `<name>(regions..., row)` goes on until the next row is needed; the row is
  /// copied where it is wanted, null if there is none. The state, 0 before the
  /// first call, is in the arena.
  mlir::FailureOr<mlir::func::FuncOp> emit();
  /// The memory regions whose addresses the function takes, in order.
  llvm::ArrayRef<mlir::StringAttr> getRegions() const { return regions; }

private:
  using Value = mlir::Value;

  /// A layer's functions, and how they are called.
  struct Layer {
    mlir::func::FuncOp step, hold;
    llvm::SmallVector<mlir::StringAttr> regions;
    mlir::StringAttr holdRegion;
    int64_t wholeSteps = 0; ///< of a kernel that runs as a whole
  };
  /// Rows of each source when a piece of the sequence begins.
  using Rows = llvm::SmallVector<Value>;

  mlir::LogicalResult emitLayers();
  mlir::LogicalResult emitLayer(KernelOp op, size_t number);
  void addRegion(mlir::StringAttr region);
  Value region(mlir::StringAttr name);
  size_t lineOf(const RowCall &call) const;
  /// How many rows of each source a piece of the sequence makes.
  llvm::SmallVector<int64_t> countRows(llvm::ArrayRef<int32_t> piece) const;
  void emitCall(StepBuilder &b, const RowCall &call, Value row);

  // Nested loops.
  size_t countSites(llvm::ArrayRef<int32_t> piece) const;
  void emitPiece(StepBuilder &b, llvm::ArrayRef<int32_t> piece, Rows &rows);

  // A loop over a table.
  std::vector<uint8_t> encode();
  /// Where the loop is: addresses of the next event, of the end and the begin
  /// of its run, the run's repetitions left, and a count of events or, where a
  /// row is fed, that row until it is taken.
  llvm::SmallVector<Value> loadPosition(StepBuilder &b, Value order);
  void storePosition(StepBuilder &b, Value order, mlir::ValueRange position);
  void emitTableLoop(StepBuilder &b, llvm::StringRef symbol);
  void emitAdvance(StepBuilder &b, mlir::ValueRange position,
                   mlir::Block *dispatch);
  void emitDispatch(StepBuilder &b, Value event, mlir::Block *end,
                    llvm::ArrayRef<mlir::Block *> cases);
  void emitCase(StepBuilder &b, const RowCall &call, mlir::Block *latch,
                mlir::Block *exit, Value fedRow);
  Value counter(StepBuilder &b, const RowCall &call);
  void copyFedRow(StepBuilder &b, const RowCall &call, Value number,
                  Value fedRow);
  mlir::Block *addBlock(mlir::TypeRange types = {});

  mlir::OpBuilder &builder;
  StreamOp op;
  const TargetInfo &target;
  llvm::StringRef model;
  std::string name;
  StreamSchedule schedule;
  std::vector<uint8_t> table; ///< the order as runs
  llvm::SmallVector<KernelOp> kernels;
  std::vector<Layer> layers;
  llvm::SmallVector<mlir::StringAttr> regions;
  mlir::func::FuncOp function;
  Value state; ///< position and counters
};

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_STREAMEMITTER_H
