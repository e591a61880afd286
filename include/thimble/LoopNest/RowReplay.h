//===- RowReplay.h - Runs a memory plan without computing -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An arena in which every byte knows which row it belongs to. Layers run row by
// row as their code would: each read must find the row that was meant, scratch
// is spoilt before it is used, and no row is written over one that the same
// step reads. It shares no code with the planner.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LOOPNEST_ROWREPLAY_H
#define THIMBLE_LOOPNEST_ROWREPLAY_H

#include "thimble/LoopNest/RowTable.h"

namespace thimble {

/// Where the rows of a tensor are, in bytes: row r at `offset` plus r rows, or
/// (r mod `ring`) rows if that is not 0; first at `newest` if it is not -1 and
/// the event does not say otherwise.
struct ReplayTensor {
  int64_t rows = 0;
  int64_t rowBytes = 0;
  int64_t offset = 0;
  int64_t ring = 0;
  int64_t newest = -1;
  bool inArena = true; ///< or else memory of the caller
};

struct ReplayRead {
  unsigned tensor;
  RowTable table;
  /// The result's row may be written exactly over the row of the same number.
  bool overwritten = false;
};

struct ReplayLayer {
  llvm::SmallVector<ReplayRead, 2> reads;
  unsigned result = 0;
  int64_t steps = 1;
  int64_t lag = 0;         ///< see KernelRows, in a call for all steps
  bool descending = false; ///< in a call for all steps
  /// By step, or one number for all; 8-byte aligned.
  llvm::SmallVector<int64_t> scratchBytes;
  int64_t scratchOffset = 0;
  int64_t keptOffset = 0;
  int64_t keptBytes = 0; ///< between the steps of a stream
  int64_t scratchOf(int64_t step) const {
    return scratchBytes.size() == 1 ? scratchBytes[0] : scratchBytes[step];
  }
};

/// What is wrong with a plan.
struct ReplayError {
  enum class Kind {
    Outside,    ///< bytes outside of the arena
    Lost,       ///< a row that is read is not where it should be
    Overwritten ///< a step writes over what it reads or uses itself
  };
  Kind kind;
  int layer;      ///< that runs, or -1 for an input
  int64_t step;   ///< of the layer
  int64_t tensor; ///< whose row it is, -1 for scratch or sums
  int64_t row;
};

class RowReplay {
public:
  using Result = std::optional<ReplayError>;

  RowReplay(llvm::ArrayRef<ReplayTensor> tensors,
            llvm::ArrayRef<ReplayLayer> layers, int64_t arenaBytes);

  /// The caller writes a tensor, or its next row if `row` is not -1; `direct`
  /// to the row's own place.
  Result writeInput(unsigned tensor, int64_t row = -1, bool direct = false);
  /// One call computes all rows.
  Result runWhole(unsigned layer);
  /// The next step of a stream.
  Result runStep(unsigned layer, bool direct);
  /// The newest row is copied to its own place.
  Result hold(unsigned tensor);
  /// Somebody reads the whole tensor in its own place.
  Result readWhole(unsigned tensor) const;

private:
  struct Extent {
    int64_t begin, end;
    bool overlaps(Extent other) const {
      return begin < other.end && other.begin < end;
    }
  };
  using Tag = int64_t;
  static constexpr Tag spoilt = -1;

  Tag tagOf(unsigned tensor, int64_t row) const {
    return firstTag[tensor] + row;
  }
  Extent ownPlace(unsigned tensor, int64_t row) const;
  Extent placeNow(unsigned tensor, int64_t row) const;
  bool isInside(Extent extent) const {
    return extent.begin >= 0 && extent.end <= int64_t(bytes.size());
  }
  bool holds(unsigned tensor, int64_t row, Extent extent) const;
  Result write(int layer, int64_t step, unsigned tensor, int64_t row,
               Extent extent);
  Result spoil(unsigned layer, int64_t step, Extent &scratch);
  /// Rows that a step reads are there, and `written` is none of them.
  Result read(unsigned layer, int64_t step, int64_t lag, Extent written) const;
  Result keep(unsigned layer, int64_t step);

  llvm::ArrayRef<ReplayTensor> tensors;
  llvm::ArrayRef<ReplayLayer> layers;
  std::vector<Tag> bytes;
  llvm::SmallVector<Tag, 0> firstTag;   ///< by tensor
  llvm::SmallVector<int64_t, 0> newest; ///< by tensor: the row there, or -1
  llvm::SmallVector<int64_t, 0> done;   ///< by layer
  Tag keptTag = 0;
};

} // namespace thimble

#endif // THIMBLE_LOOPNEST_ROWREPLAY_H
