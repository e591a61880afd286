//===- EmulatorJobTest.cpp - What the firmware is told and answers --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Word by word against runtime/include/thimble_rt/job.h.
//
//===----------------------------------------------------------------------===//

#include "EmulatorJob.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <cstring>

using namespace thimble;
using testing::ElementsAreArray;
using testing::HasSubstr;

static TensorInfo makeTensor(uint64_t bytes, uint64_t offset) {
  TensorInfo tensor;
  tensor.shape = {static_cast<int64_t>(bytes)};
  tensor.bytes = bytes;
  tensor.arenaOffset = offset;
  return tensor;
}

/// Two inputs, one output, one kept tensor.
static ModelInfo makeModel(IOMode mode) {
  ModelInfo model;
  model.name = "net";
  model.arenaBytes = 96;
  model.arenaAlignment = 16;
  model.ioMode = mode;
  model.inputs = {makeTensor(3, 0), makeTensor(2, 8)};
  model.outputs = {makeTensor(4, 32)};
  model.preserved.push_back({"add_0", makeTensor(1, 64)});
  return model;
}

static std::vector<uint32_t> words(const std::string &bytes, size_t count) {
  std::vector<uint32_t> result(count);
  EXPECT_GE(bytes.size(), 4 * count);
  std::memcpy(result.data(), bytes.data(), 4 * count);
  return result;
}

TEST(EmulatorJob, DescribesOneBlockForTheArena) {
  std::string job =
      formatJob(makeModel(IOMode::arena), 7, {"job", "in", "out", "result"});
  const uint32_t expected[] = {THIMBLE_JOB_MAGIC,
                               THIMBLE_JOB_VERSION,
                               7,
                               poisonWord,
                               1,
                               1,
                               2,
                               1,
                               1,
                               3,
                               4,
                               7, // bytes of the paths
                               96,
                               16,
                               0, // the arena
                               0,
                               0, // its argument
                               0,
                               0,
                               3,
                               0,
                               8,
                               2, // inputs
                               0,
                               32,
                               4, // output
                               0,
                               64,
                               1}; // kept tensor
  size_t count = std::size(expected);
  EXPECT_THAT(words(job, count), ElementsAreArray(expected));
  EXPECT_EQ(job.substr(4 * count), std::string("in\0out\0result\0", 14));
}

TEST(EmulatorJob, DescribesABlockForEveryPointer) {
  std::string job =
      formatJob(makeModel(IOMode::pointers), 1, {"job", "in", "out", "result"});
  const uint32_t expected[] = {THIMBLE_JOB_MAGIC,
                               THIMBLE_JOB_VERSION,
                               1,
                               poisonWord,
                               4,
                               4,
                               2,
                               1,
                               1,
                               3,
                               4,
                               7,
                               96,
                               16,
                               0,
                               3,
                               8,
                               1,
                               2,
                               8,
                               1,
                               4,
                               8,
                               0, // arena, inputs, output
                               0,
                               0,
                               1,
                               0,
                               2,
                               0,
                               3,
                               0, // arguments
                               1,
                               0,
                               3,
                               2,
                               0,
                               2, // inputs
                               3,
                               0,
                               4, // output
                               0,
                               64,
                               1}; // kept tensor
  EXPECT_THAT(words(job, std::size(expected)), ElementsAreArray(expected));
}

TEST(EmulatorJob, InterleavesInputsAndOutputsByVector) {
  ModelInfo model = makeModel(IOMode::arena);
  TensorVectors inputs;
  inputs.count = 2;
  inputs.tensors = {"abcdef", "12"
                              "34"};
  EXPECT_EQ(formatJobInput(model, inputs), "abc12def34");

  ExecutionResult result(model, inputs);
  ASSERT_TRUE(readJobOutput(model, "OUT0xOUT1y", result));
  EXPECT_EQ(result.outputs.tensors[0], "OUT0OUT1");
  EXPECT_EQ(result.preserved.tensors[0], "xy");
  EXPECT_FALSE(readJobOutput(model, "OUT0xOUT1", result));
  EXPECT_FALSE(readJobOutput(model, "OUT0xOUT1yz", result));
}

static std::string resultFile(uint32_t status) {
  uint32_t file[11] = {THIMBLE_RESULT_MAGIC,
                       THIMBLE_JOB_VERSION,
                       status,
                       3,
                       144,
                       0x10,
                       2,
                       static_cast<uint32_t>(-4),
                       5000,
                       4096,
                       2};
  return std::string(reinterpret_cast<char *>(file), sizeof file);
}

TEST(EmulatorJob, ReadsResults) {
  auto result = readJobResult(resultFile(THIMBLE_STATUS_OK));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->vectors_done, 3u);
  EXPECT_EQ(result->stack_bytes, 144u);
  EXPECT_EQ(result->offset, -4);
  EXPECT_FALSE(readJobResult("").has_value());
  EXPECT_FALSE(readJobResult(std::string(44, 'x')).has_value());
  EXPECT_FALSE(readJobResult(resultFile(0) + "x").has_value());
}

TEST(EmulatorJob, SaysWhatWentWrong) {
  auto describe = [](uint32_t status) {
    return describeFailure(*readJobResult(resultFile(status)));
  };
  EXPECT_THAT(describe(THIMBLE_STATUS_UNFINISHED), HasSubstr("did not return"));
  EXPECT_THAT(
      describe(THIMBLE_STATUS_NO_MEMORY),
      HasSubstr("needs 5000 bytes of RAM, the emulated board has 4096"));
  EXPECT_THAT(describe(THIMBLE_STATUS_IO_ERROR), HasSubstr("No such file"));
  EXPECT_THAT(describe(THIMBLE_STATUS_GUARD_OVERWRITTEN),
              HasSubstr("byte -4 of block 2 in vector 2"));
  EXPECT_THAT(describe(THIMBLE_STATUS_CONSTANT_OVERWRITTEN),
              HasSubstr("input 1 in vector 2"));
  EXPECT_THAT(describe(THIMBLE_STATUS_REGISTERS_CHANGED),
              HasSubstr("(set 0x00000010)"));
}
