//===- ObjectInspector.h - What an emitted object contains ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads an object back: what its functions and tables weigh, what it needs of
// others, and who calls whom. These are facts about the bytes that firmware
// links, whatever LLVM made of the module.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_OBJECTINSPECTOR_H
#define THIMBLE_TARGET_OBJECTINSPECTOR_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace thimble {

/// A function of an object.
struct ObjectFunction {
  std::string name;
  uint64_t codeBytes = 0; ///< with its literal pool
  /// Its frame with all registers it saves; absent if the size is only known
  /// at run time.
  std::optional<uint64_t> frameBytes;
  /// Indices of the functions of this object that it calls, ascending.
  llvm::SmallVector<unsigned, 4> callees;
  /// Names of the functions outside the object that it calls, ascending.
  llvm::SmallVector<std::string, 2> externalCallees;
};

/// A constant of an object.
struct ObjectTable {
  std::string name;
  uint64_t bytes = 0;
};

struct ObjectContents {
  uint64_t codeBytes = 0; ///< all executable sections
  uint64_t dataBytes = 0; ///< all read-only sections that firmware loads
  llvm::SmallVector<ObjectFunction, 0> functions;  ///< in the object's order
  llvm::SmallVector<ObjectTable, 0> tables;        ///< in the object's order
  llvm::SmallVector<std::string> undefinedSymbols; ///< ascending

  /// The function `name`, or nullptr.
  const ObjectFunction *find(llvm::StringRef name) const;
};

/// Reads an ELF object with the stack sizes that emitCode leaves in it. Emits
/// an error on `module` if it cannot be read or holds writable data.
mlir::FailureOr<ObjectContents> inspectObject(mlir::ModuleOp module,
                                              llvm::StringRef object);

} // namespace thimble

#endif // THIMBLE_TARGET_OBJECTINSPECTOR_H
