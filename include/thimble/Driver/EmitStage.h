//===- EmitStage.h - What thimblec writes -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compilation is brought to the stage that is asked for and written out.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DRIVER_EMITSTAGE_H
#define THIMBLE_DRIVER_EMITSTAGE_H

#include "thimble/Driver/Options.h"

namespace thimble {

/// Loads, compiles and writes. Files appear only on success.
mlir::LogicalResult emitStage(Compilation &compilation,
                              const OutputOptions &output);

} // namespace thimble

#endif // THIMBLE_DRIVER_EMITSTAGE_H
