//===- CycleProfile.h - Instructions and cycles per layer -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the emulator's cycle counter (tools/thimble-cycles) found, by layer: the
// symbol file it is given, its report read back, a table and a document.
//
// The JSON document, version 1 ("schema": 1):
//
//   schema, model, core
//   estimate     true if the timing is not the vendor's own
//   invocations  calls of the model, one a vector; all counts are of all calls
//   total, min, max   {instructions, cycles} of all calls, of the cheapest and
//                of the most expensive one
//   layers       [{id, source, macs, calls, instructions, cycles}] in execution
//                order, macs of one call; the last one, with id `invoke`, is
//                what ran outside the layers
//   stack?       {measured, bound}: bytes
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EXECUTION_CYCLEPROFILE_H
#define THIMBLE_EXECUTION_CYCLEPROFILE_H

#include "thimble/Target/ModelInfo.h"
#include "llvm/Support/Error.h"

namespace thimble {

struct CycleCount {
  uint64_t instructions = 0;
  uint64_t cycles = 0;
};

/// What ran in one layer, over all calls of the model.
struct LayerCycles {
  std::string id; ///< the thimble.id; `invoke` for what is in no layer
  uint64_t calls = 0;
  CycleCount count;
};

struct CycleProfile {
  std::string core;
  bool isEstimate = false;
  uint64_t invocations = 0;
  CycleCount total, min, max;
  llvm::SmallVector<LayerCycles, 0> layers; ///< as ModelInfo's, then `invoke`
};

/// Stack of the same run, for the document.
struct StackUse {
  uint64_t measured = 0;
  uint64_t bound = 0;
};

/// The symbol file for a linked ELF image: the entry point of the model and the
/// functions of its layers.
llvm::Expected<std::string> makeSymbolFile(const ModelInfo &model,
                                           llvm::StringRef image);

/// Reads the counter's report. Layers that never ran have counts of zero.
llvm::Expected<CycleProfile> parseProfile(const ModelInfo &model,
                                          llvm::StringRef report);

/// A line for every layer and the total, all of one inference (the mean).
void writeProfileTable(const ModelInfo &model, const CycleProfile &profile,
                       llvm::raw_ostream &stream);

/// The document described above.
void writeProfileJSON(const ModelInfo &model, const CycleProfile &profile,
                      std::optional<StackUse> stack, llvm::raw_ostream &stream);

} // namespace thimble

#endif // THIMBLE_EXECUTION_CYCLEPROFILE_H
