//===- ProgressDisplay.h - Shows how far a pass is --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// On a terminal, in a line that the next one replaces.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DRIVER_PROGRESSDISPLAY_H
#define THIMBLE_LIB_DRIVER_PROGRESSDISPLAY_H

#include "mlir/IR/MLIRContext.h"

namespace thimble {

/// While it lives, progress is shown, if there is somebody to see it: `log` is
/// a terminal, and nobody else handles the context's actions.
class ProgressDisplay {
public:
  ProgressDisplay(mlir::MLIRContext *context, llvm::raw_ostream *log);
  ~ProgressDisplay();

private:
  mlir::MLIRContext *context; ///< null if nothing is shown
};

} // namespace thimble

#endif // THIMBLE_LIB_DRIVER_PROGRESSDISPLAY_H
