//===- StackBound.cpp - How much stack a model may need -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Depth-first search over the calls of an object.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/StackBound.h"
#include "CallGraphCheck.h"
#include "mlir/IR/BuiltinOps.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace thimble;

/// What a call into the host's C library may take: nothing bounds it, but a
/// lazily bound symbol takes the dynamic linker's frames, 3 KB with AVX-512.
static constexpr uint64_t hostLibraryBytes = 4096;

std::optional<uint64_t> thimble::getRuntimeStackBytes(StringRef name) {
  return llvm::StringSwitch<std::optional<uint64_t>>(name)
#define RUNTIME_CALLEE(Name, Bytes) .Case(#Name, Bytes)
#include "RuntimeStack.def"
      .Default(std::nullopt);
}

namespace {
class BoundSearch {
public:
  BoundSearch(ModuleOp module, const TargetInfo &target,
              const ObjectContents &contents,
              const llvm::StringMap<uint64_t> &realignmentBytes)
      : module(module), target(target), contents(contents),
        realignmentBytes(realignmentBytes),
        state(contents.functions.size(), State::unvisited) {
    bounds.bytes.resize(contents.functions.size());
    bounds.deepestCallee.resize(contents.functions.size());
  }

  LogicalResult visit(unsigned index);
  StackBounds bounds;

private:
  enum class State { unvisited, active, done };

  FailureOr<uint64_t> getFrame(const ObjectFunction &function);
  FailureOr<uint64_t> getExternal(const ObjectFunction &caller,
                                  StringRef callee);
  InFlightDiagnostic emitErrorAt(const ObjectFunction &function) {
    return emitError(getFunctionLocation(module, function.name));
  }

  ModuleOp module;
  const TargetInfo &target;
  const ObjectContents &contents;
  const llvm::StringMap<uint64_t> &realignmentBytes;
  SmallVector<State, 0> state;
};
} // namespace

FailureOr<uint64_t> BoundSearch::getFrame(const ObjectFunction &function) {
  if (!function.frameBytes) {
    emitErrorAt(function) << "expected a frame of fixed size, but the one of '"
                          << function.name
                          << "' depends on run-time values; this is an error "
                             "of the lowering";
    return failure();
  }
  // A call of an x86 pushes the return address, which LLVM does not count.
  uint64_t returnAddress = target.isHost ? target.pointerBytes : 0;
  return *function.frameBytes + realignmentBytes.lookup(function.name) +
         returnAddress;
}

FailureOr<uint64_t> BoundSearch::getExternal(const ObjectFunction &caller,
                                             StringRef callee) {
  // The host calls what a core with all instructions calls: with a function of
  // the mathematics library its results would differ from the core's.
  bool isMemory = llvm::is_contained({"memcpy", "memmove", "memset"}, callee);
  if (target.isHost && isMemory)
    return hostLibraryBytes;
  std::optional<uint64_t> bytes = getRuntimeStackBytes(callee);
  if (!target.isHost && bytes)
    return *bytes;
  emitErrorAt(caller) << "expected calls of the compiler runtime only, but '"
                      << caller.name << "' refers to '" << callee
                      << "'; this is an error of the lowering";
  return failure();
}

LogicalResult BoundSearch::visit(unsigned index) {
  const ObjectFunction &function = contents.functions[index];
  if (state[index] == State::done)
    return success();
  if (state[index] == State::active)
    return emitErrorAt(function)
           << "expected calls without cycles, but '" << function.name
           << "' calls itself through others; this is an error of the lowering";
  state[index] = State::active;
  FailureOr<uint64_t> frame = getFrame(function);
  if (failed(frame))
    return failure();
  uint64_t deepest = 0;
  auto consider = [&](uint64_t bytes, StringRef callee) {
    if (bytes <= deepest && !bounds.deepestCallee[index].empty())
      return;
    deepest = bytes;
    bounds.deepestCallee[index] = callee.str();
  };
  for (unsigned callee : function.callees) {
    if (failed(visit(callee)))
      return failure();
    consider(bounds.bytes[callee], contents.functions[callee].name);
  }
  for (const std::string &callee : function.externalCallees) {
    FailureOr<uint64_t> bytes = getExternal(function, callee);
    if (failed(bytes))
      return failure();
    consider(*bytes, callee);
  }
  bounds.bytes[index] = *frame + deepest;
  state[index] = State::done;
  return success();
}

FailureOr<StackBounds>
thimble::computeStackBounds(ModuleOp module, const TargetInfo &target,
                            const ObjectContents &contents,
                            const llvm::StringMap<uint64_t> &realignmentBytes) {
  BoundSearch search(module, target, contents, realignmentBytes);
  for (unsigned index = 0, e = contents.functions.size(); index < e; ++index)
    if (failed(search.visit(index)))
      return failure();
  return std::move(search.bounds);
}
