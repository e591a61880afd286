//===- Compilation.h - One model from file to object ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What thimblec and thimble-run have in common: a model file is read, brought
// from stage to stage, and emitted.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DRIVER_COMPILATION_H
#define THIMBLE_DRIVER_COMPILATION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "thimble/Driver/CompressionOptions.h"
#include "thimble/Pipeline/Pipelines.h"
#include "thimble/Target/CompileToObject.h"

namespace thimble {

/// The stages that a compilation can stop after.
enum class Stage { Graph, Compressed, Kernel, Planned, LLVM };

struct CompilationOptions {
  std::string input;       ///< path of a .tflite or .mlir file
  std::string name;        ///< C identifier; empty: from the path
  std::string cpu;         ///< as TargetInfo::lookup
  std::string level = "2"; ///< 0, s, 2 or 3
  bool preserveTensors = false;
  std::string io = "arena"; ///< arena, pointers or rows
  bool rowDriver = false;   ///< with rows: also a function that pushes all
  /// New rows of a sliding window that a call takes, 0 for as few as possible;
  /// none for the window.
  std::optional<int64_t> streamingRows;
  Budgets budgets;
  std::string encoding;             ///< stack for every weight; empty: chosen
  std::string maxDecodeOverhead;    ///< percent; empty: as the level says
  bool verifyEach = false;          ///< run IR verifiers after every pass
  bool entropyCoding = true;        ///< weights may be stored in entropy codes
  llvm::raw_ostream *log = nullptr; ///< what a search tries; null: says nothing
  CompressionOptions compression;
  EvaluationOptions evaluation;
};

class Compilation {
public:
  Compilation(mlir::MLIRContext &context, CompilationOptions options)
      : context(context), options(std::move(options)) {}
  /// Goes on with a module that is at the end of `reached`.
  Compilation(mlir::MLIRContext &context, CompilationOptions options,
              mlir::OwningOpRef<mlir::ModuleOp> module, Stage reached)
      : context(context), options(std::move(options)),
        module(std::move(module)), reached(reached) {}

  /// Reads the input. On failure (of any member) a diagnostic has been emitted.
  mlir::LogicalResult load();
  /// Runs the pipelines up to and including a stage.
  mlir::LogicalResult runTo(Stage stage);
  mlir::ModuleOp getModule() { return *module; }
  const CompilationOptions &getOptions() const { return options; }
  /// The module as it was read, and as it was after Stage::Compressed; kept if
  /// it is to be evaluated.
  mlir::ModuleOp getImported() { return *imported; }
  mlir::ModuleOp getCompressed() { return *compressed; }
  /// Figures of the planned model; valid from Stage::Planned on.
  const ModelInfo &getModelInfo() const { return info; }
  /// Runs what is left and emits object, header and report.
  mlir::FailureOr<CompiledModel> compile();
  TargetOptions getTargetOptions() const;

private:
  mlir::LogicalResult checkOptions(mlir::Location location);
  mlir::LogicalResult run(Stage stage);
  mlir::LogicalResult compress();

  mlir::MLIRContext &context;
  CompilationOptions options;
  mlir::OwningOpRef<mlir::ModuleOp> module, imported, compressed;
  std::optional<Stage> reached;
  ModelInfo info;
};

/// Reads sizes, addresses and costs off a planned module. With
/// `preservesTensors` all results stay live to the end.
ModelInfo collectModelInfo(mlir::ModuleOp planned,
                           bool preservesTensors = false);

} // namespace thimble

#endif // THIMBLE_DRIVER_COMPILATION_H
