//===- ReportTest.cpp - Tests of the report and the budgets ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attribution on objects that are written down, the JSON document, the table
// and the messages of exceeded budgets.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/Report.h"
#include "CompiledNet.h"
#include "thimble/Target/BudgetCheck.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace thimble;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace {

ObjectFunction makeFunction(llvm::StringRef name, uint64_t bytes,
                            std::initializer_list<unsigned> callees,
                            std::initializer_list<std::string> external = {}) {
  ObjectFunction function;
  function.name = name.str();
  function.codeBytes = bytes;
  function.frameBytes = 16;
  function.callees.assign(callees);
  function.externalCallees.assign(external);
  return function;
}

/// Two layers with a kernel in common, one with a kernel of its own.
Report makeSmallReport() {
  ObjectContents contents;
  contents.functions = {
      makeFunction("net_invoke", 20, {1, 2}),
      makeFunction("net.sum", 100, {3, 4}),
      makeFunction("net.scale", 60, {4}),
      makeFunction("net.kernel_own", 200, {}),
      makeFunction("net.kernel_common", 300, {}, {"__aeabi_memcpy"}),
  };
  contents.tables = {{"net.sum.weights", 64},
                     {"net.scale.multipliers", 16},
                     {"net.kernel_common.table", 10}};
  contents.codeBytes = 684; // 4 of padding
  contents.dataBytes = 90;
  contents.undefinedSymbols = {"__aeabi_memcpy"};
  StackBounds stack;
  stack.bytes = {80, 64, 64, 16, 48};
  stack.deepestCallee = {"net.sum", "net.kernel_common", "net.kernel_common",
                         "", "__aeabi_memcpy"};
  return makeReport(test::describeNet(), "cortex-m4", contents, stack);
}

TEST(Report, GivesALayerTheKernelsItAloneUses) {
  Report report = makeSmallReport();
  EXPECT_EQ(report.layers[0].flash.code, 300u);
  EXPECT_THAT(report.layers[0].functions,
              ElementsAre("net.sum", "net.kernel_own"));
  EXPECT_EQ(report.layers[1].flash.code, 60u);
}

TEST(Report, ListsWhatIsShared) {
  Report report = makeSmallReport();
  ASSERT_EQ(report.shared.size(), 2u);
  EXPECT_EQ(report.shared[0].name, "net.kernel_common");
  EXPECT_EQ(report.shared[0].flash.code, 300u);
  EXPECT_THAT(report.shared[0].layers, ElementsAre("sum", "scale"));
  EXPECT_EQ(report.shared[1].name, "net.kernel_common.table");
  EXPECT_EQ(report.shared[1].flash.weights, 10u);
  EXPECT_EQ(report.other.code, 24u);
  EXPECT_EQ(report.other.weights, 0u);
}

TEST(Report, PrefersTheLongestId) {
  ModelInfo model = test::describeNet();
  model.layers[0].id = "block.sum";
  model.layers[1].id = "block.sum.scale";
  ObjectContents contents;
  contents.tables = {{"net.block.sum.weights", 1},
                     {"net.block.sum.scale.weights", 2},
                     {"net.block.sum.scale", 4},
                     {"net.block", 8},
                     {"other.block.sum.weights", 16}};
  contents.dataBytes = 31;
  Report report = makeReport(model, "cortex-m4", contents, {});
  EXPECT_EQ(report.layers[0].flash.weights, 1u);
  EXPECT_EQ(report.layers[1].flash.weights, 6u);
  EXPECT_EQ(report.shared.size(), 2u);
}

TEST(Report, SharesKernelsThatAreNamedAfterOneLayer) {
  ObjectContents contents;
  contents.functions = {makeFunction("net_invoke", 20, {1, 2, 4}),
                        makeFunction("net.sum", 100, {3}),
                        makeFunction("net.scale", 60, {3}),
                        makeFunction("net.sum.step", 200, {}),
                        makeFunction("net.scale.specialized.1", 40, {3})};
  contents.codeBytes = 420;
  StackBounds stack;
  stack.bytes = {80, 64, 64, 16, 72};
  stack.deepestCallee = {"net.scale.specialized.1", "net.sum.step",
                         "net.sum.step", "", "net.sum.step"};
  Report report = makeReport(test::describeNet(), "cortex-m4", contents, stack);
  EXPECT_EQ(report.layers[0].flash.code, 100u);
  EXPECT_EQ(report.layers[1].flash.code, 100u);
  EXPECT_EQ(report.layers[1].stackBytes, 72u);
  ASSERT_EQ(report.shared.size(), 1u);
  EXPECT_EQ(report.shared[0].name, "net.sum.step");
  EXPECT_THAT(report.shared[0].layers, ElementsAre("sum", "scale"));
}

