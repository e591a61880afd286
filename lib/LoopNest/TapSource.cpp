//===- TapSource.cpp - Where the taps of a window are found ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing below asks whether a tap is inside the image: rows outside are the
// padding row, columns outside are copied or looked up before.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/TapSource.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace thimble;

/// Row copies larger than this are not worth their RAM.
static constexpr int64_t maxRowCopyBytes = 2048;
/// Smaller ones need hardly more RAM than patches, and fewer copies.
static constexpr int64_t minPatchedBytes = 256;

/// Rows copied by vectors cost MVE less than the look-up of patches.
static int64_t leastPatchedBytes(const TargetInfo &target) {
  return target.hasMVE ? maxRowCopyBytes : minPatchedBytes;
}

TapSource::TapSource(const WindowGeometry &geometry, int64_t elementBytes,
                     uint8_t paddingByte, const TargetInfo &target,
                     bool mayPatch)
    : g(geometry), elementBytes(elementBytes),
      pointerBytes(target.pointerBytes), paddingByte(paddingByte) {
  if (!g.padsColumns())
    kind = Kind::Direct;
  else if (mayPatch && g.kernelHeight * copyPitch() > leastPatchedBytes(target))
    kind = Kind::Patches;
  else if (g.kernelHeight * copyPitch() <= maxRowCopyBytes)
    kind = Kind::RowCopy;
  else
    kind = Kind::TapTable;
}

int64_t TapSource::runLength() const {
  bool joined = kind != Kind::TapTable && g.dilationW == 1;
  return (joined ? g.kernelWidth : 1) * g.inputChannels;
}

int64_t TapSource::runs() const {
  return g.kernelHeight * g.kernelWidth * g.inputChannels / runLength();
}

std::optional<int64_t> TapSource::runPitch() const {
  bool isRow = runs() == g.kernelHeight;
  if (kind == Kind::RowCopy && isRow)
    return copyPitch();
  // Taps beside each other in one row.
  if (kind == Kind::Direct && g.kernelHeight == 1)
    return g.dilationW * g.inputChannels * elementBytes;
  return std::nullopt;
}

std::optional<int64_t> TapSource::pixelPitch() const {
  if (kind == Kind::TapTable)
    return std::nullopt;
  return g.strideW * g.inputChannels * elementBytes;
}

int64_t TapSource::copyPitch() const {
  int64_t bytes = (g.padLeft + g.inputWidth + g.padRight()) * g.inputChannels *
                  elementBytes;
  return llvm::alignTo(bytes, 4);
}

int64_t TapSource::patchColumns() const {
  return (pixels - 1) * g.strideW + (g.kernelWidth - 1) * g.dilationW + 1;
}

int64_t TapSource::patchPitch() const {
  return llvm::alignTo(patchColumns() * g.inputChannels * elementBytes, 4);
}

void TapSource::describe(StepSpec &spec) const {
  int64_t pixelBytes = g.inputChannels * elementBytes;
  spec.paddingByte = paddingByte;
  switch (kind) {
  case Kind::Direct:
    if (g.padsRows())
      spec.paddingRowBytes = g.inputWidth * pixelBytes;
    break;
  case Kind::RowCopy:
    if (g.padsRows())
      spec.paddingRowBytes = 1; // only marks such rows
    spec.scratchBytes = g.kernelHeight * copyPitch();
    break;
  case Kind::Patches:
    if (g.padsRows())
      spec.paddingRowBytes = 1; // only marks such rows
    spec.scratchBytes = g.kernelHeight * (pointerBytes + patchPitch());
    break;
  case Kind::TapTable:
    spec.paddingRowBytes = spec.paddingTapBytes = pixelBytes;
    spec.scratchBytes = runs() * pixels * pointerBytes;
    break;
  }
}

void TapSource::addWork(NestWork &work) const {
  if (kind == Kind::RowCopy) {
    work.copiedRows = double(g.kernelHeight);
    work.copiedBytes = work.copiedRows * double(copyPitch());
  } else if (kind == Kind::TapTable) {
    work.tableEntries = work.pixelBlocks * double(runs() * pixels);
  } else if (kind == Kind::Patches) {
    work.tableEntries = work.pixelBlocks * double(g.kernelHeight);
    // At each end of a row about one block has a tap outside.
    work.copiedRows = 2 * double(g.kernelHeight);
    work.copiedBytes = work.copiedRows * double(patchPitch());
  }
}

void TapSource::prepareStep(StepBuilder &b) const {
  if (kind != Kind::RowCopy)
    return;
  int64_t pixel = g.inputChannels * elementBytes;
  int64_t left = g.padLeft * pixel, row = g.inputWidth * pixel;
  b.loop(g.kernelHeight, [&](Value ky) {
    Value to = b.at(b.scratch, b.mul(ky, copyPitch()));
    if (left > 0)
      b.fill(to, paddingByte, b.constant(left));
    copyRow(b, b.at(to, left), windowRow(b, g, ky));
    if (int64_t right = copyPitch() - left - row)
      b.fill(b.at(to, left + row), paddingByte, b.constant(right));
  });
}

