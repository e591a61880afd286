//===- StableIds.cpp - Names that ops keep from source to object ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels have the id as an attribute of their own.
//
//===----------------------------------------------------------------------===//

#include "StableIds.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace thimble;

static LogicalResult verifyId(Operation &op, StringAttr id,
                              llvm::StringMap<Operation *> &seen) {
  if (!id || id.getValue().empty())
    return op.emitOpError("expected the attribute '") << idAttrName << "'";
  auto [entry, inserted] = seen.try_emplace(id.getValue(), &op);
  if (inserted)
    return success();
  InFlightDiagnostic diagnostic =
      op.emitOpError("expected an id of its own, found ") << id;
  diagnostic.attachNote(entry->second->getLoc()) << "also used here";
  return diagnostic;
}

LogicalResult thimble::verifyStableIds(func::FuncOp model) {
  llvm::StringMap<Operation *> seen;
  for (KernelOp kernel : kernelsOf(model))
    if (failed(verifyId(*kernel, kernel.getIdAttr(), seen)))
      return failure();
  for (Operation &op : model.getOps())
    if (isa<ReferenceSemantics>(op) &&
        failed(verifyId(op, op.getAttrOfType<StringAttr>(idAttrName), seen)))
      return failure();
  return success();
}