TEST(Report, FollowsTheDeepestPath) {
  Report report = makeSmallReport();
  ASSERT_EQ(report.stackPath.size(), 4u);
  EXPECT_EQ(report.stackBytes, 80u);
  EXPECT_EQ(report.stackPath[2].function, "net.kernel_common");
  EXPECT_EQ(report.stackPath[3].function, "__aeabi_memcpy");
  EXPECT_EQ(report.stackPath[3].bytes, getRuntimeStackBytes("__aeabi_memcpy"));
  EXPECT_EQ(report.layers[1].stackBytes, 64u);
}

llvm::json::Object parseJSON(const Report &report) {
  std::string text;
  llvm::raw_string_ostream os(text);
  writeJSON(report, os);
  return std::move(*llvm::cantFail(llvm::json::parse(text)).getAsObject());
}

TEST(Report, WritesTotalsAsJSON) {
  llvm::json::Object root = parseJSON(makeSmallReport());
  EXPECT_EQ(root.getInteger("schema"), 1);
  EXPECT_EQ(root.getString("cpu"), "cortex-m4");
  llvm::json::Object &totals = *root.getObject("totals");
  EXPECT_EQ(totals.getObject("flash")->getInteger("code"), 684);
  EXPECT_EQ(totals.getObject("flash")->getInteger("weights"), 90);
  EXPECT_EQ(totals.getObject("flash")->getInteger("total"), 774);
  EXPECT_EQ(totals.getInteger("ram"), 40);
  EXPECT_EQ(totals.getInteger("stack"), 80);
  EXPECT_EQ(totals.getInteger("macs"), 68);
  EXPECT_FALSE(totals.get("cycles"));
  EXPECT_FALSE(root.get("preserved"));
}

TEST(Report, WritesLayersAsJSON) {
  llvm::json::Object root = parseJSON(makeSmallReport());
  llvm::json::Object &layer = *root.getArray("layers")->front().getAsObject();
  EXPECT_EQ(layer.getString("id"), "sum");
  EXPECT_EQ(layer.getString("source"), "model/dense/MatMul");
  EXPECT_EQ(layer.getObject("flash")->getInteger("weights"), 64);
  EXPECT_EQ(layer.getObject("ram")->getInteger("live"), 32);
  EXPECT_EQ(layer.getInteger("stack"), 64);
  llvm::json::Object &result = *layer.getArray("tensors")->back().getAsObject();
  EXPECT_EQ(result.getInteger("offset"), 16);
  EXPECT_EQ(result.getBoolean("result"), true);
}

TEST(Report, WritesEstimatesAndPreservedTensorsAsJSON) {
  Report report = makeSmallReport();
  report.model.layers[0].cycles = 1000;
  EXPECT_FALSE(report.getCycles()) << "one layer has no estimate";
  report.model.layers[1].cycles = 234;
  report.model.preserved.push_back({"sum", report.model.outputs[0]});
  report.model.preserved[0].tensor.element = ElementKind::float32;
  llvm::json::Object root = parseJSON(report);
  EXPECT_EQ(root.getObject("totals")->getInteger("cycles"), 1234);
  llvm::json::Object &kept = *root.getArray("preserved")->front().getAsObject();
  EXPECT_EQ(kept.getString("id"), "sum");
  EXPECT_EQ(kept.getInteger("offset"), 32);
  EXPECT_EQ(kept.getString("type"), "float32");
  EXPECT_FALSE(kept.get("scale"));
}

TEST(Report, RepairsNamesThatAreNoUTF8) {
  Report report = makeSmallReport();
  report.model.inputs[0].name = "bad \xff name";
  llvm::json::Object root = parseJSON(report);
  EXPECT_EQ(root.getArray("inputs")->front().getAsObject()->getString("name"),
            "bad \xEF\xBF\xBD name");
}

