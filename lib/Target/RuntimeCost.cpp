//===- RuntimeCost.cpp - Time of functions that objects call --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Looks the assumptions of RuntimeCost.def up.
//
//===----------------------------------------------------------------------===//

#include "RuntimeCost.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

using namespace thimble;

namespace {
/// Instructions and cycles of a call, and of each byte that it moves.
struct RuntimeFunction {
  llvm::StringLiteral name;
  ExecutionCost call, byte;
};
} // namespace

/// The length of memory functions that is not known.
static constexpr uint64_t assumedBytes = 64;

/// A byte that memcpy moves by itself where words have to be aligned.
static constexpr ExecutionCost singleByte = {7, 10};

static const RuntimeFunction thumb1Functions[] = {
#define RUNTIME_THUMB1(Name, Instructions, Cycles, PerByte, CyclesPerByte)     \
  {Name, {Instructions, Cycles}, {PerByte, CyclesPerByte}},
#include "RuntimeCost.def"
};

static const RuntimeFunction thumb2Functions[] = {
#define RUNTIME_THUMB2(Name, Instructions, Cycles, PerByte, CyclesPerByte)     \
  {Name, {Instructions, Cycles}, {PerByte, CyclesPerByte}},
#include "RuntimeCost.def"
};

ExecutionCost thimble::getRuntimeCost(const ProfiledCall &call,
                                      bool thumb1Only) {
  llvm::ArrayRef<RuntimeFunction> functions = thumb2Functions;
  if (thumb1Only)
    functions = thumb1Functions;
  // The aligned variants, as __aeabi_memcpy4, are the same functions.
  llvm::StringRef name = llvm::StringRef(call.callee).rtrim("48");
  const auto *found = llvm::find_if(
      functions, [&](const RuntimeFunction &f) { return name == f.name; });
  if (found == functions.end())
    return {};
  ExecutionCost cost = found->call;
  uint64_t bytes = call.bytes.value_or(assumedBytes);
  // Pieces of odd lengths follow each other at odd addresses.
  bool isByBytes =
      thumb1Only && bytes % 4 != 0 &&
      (call.callee == "__aeabi_memcpy" || call.callee == "__aeabi_memmove");
  cost.add(isByBytes ? singleByte : found->byte, double(bytes));
  return cost;
}
