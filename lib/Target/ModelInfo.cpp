//===- ModelInfo.cpp - What the planner knows about a model ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names and sizes of what is at the boundary of a model.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/ModelInfo.h"
#include "llvm/Support/ErrorHandling.h"

using namespace thimble;

unsigned thimble::getElementBytes(ElementKind kind) {
  switch (kind) {
  case ElementKind::int8:
    return 1;
  case ElementKind::int16:
    return 2;
  case ElementKind::int32:
  case ElementKind::float32:
    return 4;
  }
  llvm_unreachable("covered switch");
}

llvm::StringRef thimble::getElementName(ElementKind kind) {
  switch (kind) {
  case ElementKind::int8:
    return "int8";
  case ElementKind::int16:
    return "int16";
  case ElementKind::int32:
    return "int32";
  case ElementKind::float32:
    return "float32";
  }
  llvm_unreachable("covered switch");
}

llvm::StringRef thimble::getIOModeName(IOMode mode) {
  switch (mode) {
  case IOMode::arena:
    return "arena";
  case IOMode::pointers:
    return "pointers";
  case IOMode::rows:
    return "rows";
  }
  llvm_unreachable("covered switch");
}

llvm::ArrayRef<llvm::StringLiteral> ModelInfo::getEntries() const {
  static constexpr llvm::StringLiteral whole[] = {"_invoke"};
  static constexpr llvm::StringLiteral streaming[] = {"_reset", "_invoke"};
  static constexpr llvm::StringLiteral byRows[] = {"_begin", "_push_row",
                                                   "_finish"};
  if (ioMode == IOMode::rows)
    return byRows;
  if (stateBytes > 0)
    return streaming;
  return whole;
}