TEST(Report, WritesATable) {
  Report report = makeSmallReport();
  report.model.layers[0].cycles = 1234567;
  report.model.layers[1].cycles = 8;
  report.model.cycleSource = "block timings of cortex-m4";
  std::string text;
  llvm::raw_string_ostream os(text);
  writeTable(report, os);
  EXPECT_EQ(text,
            R"(net on cortex-m4: flash 774 B, RAM 40 B, stack 80 B

layer                    code B  weights B  RAM B  stack B  MACs     cycles  operations
---------------------------------------------------------------------------------------------
sum                         300         64     32       64    64  1,234,567  fully_connected
scale                        60         16     20       64     4          8  mul relu
net.kernel_common           300          0                                   used by 2 layers
net.kernel_common.table       0         10
entry point, padding         24          0
---------------------------------------------------------------------------------------------
total                       684         90     40       80    68  1,234,575

Cycles are static estimates: block timings of cortex-m4.
)");
}

/// Two layers in a stream, and one behind it that overwrites what it reads
/// while an input is kept.
ModelInfo makeMappedModel() {
  ModelInfo model;
  model.arenaBytes = 400;
  for (llvm::StringRef name : {"image", "mask\n"})
    model.inputs.emplace_back().name = name.str();
  for (llvm::StringRef id : {"first", "second", "third", "last"})
    model.layers.emplace_back().id = id.str();
  model.layers[0].placements = {{"image", 0, 100, false}};
  model.layers[2].placements = {{"second", 200, 80, false},
                                {"third", 190, 80, true}};
  model.layers[3].placements = {{"third", 190, 80, false},
                                {"mask", 100, 50, false}};
  MemoryMap &map = model.memory;
  map.buffers = {
      {"image", BufferKind::input, 0, 100, 0, -1, 0, 1, 0},
      {"mask\n", BufferKind::input, 100, 50, 0, -1, 0, 3, 1},
      {"first", BufferKind::newest, 150, 20, 0, 0, 0, 1},
      {"first", BufferKind::ring, 280, 40, 2, 0, 0, 1},
      {"first", BufferKind::scratch, 360, 16, 0, 0, 0, 0},
      {"second", BufferKind::tensor, 200, 80, 0, 1, 0, 2},
      {"third", BufferKind::tensor, 190, 80, 0, 2, 2, 3},
      {"third", BufferKind::decoded, 300, 100, 0, 2, 2, 2},
      {"last", BufferKind::output, 0, 8, 0, 3, 3, 3},
  };
  map.streams = {{0, 1}};
  for (auto [index, layer] : llvm::enumerate(model.layers))
    layer.liveBytes = map.getLiveBytes(index);
  map.livePeak = 300;
  map.peakLayer = 0;
  map.bound = 290;
  return model;
}

std::string writeMap(const ModelInfo &model) {
  std::string text;
  llvm::raw_string_ostream os(text);
  writeMemoryMap(model, os);
  return text;
}

TEST(MemoryMap, CountsSharedBytesOnce) {
  ModelInfo model = makeMappedModel();
  EXPECT_EQ(model.memory.getLiveBytes(0), 306u);
  EXPECT_EQ(model.memory.getLiveBytes(1), 290u);
  EXPECT_EQ(model.memory.getLiveBytes(2), 240u);
  EXPECT_EQ(model.memory.getLiveBytes(3), 138u);
}

TEST(MemoryMap, IsDrawn) {
  EXPECT_EQ(writeMap(makeMappedModel()), R"(
RAM over time: the arena has 400 B; 300 are live at the peak, in first; no order of rows needs fewer than 290.

layer     live B  arena, 10 B a character                     bytes at offset
-------------------------------------------------------------------------------------------------------------------
image             |wwwwwwwwww                              |  100 at 0
mask?             |          wwwww                         |  50 at 100
stream       306  |rrrrrrrrrrkkkkk##...############....##..|  rows of 2 layers
  first           |               ww           wwww    ss  |  newest 20 at 150, 2 rows 40 at 280, scratch 16 at 360
  second          |                    wwwwwwww            |  80 at 200
third        240  |..........kkkkk....wxxxxxxxr..ssssssssss|  80 at 190, decoded 100 at 300; keeps mask?
last         138  |w.........rrrrr....rrrrrrrr.............|  8 at 0
w written; r read; x read and overwritten row by row; k kept for later layers; s scratch, sums, decoded weights; # used by the stream; . free
)");
}

