//===- StackDecoder.cpp - Emits the decoder of an encoding ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Level by level from the outermost, each expanded in place: the symbols of a
// level lie at the end of the room for the weights.
//
//===----------------------------------------------------------------------===//

#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/Dialect/Thimble/IR/FixedWidth.h"
#include <numeric>

using namespace mlir;
using namespace thimble;

static std::vector<uint8_t> identityMap() {
  std::vector<uint8_t> map(256);
  std::iota(map.begin(), map.end(), 0);
  return map;
}

StackDecoder::StackDecoder(EncodingAttr encoding, const TargetInfo &target)
    : target(target), schemes(encoding.getSchemes()),
      levels(encoding.getLevels()) {
  for (int64_t i = int64_t(schemes.size()) - 1; i >= 0;) {
    EncodingAttrInterface scheme = schemes[i];
    Stage stage{scheme, unsigned(i + 1), unsigned(i), {}};
    std::vector<uint8_t> identity = identityMap();
    --i;
    if (scheme.getSymbolMap() == identity)
      continue; // the bytes stay what they are
    if (scheme.mapsSymbols()) {
      std::vector<uint8_t> map = identity;
      for (; i >= 0; --i) {
        std::vector<uint8_t> next = schemes[i].getSymbolMap();
        if (next.empty())
          break;
        for (uint8_t &symbol : map)
          symbol = next[symbol];
        stage.level = i;
      }
      if (map != identity)
        stage.map = std::move(map);
    }
    stages.push_back(std::move(stage));
  }
}

std::vector<ConstantTable> StackDecoder::getTables() const {
  std::vector<ConstantTable> tables;
  for (const Stage &stage : stages)
    for (ConstantTable &table : stage.scheme.getTables(target, stage.map)) {
      // The same scheme may be there twice.
      while (llvm::any_of(tables, [&](const ConstantTable &other) {
        return other.name == table.name;
      }))
        table.name += "." + std::to_string(stage.level);
      tables.push_back(std::move(table));
    }
  return tables;
}

int64_t StackDecoder::getScratchBytes() const {
  int64_t bytes = 0;
  for (const Stage &stage : stages)
    bytes += llvm::alignTo(stage.scheme.getScratchBytes(target), 4);
  return bytes;
}

SmallVector<int32_t> StackDecoder::getNumbers() const {
  SmallVector<int32_t> numbers;
  for (const Stage &stage : stages)
    llvm::append_range(numbers, stage.scheme.getNumbers());
  return numbers;
}

SmallVector<Type> StackDecoder::getSharedTypes(StepBuilder &b) const {
  SmallVector<Type> types(getTables().size(), b.ptr());
  types.append(getNumbers().size(), b.i32());
  if (getScratchBytes() > 0)
    types.push_back(b.ptr());
  return types;
}

/// The tables, the numbers and the scratch of stage `index`.
void StackDecoder::initialize(StepBuilder &b, DecodeLevel &level,
                              unsigned index, ValueRange shared) const {
  int64_t offset = 0;
  size_t table = 0, number = getTables().size();
  for (const Stage &stage : ArrayRef(stages).take_front(index)) {
    offset += llvm::alignTo(stage.scheme.getScratchBytes(target), 4);
    table += stage.scheme.getTables(target, stage.map).size();
    number += stage.scheme.getNumbers().size();
  }
  const Stage &stage = stages[index];
  size_t count = stage.scheme.getTables(target, stage.map).size();
  llvm::append_range(level.tables, shared.slice(table, count));
  count = stage.scheme.getNumbers().size();
  llvm::append_range(level.numbers, shared.slice(number, count));
  if (stage.scheme.getScratchBytes(target) > 0)
    level.scratch = b.at(shared.back(), offset);
  level.inner = levels[stage.outerLevel - 1];
  level.outer = levels[stage.outerLevel];
  // Only the outermost symbols are stored at their width.
  level.outer.readsStored &= stage.outerLevel == schemes.size();
  level.map = stage.map;
}

