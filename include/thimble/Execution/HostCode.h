//===- HostCode.h - An object loaded into this process ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place that makes code of the host callable.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_HOSTCODE_H
#define THIMBLE_EXECUTION_HOSTCODE_H

#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include <memory>

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace thimble {

/// The code lives as long as this.
class HostCode {
public:
  ~HostCode();

  /// Links an ELF object that was compiled for the host. Emits one error at
  /// `location` if that is not possible.
  static mlir::FailureOr<std::unique_ptr<HostCode>>
  load(mlir::Location location, llvm::StringRef object);

  /// The address of a function or a variable of the object; emits an error if
  /// it has none of that name.
  mlir::FailureOr<void *> lookup(mlir::Location location,
                                 llvm::StringRef symbol) const;

private:
  HostCode();
  std::unique_ptr<llvm::orc::LLJIT> jit;
};

} // namespace thimble

#endif // THIMBLE_EXECUTION_HOSTCODE_H
