//===- HostCode.cpp - An object loaded into this process ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LLVM's JIT is the linker; it compiles nothing.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/HostCode.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace thimble;

HostCode::HostCode() = default;
HostCode::~HostCode() = default;

static LogicalResult fail(Location location, llvm::Error error) {
  return emitError(location) << "cannot load the model on this host: "
                             << llvm::toString(std::move(error));
}

FailureOr<std::unique_ptr<HostCode>> HostCode::load(Location location,
                                                    StringRef object) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto created = llvm::orc::LLJITBuilder().create();
  if (!created)
    return fail(location, created.takeError());
  std::unique_ptr<HostCode> code(new HostCode);
  code->jit = std::move(*created);
  if (llvm::Error error = code->jit->addObjectFile(
          llvm::MemoryBuffer::getMemBufferCopy(object)))
    return fail(location, std::move(error));
  return code;
}

FailureOr<void *> HostCode::lookup(Location location, StringRef symbol) const {
  auto found = jit->lookup(symbol);
  if (!found)
    return fail(location, found.takeError());
  return found->toPtr<void *>();
}
