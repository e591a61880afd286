//===- RowFlow.h - How the rows of a sliding window flow --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A window model is run on rows 0 to T-1 of a stream, then on rows h to T+h-1,
// and so on. A tensor of it *slides* if the rows of a call are those of the
// call before, some rows further: then only its last, new rows need be
// computed.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_ROWFLOW_H
#define THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_ROWFLOW_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "llvm/ADT/MapVector.h"
#include <optional>
#include <variant>

namespace thimble {

class RowFlow {
public:
  /// Rows [begin, end) of a tensor of the window model.
  struct Rows {
    int64_t begin = 0, end = 0;
    int64_t count() const { return end - begin; }
    bool operator==(const Rows &other) const {
      return begin == other.begin && end == other.end;
    }
  };
  /// Why a model cannot take its new rows only.
  struct Obstacle {
    mlir::Operation *op; ///< where it is
    std::string message; ///< "expected ..., found ..."
  };

  /// Finds out which tensors slide if every call brings `wanted` rows of the
  /// only input, or as few as possible for 0. Changes to the function make the
  /// result no less valid.
  static std::variant<RowFlow, Obstacle> get(mlir::func::FuncOp model,
                                             int64_t wanted);

  /// Rows of the input that a call brings.
  int64_t getHop() const { return hop; }
  /// True if a call computes (or brings) only the last rows of `value`.
  bool slides(mlir::Value value) const { return flows.contains(value); }
  /// These rows, of a value that slides.
  Rows newRows(mlir::Value value) const { return flows.at(value).rows; }
  /// The last rows of a value that slides, if earlier ones than the new ones
  /// are read; empty otherwise.
  Rows delayedRows(mlir::Value value) const { return flows.at(value).delayed; }
  /// The rows of operand `index`, which slides, that `op` reads.
  Rows readRows(mlir::Operation *op, unsigned index) const;

private:
  struct Flow {
    /// Rows of the input by which a row of this tensor slides.
    int64_t stride;
    Rows rows, delayed;
  };
  using Found = std::optional<Obstacle>;

  RowFlow() = default;
  Found visitInput(mlir::func::FuncOp model);
  Found visit(mlir::Operation *op);
  /// Sets the hop, and with it all rows.
  Found settle(mlir::func::FuncOp model, int64_t wanted);
  void delay(mlir::Value value);

  int64_t inputRows = 0, hop = 0;
  /// Of values that slide; in the order of the function.
  llvm::MapVector<mlir::Value, Flow> flows;
};

/// The rows of an operand that the rows `rows` of a result read.
RowFlow::Rows windowRows(const RowWindow &window, RowFlow::Rows rows);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_TRANSFORMS_ROWFLOW_H
