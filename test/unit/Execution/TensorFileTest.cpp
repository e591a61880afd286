//===- TensorFileTest.cpp - A model's tensors in files --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vectors in .npy and in raw files, and what is said about wrong ones.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/TensorFile.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "thimble/Support/NpyFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/raw_ostream.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace thimble;
using testing::HasSubstr;

namespace {
class TensorFileTest : public testing::Test {
protected:
  TensorFileTest()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          errors += diagnostic.str() + "\n";
        }) {
    tensor.name = "x";
    tensor.shape = {1, 3};
    tensor.bytes = 3;
    tensor.scale = 0.5f;
    tensor.zeroPoint = -1;
  }
  ~TensorFileTest() override {
    for (const std::string &path : paths)
      llvm::sys::fs::remove(path);
  }

  std::string write(llvm::StringRef extension, llvm::StringRef bytes) {
    llvm::SmallString<128> path;
    int descriptor;
    EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("thimble-test", extension,
                                                    descriptor, path));
    llvm::raw_fd_ostream(descriptor, /*shouldClose=*/true) << bytes;
    paths.push_back(path.str().str());
    return paths.back();
  }

  mlir::FailureOr<TensorVectors> read(llvm::ArrayRef<TensorInfo> tensors,
                                      llvm::ArrayRef<std::string> files) {
    return readTensors(mlir::UnknownLoc::get(&context), tensors, files, "input",
                       "input");
  }
  /// What is said about one file for `tensor`.
  std::string errorOf(const std::string &path) {
    errors.clear();
    EXPECT_TRUE(mlir::failed(read(tensor, {path})));
    return errors;
  }

  mlir::MLIRContext context;
  std::string errors;
  mlir::ScopedDiagnosticHandler handler;
  TensorInfo tensor;
  std::vector<std::string> paths;
};
} // namespace

TEST_F(TensorFileTest, ReadsOneVectorWithoutAnAxis) {
  auto npy =
      read(tensor, {write("npy", formatNpy(NpyElement::int8, {1, 3}, "abc"))});
  ASSERT_TRUE(mlir::succeeded(npy));
  EXPECT_EQ(npy->count, 1u);
  EXPECT_FALSE(npy->hasAxis);
  EXPECT_EQ(npy->tensors[0], "abc");
  auto raw = read(tensor, {write("bin", "abc")});
  ASSERT_TRUE(mlir::succeeded(raw));
  EXPECT_FALSE(raw->hasAxis);
}

TEST_F(TensorFileTest, ReadsVectorsByAnAxisOrBySize) {
  for (const std::string &path :
       {write("npy", formatNpy(NpyElement::int8, {2, 1, 3}, "abcdef")),
        write("bin", "abcdef")}) {
    auto vectors = read(tensor, {path});
    ASSERT_TRUE(mlir::succeeded(vectors));
    EXPECT_EQ(vectors->count, 2u);
    EXPECT_TRUE(vectors->hasAxis);
    EXPECT_EQ(vectors->tensors[0], "abcdef");
  }
}

TEST_F(TensorFileTest, RefusesFilesThatAreNotTheTensor) {
  EXPECT_THAT(errorOf(write("bin", "abcd")),
              HasSubstr("expected int8[1,3], 3 bytes a vector, found 4"));
  EXPECT_THAT(errorOf(write("bin", "")), HasSubstr("at least one vector"));
  EXPECT_THAT(errorOf(write("npy", formatNpy(NpyElement::int8, {0, 1, 3}, ""))),
              HasSubstr("at least one vector"));
  EXPECT_THAT(
      errorOf(write("npy", formatNpy(NpyElement::uint8, {1, 3}, "abc"))),
      HasSubstr("expected int8[1,3], or one more axis in front of it, found "
                "uint8[1,3]"));
  EXPECT_THAT(errorOf(write("npy", formatNpy(NpyElement::int8, {3, 1}, "abc"))),
              HasSubstr("found int8[3,1]"));
  EXPECT_THAT(errorOf(write("npy", "abc")), HasSubstr("magic"));
  EXPECT_THAT(errorOf("/nowhere/x.npy"), HasSubstr("cannot read it"));
}

TEST_F(TensorFileTest, RefusesAnotherNumberOfFilesOrVectors) {
  EXPECT_TRUE(mlir::failed(read(tensor, {})));
  EXPECT_THAT(errors, HasSubstr("expected 1 --input file (.npy, or raw bytes), "
                                "found 0: input 0 'x' int8[1,3] (3 bytes)"));
  errors.clear();
  EXPECT_TRUE(mlir::failed(
      read({tensor, tensor}, {write("bin", "abcdef"), write("bin", "abc")})));
  EXPECT_THAT(errors, HasSubstr("expected 2 vectors as in"));
}

TEST_F(TensorFileTest, WritesAnAxisIfTheInputsHadOne) {
  TensorVectors vectors;
  vectors.count = 2;
  vectors.hasAxis = true;
  EXPECT_EQ(formatTensorFile("y.npy", tensor, vectors, "abcdef"),
            formatNpy(NpyElement::int8, {2, 1, 3}, "abcdef"));
  vectors.count = 1;
  vectors.hasAxis = false;
  EXPECT_EQ(formatTensorFile("y.npy", tensor, vectors, "abc"),
            formatNpy(NpyElement::int8, {1, 3}, "abc"));
  EXPECT_EQ(formatTensorFile("y.bin", tensor, vectors, "abc"), "abc");
}

TEST_F(TensorFileTest, PrintsStoredAndRealValues) {
  TensorVectors vectors;
  vectors.tensors = {std::string("\x01\xff\x80", 3)};
  std::string text;
  llvm::raw_string_ostream stream(text);
  printTensors(tensor, vectors, stream);
  EXPECT_EQ(text, "output 0 'x' int8[1,3]\n"
                  "  1 -1 -128\n"
                  " with scale 0.5 and zero point -1:\n"
                  "  1 0 -63.5\n");
}
