//===- RowReplay.cpp - Runs a memory plan without computing ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A step reads, uses its scratch and writes at the same time: these bytes must
// be different ones.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/RowReplay.h"
#include "llvm/ADT/STLExtras.h"

using namespace thimble;

using Result = RowReplay::Result;

RowReplay::RowReplay(llvm::ArrayRef<ReplayTensor> tensors,
                     llvm::ArrayRef<ReplayLayer> layers, int64_t arenaBytes)
    : tensors(tensors), layers(layers), bytes(arenaBytes, spoilt),
      newest(tensors.size(), -1), done(layers.size(), 0) {
  Tag next = 0;
  for (const ReplayTensor &tensor : tensors) {
    firstTag.push_back(next);
    next += tensor.rows;
  }
  keptTag = next; // plus the number of the layer
}

RowReplay::Extent RowReplay::ownPlace(unsigned tensor, int64_t row) const {
  const ReplayTensor &t = tensors[tensor];
  int64_t begin = t.offset + (t.ring > 0 ? row % t.ring : row) * t.rowBytes;
  return {begin, begin + t.rowBytes};
}

RowReplay::Extent RowReplay::placeNow(unsigned tensor, int64_t row) const {
  const ReplayTensor &t = tensors[tensor];
  if (newest[tensor] == row)
    return {t.newest, t.newest + t.rowBytes};
  return ownPlace(tensor, row);
}

bool RowReplay::holds(unsigned tensor, int64_t row, Extent extent) const {
  if (!tensors[tensor].inArena)
    return true;
  if (!isInside(extent))
    return false;
  Tag tag = tagOf(tensor, row);
  return std::all_of(bytes.begin() + extent.begin, bytes.begin() + extent.end,
                     [&](Tag found) { return found == tag; });
}

Result RowReplay::write(int layer, int64_t step, unsigned tensor, int64_t row,
                        Extent extent) {
  if (!tensors[tensor].inArena)
    return std::nullopt;
  if (!isInside(extent))
    return ReplayError{ReplayError::Kind::Outside, layer, step, tensor, row};
  std::fill(bytes.begin() + extent.begin, bytes.begin() + extent.end,
            tagOf(tensor, row));
  return std::nullopt;
}

Result RowReplay::writeInput(unsigned tensor, int64_t row, bool direct) {
  if (row < 0) {
    for (int64_t i = 0; i < tensors[tensor].rows; ++i)
      if (Result error = write(-1, 0, tensor, i, ownPlace(tensor, i)))
        return error;
    return std::nullopt;
  }
  if (tensors[tensor].newest >= 0 && !direct)
    newest[tensor] = row;
  return write(-1, 0, tensor, row, placeNow(tensor, row));
}

Result RowReplay::spoil(unsigned number, int64_t step, Extent &scratch) {
  const ReplayLayer &layer = layers[number];
  scratch = {layer.scratchOffset, layer.scratchOffset + layer.scratchOf(step)};
  if (scratch.begin == scratch.end)
    return std::nullopt;
  if (!isInside(scratch) || scratch.begin % 8 != 0)
    return ReplayError{ReplayError::Kind::Outside, int(number), step, -1, 0};
  std::fill(bytes.begin() + scratch.begin, bytes.begin() + scratch.end, spoilt);
  return std::nullopt;
}

Result RowReplay::read(unsigned number, int64_t step, int64_t lag,
                       Extent written) const {
  for (const ReplayRead &read : layers[number].reads) {
    const RowTable &table = read.table;
    for (int64_t row = 0, end = table.last.size(); row < end; ++row) {
      if (table.last[row] < 0 || step < table.first[row] ||
          step > table.last[row] + lag)
        continue;
      Extent place = placeNow(read.tensor, row);
      // Row by row at the same places.
      bool isTaken = read.overwritten &&
                     place.begin - row * tensors[read.tensor].rowBytes ==
                         written.begin - step * (written.end - written.begin);
      if (!holds(read.tensor, row, place))
        return ReplayError{ReplayError::Kind::Lost, int(number), step,
                           read.tensor, row};
      if (!isTaken && tensors[read.tensor].inArena && place.overlaps(written))
        return ReplayError{ReplayError::Kind::Overwritten, int(number), step,
                           read.tensor, row};
    }
  }
  return std::nullopt;
}