void StackDecoder::buildSetup(StepBuilder &b, ValueRange shared) const {
  for (auto [index, stage] : llvm::enumerate(stages)) {
    if (stage.scheme.getScratchBytes(target) == 0)
      continue;
    DecodeLevel level;
    initialize(b, level, index, shared);
    stages[index].scheme.buildSetup(b, level);
  }
}

Value thimble::buildAlign(StepBuilder &b, Value pointer, unsigned alignment) {
  if (alignment == 1)
    return pointer;
  Value address = LLVM::PtrToIntOp::create(b.builder, b.loc, b.i32(), pointer);
  Value missing =
      b.bitAnd(b.sub(b.constant(0), address), b.constant(alignment - 1));
  return b.at(pointer, missing);
}

Value thimble::buildRead16(StepBuilder &b, Value &cursor) {
  Value low = b.loadU8(cursor), high = b.loadU8(b.at(cursor, 1));
  cursor = b.at(cursor, 2);
  return b.add(low, b.shl(high, 8));
}

/// Appends the numbers of symbols of all levels, inner level first, and whether
/// each level has one a weight.
static void buildCounts(StepBuilder &b, ArrayRef<EncodingAttrInterface> schemes,
                        ArrayRef<LevelInfo> levels, Value &cursor,
                        SmallVectorImpl<Value> &counts,
                        SmallVectorImpl<bool> &isPerWeight) {
  for (auto [scheme, outer] : llvm::zip_equal(schemes, levels.drop_front())) {
    if (outer.isTerminal)
      break; // no symbols
    isPerWeight.push_back(isPerWeight.back() && scheme.keepsCount());
    counts.push_back(scheme.getOuterCount(0)
                         ? scheme.buildOuterCount(b, counts.back())
                         : buildRead16(b, cursor));
  }
}

Value StackDecoder::buildDecode(StepBuilder &b, Value cursor, Value out,
                                Value count, ValueRange shared) const {
  SmallVector<Value> counts = {count};
  SmallVector<bool> isPerWeight = {true};
  buildCounts(b, schemes, levels, cursor, counts, isPerWeight);
  auto room = [&](unsigned level) {
    return isPerWeight[level] ? out : b.at(out, b.sub(count, counts[level]));
  };
  const LevelInfo &outermost = levels.back();
  Value symbols;
  unsigned symbolsAlignment = 1;
  if (!outermost.isTerminal) {
    symbolsAlignment = outermost.storedAlignment();
    symbols = cursor = buildAlign(b, cursor, symbolsAlignment);
    if (outermost.isPlanar()) {
      unsigned top = schemes.size();
      symbols = room(top);
      symbolsAlignment = isPerWeight[top] ? 4 : 1;
      cursor =
          buildUnpackPlanar(b, cursor, symbols, counts[top], outermost.bits,
                            outermost.isSigned, symbolsAlignment);
    } else {
      cursor = b.at(
          cursor, outermost.bits == 8
                      ? counts.back()
                      : buildSequentialBytes(b, counts.back(), outermost.bits));
    }
  }
  Value source = symbols;
  bool isDone = outermost.isTerminal || outermost.isPlanar();
  for (auto [index, stage] : llvm::enumerate(stages)) {
    DecodeLevel level;
    initialize(b, level, index, shared);
    level.symbols = source;
    if (!level.outer.isTerminal)
      level.outerCount = counts[stage.outerLevel];
    level.out = room(stage.level);
    level.count = counts[stage.level];
    level.cursor = cursor;
    level.outAlignment = isPerWeight[stage.level] ? 4 : 1;
    level.symbolsAlignment = symbolsAlignment;
    stages[index].scheme.buildDecode(b, level);
    cursor = level.cursor;
    source = level.out;
    symbolsAlignment = level.outAlignment;
    isDone = true;
  }
  // Symbols of eight bits that no scheme moves are the weights themselves.
  if (!isDone)
    b.copy(out, source, count);
  return cursor;
}
