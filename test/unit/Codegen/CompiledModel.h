//===- CompiledModel.h - A model compiled into the test ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Takes a model through the pipelines for the host and makes its functions
// callable: the whole model, a layer from one step to another, a single step.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_CODEGEN_COMPILEDMODEL_H
#define THIMBLE_TEST_UNIT_CODEGEN_COMPILEDMODEL_H

#include "OpModel.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/TargetInfo/TargetInfo.h"

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace thimble::test {

/// A tensor in the arena.
struct Slot {
  int64_t offset;
  int64_t bytes;
  int64_t elementBytes;
};

/// What the plan says about a layer.
struct LayerPlan {
  std::string id;
  std::string kernel;
  StepSpec spec;
  /// Where each activation of `spec.operands` is, and the result.
  llvm::SmallVector<Slot> operands;
  Slot result;
  bool decodesWeights = false;
};

class CompiledModel {
public:
  /// Compiles at `level`. `kernel` replaces what would be selected, in layers
  /// that it matches; `encoding` is forced on weights. A failure fails the test
  /// and leaves `isValid` false.
  CompiledModel(const OpModel &model, llvm::StringRef level,
                const Kernel *kernel = nullptr, llvm::StringRef encoding = "");
  /// The same, planned by `plan` once kernels are selected. Rows of an input
  /// that is fed are pushed one by one.
  using Plan = llvm::function_ref<void(mlir::func::FuncOp, const TargetInfo &)>;
  CompiledModel(const OpModel &model, llvm::StringRef level, Plan plan);
  ~CompiledModel();

  bool isValid() const { return jit != nullptr; }
  llvm::ArrayRef<LayerPlan> getLayers() const { return layers; }

  /// Runs the whole model on its inputs; returns its results.
  std::vector<Bytes> run(llvm::ArrayRef<Bytes> inputs);
  /// Runs the steps of a layer in pieces of `piece` steps, each into an arena
  /// of its own that holds what earlier ones left; returns the result.
  Bytes runLayer(const LayerPlan &layer, llvm::ArrayRef<Bytes> inputs,
                 int64_t piece);
  /// Calls the layer's step function with these arguments, each 64 bits wide.
  void callStep(const LayerPlan &layer, llvm::ArrayRef<uint64_t> arguments);

private:
  mlir::LogicalResult compile(mlir::ModuleOp module, llvm::StringRef level,
                              const Kernel *kernel, llvm::StringRef encoding,
                              Plan plan);
  void readPlan(mlir::ModuleOp module);
  mlir::LogicalResult addToProcess(mlir::ModuleOp module);
  void call(llvm::StringRef function, llvm::ArrayRef<uint64_t> arguments);

  TargetInfo target;
  std::vector<LayerPlan> layers;
  llvm::SmallVector<Slot> inputSlots, resultSlots;
  int64_t arenaBytes = 0;
  std::optional<unsigned> fedInput;
  int64_t fedRows = 0;
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_CODEGEN_COMPILEDMODEL_H