TEST(MemoryMap, SaysHowFarRowsWouldGo) {
  ModelInfo model = makeMappedModel();
  model.memory.streams.clear();
  model.memory.peakLayer.reset();
  model.memory.rowBound = 1234;
  EXPECT_THAT(writeMap(model), Not(HasSubstr("--max-ram")));
  model.memory.rowBound = 123;
  EXPECT_THAT(
      writeMap(model),
      HasSubstr("300 are live at the peak, before the first layer; no order "
                "of layers needs fewer than 290, no order of rows (--max-ram) "
                "fewer than 123.\n"));
}

TEST(MemoryMap, ShowsTheLinesOfMostBytes) {
  ModelInfo model;
  model.arenaBytes = 1000;
  for (unsigned i = 0; i < 100; ++i) {
    LayerInfo &layer = model.layers.emplace_back();
    layer.id = "layer_" + std::to_string(i);
    layer.liveBytes = i % 10 == 3 ? 500 + i : 10;
    model.memory.buffers.push_back(
        {layer.id, BufferKind::tensor, 0, layer.liveBytes, 0, int(i), i, i});
  }
  std::string text = writeMap(model);
  EXPECT_THAT(text, HasSubstr("\nlayer_93"));
  EXPECT_THAT(text, Not(HasSubstr("\nlayer_94")));
  EXPECT_THAT(text, HasSubstr("6 lines of fewer bytes\n"));
  EXPECT_LE(llvm::StringRef(text).count('\n'), 50u);
}

TEST(MemoryMap, IsWrittenAsJSON) {
  Report report = makeSmallReport();
  report.model.memory = makeMappedModel().memory;
  llvm::json::Object root = parseJSON(report);
  llvm::json::Object &ram = *root.getObject("ram");
  EXPECT_EQ(ram.getInteger("arena"), 40);
  EXPECT_EQ(ram.getInteger("live_peak"), 300);
  EXPECT_EQ(ram.getInteger("peak_layer"), 0);
  EXPECT_EQ(ram.getInteger("bound"), 290);
  EXPECT_FALSE(ram.get("row_bound"));
  EXPECT_EQ(
      ram.getArray("streams")->front().getAsObject()->getInteger("last_layer"),
      1);
  llvm::json::Object &ring = *(*ram.getArray("buffers"))[3].getAsObject();
  EXPECT_EQ(ring.getString("name"), "first");
  EXPECT_EQ(ring.getString("kind"), "ring");
  EXPECT_EQ(ring.getInteger("offset"), 280);
  EXPECT_EQ(ring.getInteger("bytes"), 40);
  EXPECT_EQ(ring.getInteger("rows"), 2);
  EXPECT_EQ(ring.getInteger("first_layer"), 0);
  EXPECT_EQ(ring.getInteger("last_layer"), 1);
}

TEST(Budgets, HoldWithoutLimits) {
  EXPECT_TRUE(findExcesses(makeSmallReport(), {}).empty());
}

TEST(Budgets, HoldAtTheLimit) {
  Budgets budgets;
  budgets.maxFlash = 774;
  budgets.maxRam = 40;
  budgets.maxStack = 80;
  EXPECT_TRUE(findExcesses(makeSmallReport(), budgets).empty());
}

TEST(Budgets, NameTheLayerAndTheShortfall) {
  Budgets budgets;
  budgets.maxFlash = 700;
  budgets.maxRam = 39;
  budgets.maxStack = 79;
  auto excesses = findExcesses(makeSmallReport(), budgets);
  ASSERT_EQ(excesses.size(), 3u);
  EXPECT_EQ(excesses[0].layer, "sum");
  EXPECT_EQ(
      excesses[0].message,
      "expected at most 700 bytes of flash (--max-flash), but 'net' needs "
      "774, 74 too many; the layer 'sum' (model/dense/MatMul) needs most, "
      "364; raise the limit, try -Os or shrink the model");
  EXPECT_THAT(excesses[1].message, HasSubstr("39 bytes of RAM (--max-ram), but "
                                             "'net' needs 40, 1 too many"));
  EXPECT_THAT(excesses[2].message,
              HasSubstr("79 bytes of stack (--max-stack)"));
}

} // namespace
