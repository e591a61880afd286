//===- FunctionNetworkTest.cpp - Simulated integers against true ones -----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Small float networks with random weights are quantized; the simulation that
// training runs on must give what the integer function gives, within some
// steps of its result.
//
//===----------------------------------------------------------------------===//

#include "FunctionNetwork.h"
#include "ValueStore.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/Evaluator.h"
#include "thimble/Evaluation/ModelSamples.h"
#include "thimble/InitAll.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"
#include <random>

using namespace mlir;
using namespace thimble;

namespace {
class FunctionNetworkTest : public testing::Test {
protected:
  FunctionNetworkTest() {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
  }

  std::vector<float> makeNumbers(int64_t count, float size) {
    std::uniform_real_distribution<float> distribution(-size, size);
    std::vector<float> numbers(count);
    for (float &number : numbers)
      number = distribution(random);
    return numbers;
  }

  /// A constant `name` of random numbers up to `size`.
  std::string constant(StringRef name, ArrayRef<int64_t> shape, float size) {
    std::string type;
    int64_t count = 1;
    for (int64_t dimension : shape) {
      type += std::to_string(dimension) + "x";
      count *= dimension;
    }
    std::vector<float> numbers = makeNumbers(count, size);
    std::string hex =
        llvm::toHex(StringRef(reinterpret_cast<const char *>(numbers.data()),
                              numbers.size() * sizeof(float)));
    return llvm::formatv("%{0} = thimble.constant dense<\"0x{1}\"> : "
                         "tensor<{2}f32> : tensor<{2}f32>\n",
                         name, hex, type);
  }

  /// Quantizes `body`, a function of a 1x6x6x4 tensor in [-1, 1], and expects
  /// the simulation of its result to be at most `steps` off.
  void expectNear(const std::string &body, StringRef result, float steps) {
    std::string text =
        "func.func @m(%x: tensor<1x6x6x4xf32> {thimble.range = [-1.0 : f32, "
        "1.0 : f32]}) -> " +
        result.str() + " {\n" + body + "  return %y : " + result.str() +
        "\n}\n";
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module) << text;
    PassManager passes(&context);
    passes.addPass(createQuantizePass());
    ASSERT_TRUE(succeeded(passes.run(*module)));
    FailureOr<func::FuncOp> model = findModel(*module);
    ASSERT_TRUE(succeeded(model));
    compare(*model, steps);
  }

  void compare(func::FuncOp model, float steps) {
    FailureOr<FunctionNetwork> function = FunctionNetwork::of(model);
    ASSERT_TRUE(succeeded(function));
    FailureOr<std::unique_ptr<Evaluator>> evaluator = Evaluator::compile(model);
    ASSERT_TRUE(succeeded(evaluator));
    constexpr int64_t samples = 16;
    int64_t size = tensorType(model.getArgument(0)).getNumElements();
    SampleBlock block;
    block.count = samples;
    block.inputs.push_back(makeNumbers(samples * size, 1));
    std::vector<float> simulated =
        runNetwork(function->network, function->parameters, block,
                   function->outputs)
            .front();
    const EvaluatedTensor &output = (*evaluator)->getOutputs()[0];
    std::vector<float> exact(output.elements);
    Evaluator::Frame frame(**evaluator);
    double moved = 0;
    for (int64_t sample = 0; sample < samples; ++sample) {
      frame.setInput(0, ArrayRef(block.inputs[0]).slice(sample * size, size));
      frame.run();
      frame.getOutput(0, exact);
      for (size_t i = 0; i < exact.size(); ++i) {
        EXPECT_NEAR(simulated[sample * exact.size() + i], exact[i],
                    steps * output.scale * 1.001f);
        moved = std::max(moved, std::abs(double(exact[i] - exact[0])));
      }
    }
    // Otherwise there was nothing to compare.
    EXPECT_GT(moved, 10 * output.scale);
  }

  MLIRContext context;
  std::mt19937 random{7};
};

/// Attributes of a convolution.
std::string window(StringRef id, int stride, int padding, StringRef rest = "") {
  return llvm::formatv(
      "{{thimble.id = \"{0}\", strides = array<i64: {1}, {1}>, dilations = "
      "array<i64: 1, 1>, padding = array<i64: {2}, {2}, {2}, {2}>{3}}",
      id, stride, padding, rest);
}

constexpr char range2[] = ", thimble.range = [-2.0 : f32, 2.0 : f32]";
constexpr char range02[] = ", thimble.range = [0.0 : f32, 2.0 : f32]";
} // namespace

