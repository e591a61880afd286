//===- EvaluatorTest.cpp - Functions run in the process -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small functions against numbers worked out here; whole networks against the
// reference's outputs, where they are ($THIMBLE_SHARED).
//
//===----------------------------------------------------------------------===//

#include "thimble/Evaluation/Evaluator.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "thimble/Import/TFLite.h"
#include "thimble/InitAll.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Process.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {
class EvaluatorTest : public testing::Test {
protected:
  EvaluatorTest() {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
  }

  func::FuncOp parse(StringRef text, StringRef name = "m") {
    module = parseSourceString<ModuleOp>(text, &context);
    return module ? module->lookupSymbol<func::FuncOp>(name) : func::FuncOp();
  }
  std::unique_ptr<Evaluator> compile(func::FuncOp function,
                                     ArrayRef<std::string> taps = {}) {
    auto evaluator = Evaluator::compile(function, taps);
    return succeeded(evaluator) ? std::move(*evaluator) : nullptr;
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

std::vector<float> outputOf(const Evaluator &evaluator,
                            const Evaluator::Frame &frame, unsigned index) {
  std::vector<float> values(evaluator.getOutputs()[index].elements);
  frame.getOutput(index, values);
  return values;
}
} // namespace

constexpr StringRef twoInputs = R"(
  func.func @other() { return }
  func.func private @m(%x: tensor<1x4xf32>, %y: tensor<1x4xf32>)
      -> (tensor<1x4xf32> {thimble.name = "sum"}, tensor<1x4xf32>) {
    %0 = thimble.relu %x {thimble.id = "relu"}
      : (tensor<1x4xf32>) -> tensor<1x4xf32>
    %1 = thimble.add %0, %y {thimble.id = "add",
        activation = #thimble.activation<relu6>}
      : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
    %2 = thimble.relu %1 {thimble.id = "last"}
      : (tensor<1x4xf32>) -> tensor<1x4xf32>
    return %1, %2 : tensor<1x4xf32>, tensor<1x4xf32>
  })";

TEST_F(EvaluatorTest, RunsWithTaps) {
  func::FuncOp function = parse(twoInputs);
  ASSERT_TRUE(function);
  auto evaluator = compile(function, {"relu", "add"});
  ASSERT_TRUE(evaluator);
  EXPECT_EQ(evaluator->getInputs().size(), 2u);
  EXPECT_EQ(evaluator->getOutputs().size(), 4u);
  EXPECT_EQ(evaluator->getResultCount(), 2u);
  Evaluator::Frame frame(*evaluator);
  for (float shift : {0.0f, 1.0f}) {
    frame.setInput(0, {-1, 2, 5, -0.5f});
    frame.setInput(1, {1 + shift, 1, 3, -2});
    frame.run();
    EXPECT_THAT(outputOf(*evaluator, frame, 0),
                ElementsAre(1 + shift, 3, 6, 0));
    EXPECT_THAT(outputOf(*evaluator, frame, 2), ElementsAre(0, 2, 5, 0));
    EXPECT_THAT(outputOf(*evaluator, frame, 3), outputOf(*evaluator, frame, 0));
    EXPECT_THAT(frame.getFloats(1), ElementsAre(1 + shift, 3, 6, 0));
  }
  // The module is as it was.
  EXPECT_TRUE(function.isPrivate());
  EXPECT_EQ(function.getNumResults(), 2u);
}

TEST_F(EvaluatorTest, QuantizesInputs) {
  auto evaluator = compile(parse(R"(
    !q = !quant.uniform<i8:f32, 0.5:-3>
    func.func @m(%x: tensor<1x6x!q>) -> tensor<1x6x!q> {
      %0 = thimble.relu %x {thimble.id = "relu"}
        : (tensor<1x6x!q>) -> tensor<1x6x!q>
      return %0 : tensor<1x6x!q>
    })"));
  ASSERT_TRUE(evaluator);
  Evaluator::Frame frame(*evaluator);
  frame.setInput(0, {-100, 0.25f, 0.74f, 0.76f, 64, 1000});
  frame.run();
  EXPECT_THAT(outputOf(*evaluator, frame, 0),
              ElementsAre(0, 0.5f, 0.5f, 1, 64, 65));
  EXPECT_EQ(frame.getOutputBytes(0), StringRef("\xfd\xfe\xfe\xff\x7d\x7f", 6));
  frame.setInputBytes(0, "\x01\x02\x03\x04\x05\x06");
  frame.run();
  EXPECT_EQ(frame.getOutputBytes(0), "\x01\x02\x03\x04\x05\x06");
}

TEST_F(EvaluatorTest, SaysWhatItCannotDo) {
  func::FuncOp function = parse(twoInputs);
  ASSERT_TRUE(function);
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message += diagnostic.str();
    return success();
  });
  EXPECT_FALSE(compile(function, {"absent"}));
  EXPECT_THAT(message, HasSubstr("expected an op with the id 'absent'"));
  message.clear();
  func::FuncOp empty =
      parse("func.func @m(%x: tensor<4xf32>) -> tensor<4xf32> { return %x : "
            "tensor<4xf32> }");
  EXPECT_FALSE(compile(empty));
  EXPECT_THAT(message, HasSubstr("expected results that ops compute"));
}

