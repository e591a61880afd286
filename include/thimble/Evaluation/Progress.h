//===- Progress.h - How far a long pass is ----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes over samples take from seconds to minutes. They say how far they are
// by MLIR's actions, which cost nothing unless a tool has registered a handler;
// thimble-opt logs them with --log-actions-to.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_PROGRESS_H
#define THIMBLE_EVALUATION_PROGRESS_H

#include "mlir/IR/Action.h"
#include "mlir/IR/MLIRContext.h"

namespace thimble {

/// `done` of `total` units of a task are done. Changes nothing.
class ProgressAction : public mlir::tracing::ActionImpl<ProgressAction> {
public:
  using Base = mlir::tracing::ActionImpl<ProgressAction>;
  static constexpr llvm::StringLiteral tag = "thimble-progress";

  ProgressAction(llvm::ArrayRef<mlir::IRUnit> units, llvm::StringRef task,
                 int64_t done, int64_t total)
      : Base(units), task(task), done(done), total(total) {}
  void print(llvm::raw_ostream &stream) const override {
    stream << '`' << tag << "` " << task << ' ' << done << " of " << total;
  }

  const llvm::StringRef task; ///< a verb, such as `calibrate`
  const int64_t done, total;
};

/// Tells the context's handler, if it has one. From one thread at a time.
inline void reportProgress(mlir::MLIRContext *context, llvm::StringRef task,
                           int64_t done, int64_t total) {
  context->executeAction<ProgressAction>([] {}, {}, task, done, total);
}

} // namespace thimble

#endif // THIMBLE_EVALUATION_PROGRESS_H