Result RowReplay::runWhole(unsigned number) {
  const ReplayLayer &layer = layers[number];
  const ReplayTensor &result = tensors[layer.result];
  int64_t rowsPerStep = result.rows / layer.steps;
  for (int64_t i = 0; i < layer.steps; ++i) {
    int64_t step = layer.descending ? layer.steps - 1 - i : i;
    int64_t row = step * rowsPerStep;
    Extent scratch, written = ownPlace(layer.result, row);
    written.end = written.begin + rowsPerStep * result.rowBytes;
    if (!result.inArena)
      written.end = written.begin;
    if (Result error = spoil(number, step, scratch))
      return error;
    if (Result error =
            read(number, step, layer.descending ? 0 : layer.lag, written))
      return error;
    if (scratch.overlaps(written))
      return ReplayError{ReplayError::Kind::Overwritten, int(number), step, -1,
                         0};
    for (int64_t r = 0; r < rowsPerStep; ++r)
      if (Result error = write(number, step, layer.result, row + r,
                               ownPlace(layer.result, row + r)))
        return error;
  }
  done[number] = layer.steps;
  return std::nullopt;
}

Result RowReplay::keep(unsigned number, int64_t step) {
  const ReplayLayer &layer = layers[number];
  Extent kept{layer.keptOffset, layer.keptOffset + layer.keptBytes};
  if (!isInside(kept) || kept.begin % 8 != 0)
    return ReplayError{ReplayError::Kind::Outside, int(number), step, -1, 0};
  Tag tag = keptTag + number;
  for (int64_t byte = kept.begin; byte < kept.end; ++byte) {
    if (step > 0 && bytes[byte] != tag)
      return ReplayError{ReplayError::Kind::Lost, int(number), step, -1, 0};
    bytes[byte] = tag;
  }
  return std::nullopt;
}

Result RowReplay::runStep(unsigned number, bool direct) {
  const ReplayLayer &layer = layers[number];
  const ReplayTensor &result = tensors[layer.result];
  int64_t step = done[number]++;
  if (step >= layer.steps)
    return ReplayError{ReplayError::Kind::Lost, int(number), step, -1, 0};
  // An op of fewer rows than steps writes in the last one.
  bool writes = result.rows == layer.steps || step == layer.steps - 1;
  int64_t row = result.rows == layer.steps ? step : 0;
  bool toNewest = result.newest >= 0 && !direct;
  Extent scratch, written{0, 0};
  if (writes) {
    written = toNewest ? Extent{result.newest, result.newest + result.rowBytes}
                       : ownPlace(layer.result, row);
    if (!result.inArena)
      written = {0, 0};
  }
  if (Result error = spoil(number, step, scratch))
    return error;
  if (layer.keptBytes > 0)
    if (Result error = keep(number, step))
      return error;
  if (Result error = read(number, step, /*lag=*/0, written))
    return error;
  Extent kept{layer.keptOffset, layer.keptOffset + layer.keptBytes};
  if (scratch.overlaps(written) || kept.overlaps(written) ||
      kept.overlaps(scratch))
    return ReplayError{ReplayError::Kind::Overwritten, int(number), step, -1,
                       0};
  if (!writes)
    return std::nullopt;
  if (toNewest)
    newest[layer.result] = row;
  return write(number, step, layer.result, row, written);
}

Result RowReplay::hold(unsigned tensor) {
  int64_t row = newest[tensor];
  Extent from = placeNow(tensor, std::max<int64_t>(row, 0));
  Extent to = ownPlace(tensor, std::max<int64_t>(row, 0));
  if (row < 0 || !holds(tensor, row, from))
    return ReplayError{ReplayError::Kind::Lost, -1, 0, tensor, row};
  if (from.overlaps(to))
    return ReplayError{ReplayError::Kind::Overwritten, -1, 0, tensor, row};
  newest[tensor] = -1;
  return write(-1, 0, tensor, row, to);
}

Result RowReplay::readWhole(unsigned tensor) const {
  for (int64_t row = 0; row < tensors[tensor].rows; ++row)
    if (!holds(tensor, row, ownPlace(tensor, row)))
      return ReplayError{ReplayError::Kind::Lost, -1, 0, tensor, row};
  return std::nullopt;
}
