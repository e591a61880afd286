//===- RowImportanceTest.cpp - Channels that matter more ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A network whose derivatives are its second weights.
//
//===----------------------------------------------------------------------===//

#include "RowImportance.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Evaluation/ModelSamples.h"
#include "thimble/InitAll.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;

TEST(RowImportance, IsTheSquareOfWhatComesBehind) {
  DialectRegistry registry;
  registerDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(R"(
    func.func @m(%x: tensor<1x2xf32>) -> tensor<1x1xf32> {
      %w = thimble.constant dense<1.0> : tensor<3x2xf32> : tensor<3x2xf32>
      %v = thimble.constant dense<[[2.0, -1.0, 0.0]]> : tensor<1x3xf32>
        : tensor<1x3xf32>
      %0 = thimble.fully_connected %x, %w {thimble.id = "first"}
        : (tensor<1x2xf32>, tensor<3x2xf32>) -> tensor<1x3xf32>
      %1 = thimble.fully_connected %0, %v {thimble.id = "second"}
        : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x1xf32>
      return %1 : tensor<1x1xf32>
    })",
                                                             &context);
  ASSERT_TRUE(module);
  FailureOr<FunctionNetwork> function =
      FunctionNetwork::of(*findModel(*module));
  ASSERT_TRUE(succeeded(function));
  SampleBlock samples;
  samples.count = 2;
  samples.inputs = {{1, 2, 3, 4}};
  std::vector<Eigen::VectorXd> importance =
      measureRowImportance(*function, samples);
  ASSERT_EQ(importance.size(), 2u);
  ASSERT_EQ(importance[0].size(), 3);
  // 4 : 1 : a tenth of the mean of 4, 1 and 0.
  EXPECT_NEAR(importance[0][0] / importance[0][1], 4, 1e-6);
  EXPECT_NEAR(importance[0][2] / importance[0][1], 0.5 / 3, 1e-6);
  EXPECT_NEAR(importance[0].prod(), 1, 1e-6);
  EXPECT_NEAR(importance[1][0], 1, 1e-6);
}
