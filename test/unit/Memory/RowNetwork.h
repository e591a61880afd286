//===- RowNetwork.h - Networks for tests of row streams ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds both graphs of a stream problem layer by layer, draws random ones, and
// runs plans of them in an arena that knows its bytes.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_MEMORY_ROWNETWORK_H
#define THIMBLE_TEST_UNIT_MEMORY_ROWNETWORK_H

#include "thimble/LoopNest/RowReplay.h"
#include "thimble/Memory/RowPlan.h"
#include <random>

namespace thimble {

/// Rows and columns of a window and how it moves; 1x1 if not set.
struct Window {
  int64_t rows = 1;
  int64_t stride = 1;
  int64_t padBefore = 0;
  int64_t padBehind = 0;
  int64_t dilation = 1;
};

class RowNetwork {
public:
  StreamProblem problem;

  unsigned addInput(int64_t rows, int64_t rowBytes);
  /// An input whose rows arrive one at a time.
  unsigned addFeed(int64_t rows, int64_t rowBytes);
  /// A convolution or pool; a window of one row is computed as one long row if
  /// it is called for all rows.
  unsigned addWindow(unsigned tensor, Window window, int64_t rowBytes,
                     int64_t scratchBytes = 0);
  /// The result may lie over both operands.
  unsigned addSum(unsigned a, unsigned b);
  /// Adds the rows up, in sums of `keptBytes`.
  unsigned addPool(unsigned tensor, int64_t rowBytes, int64_t keptBytes);
  /// Reads all of the tensors.
  unsigned addWhole(llvm::ArrayRef<unsigned> read, int64_t rows,
                    int64_t rowBytes, int64_t scratchBytes = 0);
  /// Before planning.
  void finish(unsigned output);

  int64_t rowsOf(unsigned tensor) const {
    return problem.rows.getTensor(tensor).rows;
  }
  int64_t rowBytesOf(unsigned tensor) const {
    return problem.rows.getTensor(tensor).rowBytes;
  }

  /// Runs the plan; what goes wrong first.
  RowReplay::Result replay(const RowPlan &plan) const;

private:
  unsigned addTensor(int64_t rows, int64_t rowBytes, bool isInput = false);
  void addOp(RowOp op, GraphOp whole, ReplayLayer called);

  /// By op: as it is called as a whole.
  llvm::SmallVector<ReplayLayer, 0> called;
};

/// A random network: windows of any size, stride, padding and dilation,
/// branches that join in sums, pools and layers that read all.
RowNetwork makeRandomNetwork(unsigned seed, unsigned numLayers);

} // namespace thimble

#endif // THIMBLE_TEST_UNIT_MEMORY_ROWNETWORK_H
