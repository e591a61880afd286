//===- KernelCheck.cpp - Runs every kernel of an op -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows are scattered over memory of their own, guarded on both sides. A second
// run with other guards and other dirt in scratch must give the same numbers:
// nothing may be read that was not given.
//
//===----------------------------------------------------------------------===//

#include "KernelCheck.h"
#include "gtest/gtest.h"
#include <deque>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
/// Bytes of their own between guards.
class GuardedRow {
public:
  /// Rows of bytes lie at odd addresses: no kernel may count on more.
  GuardedRow(ArrayRef<uint8_t> bytes, uint8_t guard, int64_t alignment)
      : memory(bytes.size() + 2 * margin + 16, guard), guard(guard),
        size(bytes.size()) {
    auto base = reinterpret_cast<uintptr_t>(memory.data());
    begin = llvm::alignTo(base + margin, 8) - base + (alignment == 1 ? 1 : 0);
    llvm::copy(bytes, data());
  }

  uint8_t *data() { return memory.data() + begin; }
  uint64_t address() { return reinterpret_cast<uintptr_t>(data()); }
  ArrayRef<uint8_t> bytes() { return {data(), size}; }
  bool isGuardIntact() const {
    auto isGuard = [&](uint8_t byte) { return byte == guard; };
    return std::all_of(memory.begin(), memory.begin() + begin, isGuard) &&
           std::all_of(memory.begin() + begin + size, memory.end(), isGuard);
  }

private:
  static constexpr size_t margin = 64;
  Bytes memory;
  uint8_t guard;
  size_t size, begin;
};

/// The steps of a model's only layer on rows in memory of their own.
class ScatteredRun {
public:
  ScatteredRun(CompiledModel &model, ArrayRef<Bytes> inputs, uint8_t guard);
  /// Calls each step once for every range between two bounds of channels. The
  /// result's rows lie over those of an operand, if one is given.
  Bytes run(ArrayRef<int64_t> bounds,
            std::optional<size_t> overwritten = std::nullopt);

private:
  uint64_t rowArgument(unsigned operand, int64_t step, int64_t firstChannel);
  void call(int64_t step, GuardedRow &output, int64_t firstChannel,
            int64_t channels);
  void expectIntact(std::optional<size_t> overwritten);

  CompiledModel &model;
  const LayerPlan &layer;
  const StepSpec &spec;
  uint8_t guard;
  ArrayRef<Bytes> inputs;
  std::deque<std::deque<GuardedRow>> rows; ///< of each operand
  std::deque<GuardedRow> tables;
  std::deque<std::vector<uint64_t>> pointers;
  GuardedRow paddingRow, scratch;
};
} // namespace

ScatteredRun::ScatteredRun(CompiledModel &model, ArrayRef<Bytes> inputs,
                           uint8_t guard)
    : model(model), layer(model.getLayers()[0]), spec(layer.spec), guard(guard),
      inputs(inputs),
      paddingRow(Bytes(spec.paddingRowBytes, spec.paddingByte), guard, 8),
      scratch(Bytes(spec.scratchBytes, guard), guard, 8) {
  for (auto [operand, bytes, slot] :
       llvm::zip_equal(spec.operands, inputs, layer.operands)) {
    auto &scattered = rows.emplace_back();
    for (size_t i = 0; i < bytes.size(); i += operand.rowBytes)
      scattered.emplace_back(ArrayRef(bytes).slice(i, operand.rowBytes), guard,
                             slot.elementBytes);
  }
  for (const ConstantTable &table : spec.tables)
    tables.emplace_back(table.bytes, guard, table.alignment);
}

uint64_t ScatteredRun::rowArgument(unsigned index, int64_t step,
                                   int64_t firstChannel) {
  const RowOperand &operand = spec.operands[index];
  const RowWindow &window = operand.window;
  int64_t perImage = spec.steps / operand.images;
  int64_t image = step / perImage;
  auto address = [&](int64_t k) {
    int64_t y = (step % perImage) * window.stride - window.padBefore +
                k * window.dilation;
    if (y < 0 || y >= operand.height)
      return paddingRow.address();
    return rows[index][image * operand.height + y].address() +
           firstChannel / spec.channelGranule * operand.granuleBytes;
  };
  if (window.rows == 1)
    return address(0);
  auto &list = pointers.emplace_back();
  for (int64_t k = 0; k < window.rows; ++k)
    list.push_back(address(k));
  return reinterpret_cast<uintptr_t>(list.data());
}

