//===- OverlapDifferences.cpp - Results partly over operands --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows that are live at once are contiguous, apart from those that are never
// read: few intervals a step.
//
//===----------------------------------------------------------------------===//

#include "OverlapDifferences.h"

using namespace thimble;
using namespace thimble::detail;

DifferenceSet detail::findForbidden(const RowOverlap &overlap, int64_t size,
                                    bool descending) {
  DifferenceSet forbidden;
  int64_t rowBytes = overlap.resultRowBytes, pitch = overlap.operandRowBytes;
  int64_t height = overlap.last.size();
  for (int64_t step = 0, written = 0; written < size;
       ++step, written += rowBytes)
    for (int64_t row = 0; row < height; ++row) {
      int64_t begin = row;
      while (row < height && overlap.isLive(row, step, descending))
        ++row;
      if (begin < row)
        forbidden.insert(
            {begin * pitch - written - rowBytes, row * pitch - written});
    }
  return forbidden;
}

DifferenceSet detail::findForbidden(const RowOverlap &overlap, int64_t size) {
  DifferenceSet forbidden = findForbidden(overlap, size, /*descending=*/false);
  if (overlap.mayDescend())
    forbidden.intersect(findForbidden(overlap, size, /*descending=*/true));
  return forbidden;
}

bool detail::needsDescent(const OpGraph &graph, const GraphOp &op,
                          llvm::ArrayRef<int64_t> offsets) {
  for (const RowOverlap &overlap : op.overlaps) {
    if (!overlap.mayDescend())
      continue;
    int64_t difference = offsets[overlap.result] - offsets[overlap.operand];
    int64_t size = graph.buffers[overlap.result].size;
    if (findForbidden(overlap, size, /*descending=*/false)
            .contains(difference) &&
        !findForbidden(overlap, size, /*descending=*/true).contains(difference))
      return true;
  }
  return false;
}
