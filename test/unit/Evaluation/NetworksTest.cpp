//===- NetworksTest.cpp - The evaluator on the project's networks ---------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every network of test/EndToEnd/Models with all its ops tapped against the
// reference's outputs; and the evaluator against an object that was compiled
// like a target's, bit by bit, floats included.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "thimble/Driver/Compilation.h"
#include "thimble/Evaluation/Evaluator.h"
#include "thimble/Execution/HostRunner.h"
#include "thimble/InitAll.h"
#include "thimble/Support/NpyFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;

namespace {
class NetworksTest : public testing::TestWithParam<std::string> {
protected:
  /// A compilation asks for what the command line says about passes.
  static void SetUpTestSuite() { registerPassManagerCLOptions(); }

  NetworksTest() {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    folder = std::string(THIMBLE_TEST_MODELS) + "/" + GetParam() + "/";
  }

  /// A compilation of the network for the host, loaded.
  std::unique_ptr<Compilation> load() {
    CompilationOptions options;
    options.input = folder + "model.tflite";
    options.name = "m";
    options.cpu = "host";
    auto compilation =
        std::make_unique<Compilation>(context, std::move(options));
    return succeeded(compilation->load()) ? std::move(compilation) : nullptr;
  }

  /// The elements of `<stem>.npy`, `<stem>_1.npy` and so on.
  std::vector<std::string> readFiles(StringRef stem) {
    std::vector<std::string> contents;
    for (int i = 0;; ++i) {
      std::string suffix = i == 0 ? "" : "_" + std::to_string(i);
      auto buffer =
          llvm::MemoryBuffer::getFile(folder + stem.str() + suffix + ".npy");
      if (!buffer)
        return contents;
      auto array = parseNpy((*buffer)->getBuffer());
      EXPECT_TRUE(static_cast<bool>(array));
      contents.push_back(array ? array->bytes.str() : "");
    }
  }

  MLIRContext context;
  std::string folder;
};

std::unique_ptr<Evaluator> compileWithAllTaps(ModuleOp module) {
  auto function = module.lookupSymbol<func::FuncOp>("m");
  std::vector<std::string> taps;
  for (Operation &op : function.front())
    if (auto id = op.getAttrOfType<StringAttr>("thimble.id"))
      taps.push_back(id.str());
  auto evaluator = Evaluator::compile(function, taps);
  return succeeded(evaluator) ? std::move(*evaluator) : nullptr;
}

/// Bit for bit, or floats as thimble-run compares them (Comparison.h).
void expectEqual(StringRef found, StringRef expected, bool isFloat) {
  if (!isFloat) {
    EXPECT_EQ(found, expected);
    return;
  }
  ASSERT_EQ(found.size(), expected.size());
  for (uint64_t i = 0; i < found.size() / 4; ++i) {
    double value = readNpyElement(NpyElement::float32, expected, i);
    EXPECT_NEAR(readNpyElement(NpyElement::float32, found, i), value,
                2e-5 * std::max(1.0, std::abs(value)));
  }
}

std::vector<std::string> allNetworks() {
  std::vector<std::string> names;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator i(THIMBLE_TEST_MODELS, error), end;
       i != end && !error; i.increment(error))
    if (llvm::sys::fs::exists(i->path() + "/model.tflite"))
      names.push_back(llvm::sys::path::filename(i->path()).str());
  llvm::sort(names);
  return names;
}
} // namespace

TEST_P(NetworksTest, GivesWhatTheReferenceAndTheObjectGive) {
  auto compilation = load();
  ASSERT_TRUE(compilation);
  auto evaluator = compileWithAllTaps(compilation->getModule());
  ASSERT_TRUE(evaluator);
  auto compiled = compilation->compile();
  ASSERT_TRUE(succeeded(compiled));
  const ModelInfo &model = compilation->getModelInfo();

  std::vector<std::string> inputs = readFiles("input");
  std::vector<std::string> expected = readFiles("expected");
  ASSERT_EQ(inputs.size(), evaluator->getInputs().size());
  ASSERT_EQ(expected.size(), evaluator->getResultCount());
  TensorVectors vectors;
  vectors.count = inputs[0].size() / evaluator->getInputs()[0].bytes;
  vectors.tensors.assign(inputs.begin(), inputs.end());
  auto onHost =
      runOnHost(UnknownLoc::get(&context), model, compiled->object, vectors);
  ASSERT_TRUE(succeeded(onHost));

  Evaluator::Frame frame(*evaluator);
  for (uint64_t vector = 0; vector < vectors.count; ++vector) {
    for (auto [i, input] : llvm::enumerate(evaluator->getInputs()))
      frame.setInputBytes(
          i, StringRef(inputs[i]).substr(vector * input.bytes, input.bytes));
    frame.run();
    for (unsigned i = 0; i < evaluator->getResultCount(); ++i) {
      const EvaluatedTensor &output = evaluator->getOutputs()[i];
      uint64_t at = vector * output.bytes;
      StringRef found = frame.getOutputBytes(i);
      expectEqual(found, StringRef(expected[i]).substr(at, output.bytes),
                  output.isFloat);
      EXPECT_EQ(found,
                StringRef(onHost->outputs.tensors[i]).substr(at, output.bytes));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(EndToEnd, NetworksTest,
                         testing::ValuesIn(allNetworks()),
                         [](const auto &info) { return info.param; });
