//===- StreamModel.h - A model as a stream problem and back -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: what the kernels of a function say about their rows,
// and how a plan is written into the function.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_MEMORY_STREAMMODEL_H
#define THIMBLE_LIB_MEMORY_STREAMMODEL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Memory/RowPlan.h"

namespace thimble::detail {

/// How full an arena is, and how full it has to be.
struct PlanFigures {
  int64_t liveBytes;  ///< at once, at most
  int64_t boundBytes; ///< that any plan of the kind needs
  KernelOp peak;      ///< in which the most are live; null: before all layers
};

class StreamModel {
public:
  /// `graph` has the model's arguments and kernels in their order in the
  /// function. With `isFed` the rows of the first argument are delivered one at
  /// a time: an op before all others.
  StreamModel(mlir::func::FuncOp model, const OpGraph &graph, bool isFed);

  /// False if the graph is not one of kernels of one result each.
  bool isSupported() const { return supported; }
  const StreamProblem &getProblem() const { return problem; }
  /// Bytes beside the plan's arena that the position in the stream takes.
  int64_t getStateBytes(const RowPlan &plan) const;
  /// The same at most: all kernels in one stream.
  int64_t getMostStateBytes() const {
    return fed ? StreamOp::getStateBytes(kernels.size()) : 0;
  }
  PlanFigures getFigures(const RowPlan &plan, const RowBound &bound);
  /// The kernel that an op is; the first one for the op that feeds rows, and
  /// for -1, the time before all ops.
  KernelOp getKernel(int op) { return kernelOf(std::max(op, int(fed))); }
  /// Writes orders and addresses into the function; the bytes of its arena
  /// without rounding.
  int64_t apply(const RowPlan &plan);
  /// The plan in words.
  std::string describe(const RowPlan &plan, const RowBound &bound);

private:
  void addTensors();
  void addFeed();
  bool addKernel(KernelOp op, const GraphOp &whole);
  bool isStreamFed(const RowSegment &segment) const {
    return fed && segment.begin == 0 && segment.isStream();
  }
  /// The kernel that an op of the graphs is.
  KernelOp kernelOf(unsigned op) { return kernels[op - fed]; }
  PlacementAttr placementOf(const RowPlace &place);
  void setPlacements(const RowPlan &plan);
  void makeStream(const RowPlan &plan, unsigned segment, int64_t state);

  mlir::func::FuncOp model;
  StreamProblem problem;
  llvm::SmallVector<KernelOp> kernels;
  bool fed;
  bool supported = true;
};

} // namespace thimble::detail

#endif // THIMBLE_LIB_MEMORY_STREAMMODEL_H