void TapSource::copyRow(StepBuilder &b, Value to, Value from) const {
  Value bytes = b.constant(g.inputWidth * g.inputChannels * elementBytes);
  if (!g.padsRows())
    return b.copy(to, from, bytes);
  // A row outside the image is made here; the padding row only marks it.
  Value isPadding = LLVM::ICmpOp::create(
      b.builder, b.loc, LLVM::ICmpPredicate::eq, from, b.paddingRow);
  auto choice = scf::IfOp::create(b.builder, b.loc, isPadding,
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b.builder);
  b.builder.setInsertionPointToStart(choice.thenBlock());
  b.fill(to, paddingByte, bytes);
  b.builder.setInsertionPointToStart(choice.elseBlock());
  b.copy(to, from, bytes);
}

void TapSource::preparePixels(StepBuilder &b, Value pixel) const {
  if (kind != Kind::TapTable && kind != Kind::Patches)
    return;
  Value first = b.add(b.mul(pixel, g.strideW), -g.padLeft);
  if (kind == Kind::Patches)
    fillRowTable(b, first);
  else
    fillTapTable(b, first);
}

void TapSource::fillRowTable(StepBuilder &b, Value first) const {
  int64_t pixelBytes = g.inputChannels * elementBytes;
  Value patches = b.at(b.scratch, g.kernelHeight * pointerBytes);
  b.loop(g.kernelHeight, [&](Value ky) {
    Value row = windowRow(b, g, ky);
    Value width = widthInside(b, g, row);
    // As unsigned numbers: a first column left of the image is too large.
    Value starts = b.smax(b.add(width, 1 - patchColumns()), b.constant(0));
    Value isInside = b.compare(arith::CmpIPredicate::ult, first, starts);
    auto choice = scf::IfOp::create(b.builder, b.loc, TypeRange(b.ptr()),
                                    isInside, /*withElseRegion=*/true);
    {
      OpBuilder::InsertionGuard guard(b.builder);
      b.builder.setInsertionPointToStart(choice.thenBlock());
      Value address = b.at(row, b.mul(first, pixelBytes));
      scf::YieldOp::create(b.builder, b.loc, address);
      b.builder.setInsertionPointToStart(choice.elseBlock());
      Value patch = copyPatch(b, b.at(patches, b.mul(ky, patchPitch())), row,
                              width, first);
      scf::YieldOp::create(b.builder, b.loc, patch);
    }
    b.store(choice.getResult(0), b.at(b.scratch, b.mul(ky, pointerBytes)));
  });
}

Value TapSource::copyPatch(StepBuilder &b, Value to, Value row, Value width,
                           Value first) const {
  int64_t pixelBytes = g.inputChannels * elementBytes;
  b.loop(patchColumns(), [&](Value column) {
    Value x = b.add(first, column);
    Value inside = b.compare(arith::CmpIPredicate::ult, x, width);
    Value pixel = b.at(to, b.mul(column, pixelBytes));
    auto choice = scf::IfOp::create(b.builder, b.loc, inside,
                                    /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(b.builder);
    b.builder.setInsertionPointToStart(choice.thenBlock());
    b.copy(pixel, b.at(row, b.mul(x, pixelBytes)), b.constant(pixelBytes));
    b.builder.setInsertionPointToStart(choice.elseBlock());
    b.fill(pixel, paddingByte, b.constant(pixelBytes));
  });
  return to;
}

void TapSource::fillTapTable(StepBuilder &b, Value first) const {
  int64_t pixelBytes = g.inputChannels * elementBytes;
  b.loop(g.kernelHeight, [&](Value ky) {
    Value row = windowRow(b, g, ky);
    Value width = widthInside(b, g, row);
    Value entry =
        b.at(b.scratch, b.mul(ky, g.kernelWidth * pixels * pointerBytes));
    for (int64_t kx = 0; kx < g.kernelWidth; ++kx)
      for (int64_t p = 0; p < pixels; ++p) {
        Value x = b.add(first, p * g.strideW + kx * g.dilationW);
        Value inside = b.compare(arith::CmpIPredicate::ult, x, width);
        Value address = b.at(row, b.mul(x, pixelBytes));
        b.store(b.select(inside, address, b.paddingRow),
                b.at(entry, (kx * pixels + p) * pointerBytes));
      }
  });
}

TapSource::Values TapSource::addresses(StepBuilder &b, Value pixel,
                                       Value run) const {
  Values bases;
  if (kind == Kind::TapTable) {
    Value entry = b.at(b.scratch, b.mul(run, pixels * pointerBytes));
    for (int64_t p = 0; p < pixels; ++p)
      bases.push_back(b.load(b.ptr(), b.at(entry, p * pointerBytes)));
    return bases;
  }
  int64_t step = g.strideW * g.inputChannels * elementBytes;
  int64_t runsPerRow = runs() / g.kernelHeight;
  Value row = run, column;
  if (runsPerRow > 1) {
    Value count = b.constant(runsPerRow);
    row = b.builder.createOrFold<arith::DivUIOp>(b.loc, run, count);
    column = b.sub(run, b.mul(row, runsPerRow));
  }
  Value base;
  if (kind == Kind::RowCopy)
    base = b.at(b.scratch, b.mul(row, copyPitch()));
  else if (kind == Kind::Patches)
    base = b.load(b.ptr(), b.at(b.scratch, b.mul(row, pointerBytes)));
  else
    base = windowRow(b, g, row);
  if (kind != Kind::Patches)
    base = b.at(base, b.mul(pixel, step));
  if (column)
    base =
        b.at(base, b.mul(column, g.dilationW * g.inputChannels * elementBytes));
  for (int64_t p = 0; p < pixels; ++p)
    bases.push_back(b.at(base, p * step));
  return bases;
}
