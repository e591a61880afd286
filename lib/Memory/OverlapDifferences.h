//===- OverlapDifferences.h - Results partly over operands ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: at which differences of addresses an op that computes
// row after row would overwrite what it still has to read.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_MEMORY_OVERLAPDIFFERENCES_H
#define THIMBLE_LIB_MEMORY_OVERLAPDIFFERENCES_H

#include "thimble/Memory/DifferenceSet.h"
#include "thimble/Memory/OpGraph.h"

namespace thimble::detail {

/// Every difference `base(result) - base(operand)` at which a row of the result
/// (`size` bytes in all) would be written over a row of the operand that is
/// still to be read.
DifferenceSet findForbidden(const RowOverlap &overlap, int64_t size,
                            bool descending);

/// The same if the op may choose in which order it computes rows.
DifferenceSet findForbidden(const RowOverlap &overlap, int64_t size);

/// Whether the op must begin with its last row, if buffers are at `offsets`.
bool needsDescent(const OpGraph &graph, const GraphOp &op,
                  llvm::ArrayRef<int64_t> offsets);

} // namespace thimble::detail

#endif // THIMBLE_LIB_MEMORY_OVERLAPDIFFERENCES_H
