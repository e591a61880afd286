//===- StateReset.h - Where the stream of a model begins --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The function that a firmware calls before the first call of a streaming
// model, and whenever its stream is interrupted.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_STATERESET_H
#define THIMBLE_LIB_CODEGEN_STATERESET_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/TargetInfo/TargetInfo.h"

namespace thimble {

/// Emits `<model>_reset(state)`, which fills the state of all delays with their
/// initial rows, and their tables.
void emitStateReset(mlir::OpBuilder &builder, mlir::func::FuncOp model,
                    const TargetInfo &target);

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_STATERESET_H