TEST_F(FunctionNetworkTest, ResidualBlock) {
  std::string image = "tensor<1x6x6x4xf32>";
  expectNear(
      constant("w0", {4, 3, 3, 4}, 0.4f) + constant("b0", {4}, 0.2f) +
          constant("w1", {1, 3, 3, 4}, 0.5f) + constant("b1", {4}, 0.2f) +
          constant("w2", {5, 4}, 1.5f) + constant("b2", {5}, 0.2f) +
          "%0 = thimble.conv_2d %x, %w0, %b0 " +
          window("conv", 1, 1,
                 std::string(", activation = #thimble.activation<relu>") +
                     range02) +
          " : (" + image + ", tensor<4x3x3x4xf32>, tensor<4xf32>) -> " + image +
          "\n%1 = thimble.depthwise_conv_2d %0, %w1, %b1 " +
          window("depthwise", 1, 1, range2) + " : (" + image +
          ", tensor<1x3x3x4xf32>, tensor<4xf32>) -> " + image +
          "\n%2 = thimble.add %x, %1 {thimble.id = \"add\"" + range2 + "} : (" +
          image + ", " + image + ") -> " + image +
          "\n%3 = thimble.mean %2 {thimble.id = \"mean\", axes = array<i64: 1, "
          "2>" +
          range2 + "} : (" + image +
          ") -> tensor<1x4xf32>\n%4 = thimble.fully_connected %3, %w2, %b2 "
          "{thimble.id = \"fc\"" +
          range2 +
          "} : (tensor<1x4xf32>, tensor<5x4xf32>, tensor<5xf32>) -> "
          "tensor<1x5xf32>\n%y = thimble.softmax %4 {thimble.id = \"softmax\", "
          "beta = 1.0 : f32} : (tensor<1x5xf32>) -> tensor<1x5xf32>\n",
      "tensor<1x5xf32>", 3);
}

// Without relu6 as an op of its own: the lowering does not rescale to its
// result.
TEST_F(FunctionNetworkTest, PoolsAndCurves) {
  std::string image = "tensor<1x6x6x4xf32>", half = "tensor<1x3x3x4xf32>";
  std::string one = "(" + half + ") -> " + half + "\n";
  std::string two = "(" + half + ", " + half + ") -> " + half + "\n";
  auto pool = [](StringRef id) {
    return llvm::formatv(
               "{{thimble.id = \"{0}\", kernel_size = array<i64: 2, "
               "2>, strides = array<i64: 2, 2>, padding = array<i64: "
               "0, 0, 0, 0>, thimble.range = [-1.0 : f32, 1.0 : f32]}",
               id)
        .str();
  };
  expectNear(
      "%0 = thimble.average_pool_2d %x " + pool("average") + " : (" + image +
          ") -> " + half + "\n%1 = thimble.max_pool_2d %x " + pool("max") +
          " : (" + image + ") -> " + half +
          "\n%2 = thimble.sub %0, %1 {thimble.id = \"sub\"" + range2 +
          "} : " + two + "%3 = thimble.mul %2, %1 {thimble.id = \"mul\"" +
          range2 + "} : " + two +
          "%4 = thimble.tanh %3 {thimble.id = "
          "\"tanh\"} : " +
          one + "%5 = thimble.hard_swish %2 {thimble.id = \"swish\"" + range2 +
          "} : " + one +
          "%6 = thimble.leaky_relu %5 {alpha = 0.25 : f32, thimble.id = "
          "\"leaky\"" +
          range2 + "} : " + one +
          "%7 = thimble.add %4, %6 {thimble.id = \"add\"" + range2 + "} : " +
          two + "%y = thimble.logistic %7 {thimble.id = \"logistic\"} : " + one,
      half, 3);
}

TEST_F(FunctionNetworkTest, Moves) {
  std::string image = "tensor<1x6x6x4xf32>", wide = "tensor<1x7x6x4xf32>";
  std::string range = ", thimble.range = [-1.0 : f32, 1.0 : f32]";
  expectNear(
      "%0 = thimble.pad %x {thimble.id = \"pad\", low = array<i64: 0, 1, 0, "
      "0>, high = array<i64: 0, 0, 0, 0>" +
          range + "} : (" + image + ") -> " + wide +
          "\n%1 = thimble.strided_slice %0 {thimble.id = \"slice\", offsets = "
          "array<i64: 0, 0, 1, 0>, sizes = array<i64: 1, 4, 3, 4>, strides = "
          "array<i64: 1, 2, 2, 1>" +
          range + "} : (" + wide +
          ") -> tensor<1x4x3x4xf32>\n%2 = thimble.transpose %1 {thimble.id = "
          "\"transpose\", permutation = array<i64: 0, 2, 1, 3>" +
          range +
          "} : (tensor<1x4x3x4xf32>) -> tensor<1x3x4x4xf32>\n%3 = "
          "thimble.concatenation %2, %2 {thimble.id = \"join\", axis = 3 : "
          "i64" +
          range +
          "} : (tensor<1x3x4x4xf32>, tensor<1x3x4x4xf32>) -> "
          "tensor<1x3x4x8xf32>\n%y = thimble.reshape %3 {thimble.id = "
          "\"reshape\"" +
          range + "} : (tensor<1x3x4x8xf32>) -> tensor<1x96xf32>\n",
      "tensor<1x96xf32>", 0);
}
