//===- RowTable.cpp - Which rows a step needs, and when rows die ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of the padding appear in no table.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/RowTable.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>

using namespace thimble;

/// Step `step` reads row `row`.
static void addRead(RowTable &table, int64_t step, int64_t row) {
  table.need[step] = std::max(table.need[step], row + 1);
  table.last[row] = std::max(table.last[row], step);
  if (table.first[row] < 0)
    table.first[row] = step;
}

RowTable thimble::makeRowTable(const RowWindow &window, int64_t steps,
                               int64_t height, int64_t images) {
  assert(steps > 0 && images > 0 && steps % images == 0 &&
         "images share the steps");
  RowTable table;
  table.need.assign(steps, 0);
  table.readsPadding.assign(steps, false);
  table.last.assign(height * images, -1);
  table.first.assign(height * images, -1);
  if (window.whole) {
    table.need.assign(steps, height * images);
    table.last.assign(height * images, steps - 1);
    table.first.assign(height * images, 0);
    return table;
  }
  int64_t perImage = steps / images;
  for (int64_t step = 0; step < steps; ++step) {
    if (step > 0)
      table.need[step] = table.need[step - 1];
    int64_t top = step % perImage * window.stride - window.padBefore;
    for (int64_t k = 0; k < window.rows; ++k) {
      int64_t y = top + k * window.dilation;
      if (y >= 0 && y < height)
        addRead(table, step, step / perImage * height + y);
      else
        table.readsPadding[step] = true;
    }
  }
  return table;
}

RowTable thimble::mergeRowTables(const RowTable &a, const RowTable &b) {
  assert(a.need.size() == b.need.size() && a.last.size() == b.last.size() &&
         "tables of different ops or operands");
  RowTable result = a;
  for (auto [mine, other] : llvm::zip_equal(result.need, b.need))
    mine = std::max(mine, other);
  for (auto [step, other] : llvm::enumerate(b.readsPadding))
    result.readsPadding[step] = result.readsPadding[step] || other;
  for (auto [mine, other] : llvm::zip_equal(result.last, b.last))
    mine = std::max(mine, other);
  for (auto [mine, other] : llvm::zip_equal(result.first, b.first))
    if (other >= 0 && (mine < 0 || other < mine))
      mine = other;
  return result;
}