void ScatteredRun::call(int64_t step, GuardedRow &output, int64_t firstChannel,
                        int64_t channels) {
  std::vector<uint64_t> arguments;
  for (unsigned i = 0; i < spec.operands.size(); ++i)
    arguments.push_back(rowArgument(i, step, firstChannel));
  arguments.push_back(output.address() +
                      firstChannel * layer.result.elementBytes);
  for (auto [table, row] : llvm::zip_equal(spec.tables, tables))
    arguments.push_back(row.address() + firstChannel * table.channelBytes);
  if (spec.paddingRowBytes > 0)
    arguments.push_back(paddingRow.address());
  if (spec.scratchBytes > 0)
    arguments.push_back(scratch.address());
  if (spec.pixels)
    arguments.push_back(*spec.pixels);
  if (spec.channels)
    arguments.push_back(channels);
  model.callStep(layer, arguments);
}

void ScatteredRun::expectIntact(std::optional<size_t> overwritten) {
  for (size_t i = 0; i < rows.size(); ++i)
    for (auto [index, row] : llvm::enumerate(rows[i])) {
      EXPECT_TRUE(row.isGuardIntact()) << "around input row " << index;
      int64_t bytes = spec.operands[i].rowBytes;
      if (i != overwritten)
        EXPECT_EQ(row.bytes(), ArrayRef(inputs[i]).slice(index * bytes, bytes))
            << "input row " << index;
    }
  for (GuardedRow &table : tables)
    EXPECT_TRUE(table.isGuardIntact()) << "around a table";
  EXPECT_TRUE(paddingRow.isGuardIntact()) << "around the padding row";
  EXPECT_TRUE(scratch.isGuardIntact()) << "around scratch";
}

Bytes ScatteredRun::run(ArrayRef<int64_t> bounds,
                        std::optional<size_t> overwritten) {
  Bytes result;
  // Backwards: no step may build on another.
  for (int64_t step = spec.steps - 1; step >= 0; --step) {
    GuardedRow own(Bytes(spec.outputRowBytes, guard), guard,
                   layer.result.elementBytes);
    GuardedRow &output = overwritten ? rows[*overwritten][step] : own;
    for (size_t i = 0; i + 1 < bounds.size(); ++i)
      call(step, output, bounds[i], bounds[i + 1] - bounds[i]);
    EXPECT_TRUE(output.isGuardIntact()) << "around output row " << step;
    result.insert(result.begin(), output.data(),
                  output.data() + spec.outputRowBytes);
  }
  expectIntact(overwritten);
  return result;
}

static bool isRowWise(const StepSpec &spec) {
  return llvm::none_of(spec.operands, [](const RowOperand &operand) {
    return operand.window.whole;
  });
}

static void checkScattered(CompiledModel &model, ArrayRef<Bytes> inputs,
                           const Bytes &expected) {
  const StepSpec &spec = model.getLayers()[0].spec;
  int64_t channels = spec.channels.value_or(0);
  Random random(channels);
  for (uint8_t guard : {0x00, 0x7F, 0x80}) {
    SCOPED_TRACE("guards of " + std::to_string(guard));
    EXPECT_EQ(ScatteredRun(model, inputs, guard).run({0, channels}), expected)
        << "rows scattered";
    if (spec.channels) {
      int64_t size = random.pick(1, channels);
      EXPECT_EQ(
          ScatteredRun(model, inputs, guard).run(channelBounds(spec, size)),
          expected)
          << "in ranges of " << size << " channels";
    }
    for (auto [index, operand] : llvm::enumerate(spec.operands))
      if (llvm::is_contained(spec.overwrites, operand.index))
        EXPECT_EQ(ScatteredRun(model, inputs, guard).run({0, channels}, index),
                  expected)
            << "over the rows of operand " << operand.index;
  }
}

Bytes thimble::test::checkKernels(const OpModel &model,
                                  ArrayRef<Bytes> inputs) {
  Bytes expected;
  for (const std::unique_ptr<Kernel> &kernel : registeredKernels()) {
    SCOPED_TRACE("kernel " + kernel->getName().str());
    CompiledModel compiled(model, "0", kernel.get());
    if (!compiled.isValid())
      return {};
    const LayerPlan &layer = compiled.getLayers()[0];
    if (layer.kernel != kernel->getName())
      continue; // does not match this op
    Bytes whole = compiled.runLayer(layer, inputs, layer.spec.steps);
    if (expected.empty())
      expected = whole;
    EXPECT_EQ(whole, expected) << "another kernel gave other numbers";
    EXPECT_EQ(compiled.runLayer(layer, inputs, 1), expected) << "step by step";
    EXPECT_EQ(compiled.runLayer(layer, inputs, 2), expected) << "in pairs";
    EXPECT_EQ(compiled.run(inputs)[0], expected) << "from invoke";
    if (isRowWise(layer.spec))
      checkScattered(compiled, inputs, expected);
  }
  return expected;
}
