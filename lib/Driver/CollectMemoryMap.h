//===- CollectMemoryMap.h - Buffers of a planned model ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: what a plan says about the arena.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DRIVER_COLLECTMEMORYMAP_H
#define THIMBLE_LIB_DRIVER_COLLECTMEMORYMAP_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Target/ModelInfo.h"

namespace thimble {

/// Reads the arena's buffers off a planned function of these inputs. With
/// `preservesTensors` results stay live to the end (--preserve-tensors).
MemoryMap collectMemoryMap(mlir::func::FuncOp model,
                           llvm::ArrayRef<TensorInfo> inputs,
                           const TargetInfo &target, bool preservesTensors);

} // namespace thimble

#endif // THIMBLE_LIB_DRIVER_COLLECTMEMORYMAP_H
