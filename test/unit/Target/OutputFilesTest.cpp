//===- OutputFilesTest.cpp - Tests of writing all files or none -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Success, replacement, and that a failure leaves nothing behind.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/OutputFiles.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <csignal>
#include <sys/resource.h>

using namespace thimble;
using mlir::failed;
using mlir::succeeded;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
namespace fs = llvm::sys::fs;

namespace {

class OutputFiles : public testing::Test {
protected:
  OutputFiles() {
    EXPECT_FALSE(fs::createUniqueDirectory("thimble-output", folder));
    context.getDiagEngine().registerHandler(
        [this](mlir::Diagnostic &diagnostic) {
          errors.push_back(diagnostic.str());
        });
  }
  ~OutputFiles() override { fs::remove_directories(folder); }

  std::string at(llvm::StringRef name) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, name);
    return path.str().str();
  }
  std::string read(llvm::StringRef name) {
    auto buffer = llvm::MemoryBuffer::getFile(at(name));
    return buffer ? (*buffer)->getBuffer().str() : "(no file)";
  }
  std::vector<std::string> list() {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; it != end && !error;
         it.increment(error))
      names.push_back(llvm::sys::path::filename(it->path()).str());
    return names;
  }
  mlir::LogicalResult write(llvm::ArrayRef<OutputFile> files) {
    return writeFiles(mlir::UnknownLoc::get(&context), files);
  }

  mlir::MLIRContext context;
  llvm::SmallString<128> folder;
  std::vector<std::string> errors;
};

TEST_F(OutputFiles, WritesAll) {
  ASSERT_TRUE(succeeded(write({{at("a.o"), "one"}, {at("a.h"), "two"}})));
  EXPECT_EQ(read("a.o"), "one");
  EXPECT_EQ(read("a.h"), "two");
  EXPECT_THAT(list(), UnorderedElementsAre("a.o", "a.h"));
}

TEST_F(OutputFiles, ReplacesOldFiles) {
  ASSERT_TRUE(succeeded(write({{at("a.o"), "a long old text"}})));
  ASSERT_TRUE(succeeded(write({{at("a.o"), "new"}})));
  EXPECT_EQ(read("a.o"), "new");
}

TEST_F(OutputFiles, RefusesAMissingFolder) {
  EXPECT_TRUE(failed(write({{at("a.o"), "one"}, {at("missing/a.h"), "two"}})));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_THAT(errors[0], HasSubstr("missing/a.h': No such file or directory"));
  EXPECT_THAT(list(), ElementsAre());
}

TEST_F(OutputFiles, RefusesADirectory) {
  ASSERT_FALSE(fs::create_directory(at("a.h")));
  EXPECT_TRUE(failed(write({{at("a.o"), "one"}, {at("a.h"), "two"}})));
  EXPECT_THAT(errors, ElementsAre(HasSubstr("a.h': it is a directory")));
  EXPECT_THAT(list(), ElementsAre("a.h"));
}

TEST_F(OutputFiles, RefusesTheSameNameTwice) {
  EXPECT_TRUE(failed(write({{at("a.h"), "object"}, {at("a.h"), "header"}})));
  EXPECT_THAT(errors,
              ElementsAre(HasSubstr("a.h': two outputs have this name")));
  EXPECT_THAT(list(), ElementsAre());
}

TEST_F(OutputFiles, KeepsOldFilesOnFailure) {
  ASSERT_TRUE(succeeded(write({{at("a.o"), "old"}})));
  EXPECT_TRUE(failed(write({{at("a.o"), "new"}, {at("no/a.h"), "two"}})));
  EXPECT_EQ(read("a.o"), "old");
  EXPECT_THAT(list(), ElementsAre("a.o"));
}

TEST_F(OutputFiles, WritesToDevices) {
  EXPECT_TRUE(succeeded(write({{"/dev/null", "gone"}})));
  EXPECT_TRUE(fs::exists("/dev/null"));
}

TEST_F(OutputFiles, ReportsAFullDevice) {
  EXPECT_TRUE(failed(write({{at("a.o"), "one"}, {"/dev/full", "two"}})));
  EXPECT_THAT(errors,
              ElementsAre(HasSubstr("/dev/full': No space left on device")));
  EXPECT_THAT(list(), ElementsAre());
}

TEST_F(OutputFiles, RemovesWhatDoesNotFit) {
  rlimit old, small;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  small = old;
  small.rlim_cur = 1000;
  auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string large(2000, 'x');
  mlir::LogicalResult result = write({{at("a.o"), "one"}, {at("a.h"), large}});
  setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  EXPECT_TRUE(failed(result));
  EXPECT_THAT(errors, ElementsAre(HasSubstr("a.h': File too large")));
  EXPECT_THAT(list(), ElementsAre());
}

} // namespace