TEST_F(EvaluatorTest, RunsSamplesInLanes) {
  auto evaluator = compile(parse(twoInputs));
  ASSERT_TRUE(evaluator);
  for (uint64_t count : {0, 1, 2, 7, 100}) {
    std::vector<uint64_t> seen[Evaluator::lanes];
    std::vector<float> results(count);
    llvm::Error error = evaluator->runAll(
        count,
        [&](uint64_t i, Evaluator::Frame &frame) {
          frame.setInput(0, {float(i), 0, 0, 0});
          frame.setInput(1, {-95, 0, 0, 0});
          return llvm::Error::success();
        },
        [&](unsigned lane, uint64_t i, const Evaluator::Frame &frame) {
          seen[lane].push_back(i);
          results[i] = frame.getFloats(0)[0];
        });
    EXPECT_FALSE(static_cast<bool>(error));
    EXPECT_EQ(seen[0].size() + seen[1].size(), count);
    for (unsigned lane : {0, 1})
      for (uint64_t i = 0; i < seen[lane].size(); ++i)
        EXPECT_EQ(seen[lane][i], 2 * i + lane);
    for (uint64_t i = 0; i < count; ++i)
      EXPECT_EQ(results[i], std::clamp(float(i) - 95, 0.0f, 6.0f));
  }
}

TEST_F(EvaluatorTest, ReturnsTheFirstError) {
  auto evaluator = compile(parse(twoInputs));
  ASSERT_TRUE(evaluator);
  for (int repeat = 0; repeat < 20; ++repeat) {
    llvm::Error error = evaluator->runAll(
        50,
        [&](uint64_t i, Evaluator::Frame &) {
          return i == 17 || i > uint64_t(17 + repeat % 3)
                     ? llvm::createStringError("sample " + std::to_string(i))
                     : llvm::Error::success();
        },
        [](unsigned, uint64_t, const Evaluator::Frame &) {});
    EXPECT_EQ(llvm::toString(std::move(error)), "sample 17");
  }
}

static std::string sharedModels() {
  std::string folder =
      llvm::sys::Process::GetEnv("THIMBLE_SHARED").value_or("../shared");
  return folder + "/models/";
}

static std::string readAll(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  EXPECT_TRUE(static_cast<bool>(buffer)) << path;
  return buffer ? (*buffer)->getBuffer().str() : "";
}

class NetworkTest : public EvaluatorTest,
                    public testing::WithParamInterface<const char *> {};

TEST_P(NetworkTest, GivesTheReferenceOutputs) {
  std::string folder = sharedModels() + GetParam();
  if (!llvm::sys::fs::is_directory(folder))
    GTEST_SKIP() << "no " << folder << ": set THIMBLE_SHARED";
  auto file = llvm::MemoryBuffer::getFile(folder + "/model.tflite");
  ASSERT_TRUE(static_cast<bool>(file));
  ImportOptions options;
  options.name = "m";
  module = importTFLite((*file)->getMemBufferRef(), options, &context);
  ASSERT_TRUE(module);
  auto function = module->lookupSymbol<func::FuncOp>("m");
  // Every op tapped: nothing may change what the others compute.
  std::vector<std::string> taps;
  for (Operation &op : function.front())
    if (auto id = op.getAttrOfType<StringAttr>("thimble.id"))
      taps.push_back(id.str());
  auto plain = compile(function), tapped = compile(function, taps);
  ASSERT_TRUE(plain && tapped);
  Evaluator::Frame frame(*plain), tappedFrame(*tapped);
  for (int vector = 0; vector < 3; ++vector) {
    std::string number = std::to_string(vector);
    std::string input = readAll(folder + "/input_" + number + "_0.bin");
    std::string expected = readAll(folder + "/output_" + number + "_0.bin");
    frame.setInputBytes(0, input);
    frame.run();
    tappedFrame.setInputBytes(0, input);
    tappedFrame.run();
    EXPECT_EQ(frame.getOutputBytes(0), tappedFrame.getOutputBytes(0));
    // The last op is the network's result.
    EXPECT_EQ(frame.getOutputBytes(0),
              tappedFrame.getOutputBytes(tapped->getOutputs().size() - 1));
    if (!plain->getOutputs()[0].isFloat) {
      EXPECT_EQ(frame.getOutputBytes(0), expected);
      continue;
    }
    // As thimble-run compares floats (Execution/Comparison.h).
    for (auto [i, found] : llvm::enumerate(frame.getFloats(0))) {
      float value;
      std::memcpy(&value, &expected[i * 4], 4);
      EXPECT_NEAR(found, value, 2e-5 * std::max(1.0f, std::abs(value)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shared, NetworkTest,
                         testing::Values("ic", "ic_f32", "kws", "kws_f32", "ad",
                                         "ad_f32"));
