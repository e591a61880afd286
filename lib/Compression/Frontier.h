//===- Frontier.h - Fewest bytes for each loss ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a table of options can reach, as a list of points.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_FRONTIER_H
#define THIMBLE_LIB_COMPRESSION_FRONTIER_H

#include "LayerOptions.h"
#include "thimble/Compression/Numerics/Allocation.h"

namespace thimble {

/// The table's costs for Allocation. Noise of the measurement may make a
/// smaller layer look better than at eight bits: it then counts as equal.
AllocationOptions getCosts(const OptionTable &table);

/// The lower convex hull of loss against bytes, from the fewest bytes on.
class Frontier {
public:
  explicit Frontier(const OptionTable &table)
      : table(table), points(walkFrontier(getCosts(table))) {}

  llvm::ArrayRef<Allocation> getPoints() const { return points; }
  /// Writes a JSON file: options of each layer, then the points with the index
  /// of each layer's option. Emits an error at `model` if that fails.
  mlir::LogicalResult write(mlir::func::FuncOp model,
                            llvm::StringRef path) const;

private:
  const OptionTable &table;
  std::vector<Allocation> points;
};

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_FRONTIER_H
