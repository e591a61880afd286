//===- CycleProfileTest.cpp - The counter's report by layer ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reports as tools/thimble-cycles writes them, and such as it never should.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/CycleProfile.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace thimble;
using testing::HasSubstr;

static ModelInfo makeModel() {
  ModelInfo model;
  model.name = "net";
  model.layers.resize(2);
  model.layers[0].id = "conv_2d_0";
  model.layers[0].source = "first \xff layer";
  model.layers[0].macs = 1000;
  model.layers[1].id = "reshape_1"; // without code
  return model;
}

static const char *report = R"({
  "schema": 1, "core": "cortex-m4", "estimate": false, "invocations": 2,
  "total": {"instructions": 5010, "cycles": 7020},
  "min": {"instructions": 2500, "cycles": 3500},
  "max": {"instructions": 2510, "cycles": 3520},
  "layers": [
    {"name": "net.conv_2d_0", "calls": 2, "instructions": 5000, "cycles": 7000},
    {"name": "invoke", "calls": 2, "instructions": 10, "cycles": 20}],
  "classes": {}})";

TEST(CycleProfile, ReadsTheCountersReport) {
  auto profile = parseProfile(makeModel(), report);
  ASSERT_TRUE(static_cast<bool>(profile))
      << llvm::toString(profile.takeError());
  EXPECT_EQ(profile->invocations, 2u);
  EXPECT_EQ(profile->total.instructions, 5010u);
  ASSERT_EQ(profile->layers.size(), 3u);
  EXPECT_EQ(profile->layers[0].id, "conv_2d_0");
  EXPECT_EQ(profile->layers[0].count.cycles, 7000u);
  EXPECT_EQ(profile->layers[1].calls, 0u);
  EXPECT_EQ(profile->layers[2].id, "invoke");
  EXPECT_EQ(profile->layers[2].count.instructions, 10u);
}

TEST(CycleProfile, RefusesOtherReports) {
  auto isRefused = [](std::string text) {
    auto profile = parseProfile(makeModel(), text);
    bool isError = !profile;
    if (isError)
      llvm::consumeError(profile.takeError());
    return isError;
  };
  auto with = [](llvm::StringRef from, llvm::StringRef to) {
    std::string text = report;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_TRUE(isRefused("")); // the emulator died
  EXPECT_TRUE(isRefused("[]"));
  EXPECT_TRUE(isRefused(with("\"schema\": 1", "\"schema\": 2")));
  EXPECT_TRUE(isRefused(with("\"invocations\": 2", "\"invocations\": 0")));
  EXPECT_TRUE(isRefused(with("\"total\"", "\"sum\"")));
  EXPECT_TRUE(isRefused(with("\"calls\": 2", "\"calls\": \"2\"")));
  EXPECT_TRUE(isRefused(with("\"layers\"", "\"functions\"")));
}

TEST(CycleProfile, PrintsOneInference) {
  auto profile = parseProfile(makeModel(), report);
  ASSERT_TRUE(static_cast<bool>(profile));
  std::string text;
  llvm::raw_string_ostream stream(text);
  writeProfileTable(makeModel(), *profile, stream);
  EXPECT_THAT(
      text, testing::ContainsRegex("conv_2d_0 +2500 +3500 +1000 +2.50 +3.50"));
  EXPECT_THAT(text, testing::ContainsRegex("invoke +5 +10 +0"));
  EXPECT_THAT(text, testing::ContainsRegex("total +2505 +3510 +1000"));
  EXPECT_THAT(text, HasSubstr("mean of 2 inferences (2500 to 2510"));
}

TEST(CycleProfile, WritesADocument) {
  auto profile = parseProfile(makeModel(), report);
  ASSERT_TRUE(static_cast<bool>(profile));
  std::string text;
  llvm::raw_string_ostream stream(text);
  writeProfileJSON(makeModel(), *profile, StackUse{128, 144}, stream);
  auto value = llvm::json::parse(text);
  ASSERT_TRUE(static_cast<bool>(value)) << llvm::toString(value.takeError());
  const llvm::json::Object &root = *value->getAsObject();
  EXPECT_EQ(root.getObject("stack")->getInteger("bound"), 144);
  const llvm::json::Array &layers = *root.getArray("layers");
  ASSERT_EQ(layers.size(), 3u);
  EXPECT_EQ(layers[0].getAsObject()->getInteger("macs"), 1000);
  EXPECT_EQ(layers[2].getAsObject()->getString("id"), "invoke");
}

TEST(CycleProfile, RefusesAnImageThatIsNone) {
  auto symbols = makeSymbolFile(makeModel(), "not an ELF file");
  EXPECT_FALSE(static_cast<bool>(symbols));
  llvm::consumeError(symbols.takeError());
}
