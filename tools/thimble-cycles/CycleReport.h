//===- CycleReport.h - The plugin's result as JSON --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Schema 1, one object:
//
//     schema        1
//     core          the CPU whose timing was used
//     estimate      true if that timing is not the vendor's own
//     invocations   how often an invoke function ran
//     total         {instructions, cycles} of all invocations
//     min, max      the same of one invocation, each figure by itself
//     layers        [{name, calls, instructions, cycles}], in the order of the
//                   symbol file; the last one, `invoke`, is what ran outside
//                   the layers. Their sum is `total`.
//     classes       {class: executed instructions} of all invocations
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TOOLS_THIMBLE_CYCLES_CYCLEREPORT_H
#define THIMBLE_TOOLS_THIMBLE_CYCLES_CYCLEREPORT_H

#include "CycleCounter.h"

#include <ostream>

namespace thimble::cycles {

/// Executed instructions of each class.
using ClassHistogram = std::array<uint64_t, timing::numInstructionClasses>;

void writeReport(std::ostream &stream, const timing::CpuTiming &cpu,
                 const SymbolTable &symbols, const CycleCounter &counter,
                 const ClassHistogram &classes);

} // namespace thimble::cycles

#endif // THIMBLE_TOOLS_THIMBLE_CYCLES_CYCLEREPORT_H
