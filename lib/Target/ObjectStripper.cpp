//===- ObjectStripper.cpp - Sections that firmware has no use for ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Removes from an emitted object what only the compiler reads.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "thimble/Target/ObjectEmitter.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace thimble;
namespace objcopy = llvm::objcopy;

static llvm::Error removeSections(StringRef object, llvm::raw_ostream &stream) {
  llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createELFObjectFile(
          llvm::MemoryBufferRef(object, "object"));
  if (!file)
    return file.takeError();
  SmallVector<StringRef> patterns = {
      ".stack_sizes",      ".rel.stack_sizes",      ".rela.stack_sizes",
      ".ARM.exidx*",       ".rel.ARM.exidx*",       ".ARM.extab*",
      ".eh_frame",         ".rela.eh_frame",        ".comment",
      ".llvm_bb_addr_map", ".rel.llvm_bb_addr_map", ".rela.llvm_bb_addr_map"};
  // Once one object says that its stack is not executable, GNU ld warns of
  // all that do not, as newlib's assembly; on the host all say it.
  if ((*file)->getArch() == llvm::Triple::arm ||
      (*file)->getArch() == llvm::Triple::thumb)
    patterns.push_back(".note.GNU-stack");
  objcopy::ConfigManager config;
  for (StringRef pattern : patterns) {
    llvm::Expected<objcopy::NameOrPattern> matcher =
        objcopy::NameOrPattern::create(pattern, objcopy::MatchStyle::Wildcard,
                                       [](llvm::Error error) { return error; });
    if (!matcher)
      return matcher.takeError();
    if (llvm::Error error =
            config.Common.ToRemove.addMatcher(std::move(matcher)))
      return error;
  }
  return objcopy::executeObjcopyOnBinary(config, **file, stream);
}

FailureOr<llvm::SmallString<0>> thimble::stripObject(ModuleOp module,
                                                     StringRef object) {
  llvm::SmallString<0> stripped;
  llvm::raw_svector_ostream stream(stripped);
  if (llvm::Error error = removeSections(object, stream)) {
    module.emitError("cannot strip the object: ")
        << llvm::toString(std::move(error));
    return failure();
  }
  return stripped;
}
