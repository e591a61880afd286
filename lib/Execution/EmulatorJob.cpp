//===- EmulatorJob.cpp - What the firmware is told and answers ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files are little-endian words, whatever the host is.
//
//===----------------------------------------------------------------------===//

#include "EmulatorJob.h"
#include "thimble_rt/abi.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace thimble;

static_assert(maxArguments == THIMBLE_JOB_MAX_ARGUMENTS);
static_assert(guardBytes == THIMBLE_JOB_GUARD_BYTES);

namespace {
/// Collects the parts of a job in the order of the file.
class JobWriter {
public:
  JobWriter(const ModelInfo &model) : model(model) {}
  std::string write(uint64_t count, const JobFiles &files);

private:
  void add(ArrayRef<uint64_t> words) { append(body, words); }
  static void append(std::string &text, ArrayRef<uint64_t> words);
  void addBlocks();
  void addRanges(ArrayRef<TensorInfo> tensors, uint64_t firstBlock,
                 bool isInput);
  /// Blocks of memory, and as many arguments.
  uint64_t blockCount() const;

  const ModelInfo &model;
  std::string body;
};
} // namespace

void JobWriter::append(std::string &text, ArrayRef<uint64_t> words) {
  for (uint64_t word : words) {
    char bytes[4];
    llvm::support::endian::write32le(bytes, static_cast<uint32_t>(word));
    text.append(bytes, sizeof bytes);
  }
}

/// The blocks, then as many arguments.
void JobWriter::addBlocks() {
  add({model.arenaBytes, model.arenaAlignment, 0});
  bool hasPointers = model.ioMode == IOMode::pointers;
  for (auto [index, tensor] : llvm::enumerate(model.inputs))
    if (hasPointers || model.isFed(index))
      add({tensor.bytes, THIMBLE_ABI_IO_ALIGNMENT, THIMBLE_JOB_BLOCK_CONSTANT});
  if (hasPointers)
    for (const TensorInfo &tensor : model.outputs)
      add({tensor.bytes, THIMBLE_ABI_IO_ALIGNMENT, 0});
  if (model.stateBytes > 0)
    add({model.stateBytes, model.stateAlignment, THIMBLE_JOB_BLOCK_STATE});
  for (uint64_t i = 0; i < blockCount(); ++i)
    add({i, 0});
}

uint64_t JobWriter::blockCount() const {
  uint64_t states = model.stateBytes > 0;
  switch (model.ioMode) {
  case IOMode::arena:
    return 1 + states;
  case IOMode::pointers:
    return 1 + model.inputs.size() + model.outputs.size() + states;
  case IOMode::rows:
    return 2;
  }
  llvm_unreachable("covered switch");
}

void JobWriter::addRanges(ArrayRef<TensorInfo> tensors, uint64_t firstBlock,
                          bool isInput) {
  for (auto [index, tensor] : llvm::enumerate(tensors))
    if (model.ioMode == IOMode::pointers || (isInput && model.isFed(index)))
      add({firstBlock + index, 0, tensor.bytes});
    else
      add({0, tensor.arenaOffset, tensor.bytes});
}

std::string JobWriter::write(uint64_t count, const JobFiles &files) {
  addBlocks();
  addRanges(model.inputs, 1, /*isInput=*/true);
  addRanges(model.outputs, 1 + model.inputs.size(), /*isInput=*/false);
  for (const PreservedTensor &preserved : model.preserved)
    add({0, preserved.tensor.arenaOffset, preserved.tensor.bytes});
  uint64_t blocks = blockCount();
  std::string job;
  append(job, {THIMBLE_JOB_MAGIC, THIMBLE_JOB_VERSION, count, poisonWord,
               blocks, blocks, model.inputs.size(), model.outputs.size(),
               model.preserved.size(), files.input.size() + 1,
               files.output.size() + 1, files.result.size() + 1});
  job += body;
  for (const std::string &path : {files.input, files.output, files.result})
    job.append(path.c_str(), path.size() + 1);
  return job;
}

std::string thimble::formatJob(const ModelInfo &model, uint64_t count,
                               const JobFiles &files) {
  return JobWriter(model).write(count, files);
}

std::string thimble::formatJobInput(const ModelInfo &model,
                                    const TensorVectors &inputs) {
  std::string bytes;
  for (uint64_t vector = 0; vector < inputs.count; ++vector)
    for (auto [index, tensor] : llvm::enumerate(model.inputs))
      bytes.append(inputs.tensors[index], vector * tensor.bytes, tensor.bytes);
  return bytes;
}

bool thimble::readJobOutput(const ModelInfo &model, StringRef bytes,
                            ExecutionResult &result) {
  auto take = [&](std::string &values, uint64_t size) {
    values += bytes.take_front(size);
    bool isWhole = bytes.size() >= size;
    bytes = bytes.drop_front(std::min<uint64_t>(size, bytes.size()));
    return isWhole;
  };
  bool isWhole = true;
  for (uint64_t vector = 0; vector < result.outputs.count; ++vector) {
    for (auto [index, tensor] : llvm::enumerate(model.outputs))
      isWhole &= take(result.outputs.tensors[index], tensor.bytes);
    for (auto [index, preserved] : llvm::enumerate(model.preserved))
      isWhole &= take(result.preserved.tensors[index], preserved.tensor.bytes);
  }
  return isWhole && bytes.empty();
}

std::optional<thimble_result> thimble::readJobResult(StringRef bytes) {
  thimble_result result = {};
  constexpr size_t wordCount = sizeof result / sizeof(uint32_t);
  if (bytes.size() != sizeof result)
    return std::nullopt;
  uint32_t words[wordCount];
  for (size_t i = 0; i < wordCount; ++i)
    words[i] = llvm::support::endian::read32le(bytes.data() + 4 * i);
  std::memcpy(&result, words, sizeof result);
  if (result.magic != THIMBLE_RESULT_MAGIC ||
      result.version != THIMBLE_JOB_VERSION)
    return std::nullopt;
  return result;
}

std::string thimble::describeFailure(const thimble_result &result) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  StringRef blame = "; this is a mistake of the compiler";
  switch (result.status) {
  case THIMBLE_STATUS_UNFINISHED:
    stream << "the model did not return in vector " << result.vectors_done;
    break;
  case THIMBLE_STATUS_BAD_JOB:
    stream << "the firmware does not understand its job: build Thimble again";
    break;
  case THIMBLE_STATUS_NO_MEMORY:
    stream << "the model needs " << result.memory_needed
           << " bytes of RAM, the emulated board has "
           << result.memory_available << " for it";
    break;
  case THIMBLE_STATUS_IO_ERROR:
    stream << "the firmware could not read or write its files: "
           << std::generic_category().message(result.io_error);
    break;
  case THIMBLE_STATUS_GUARD_OVERWRITTEN:
    stream << "the model wrote outside its memory: byte " << result.offset
           << " of block " << result.block << " in vector "
           << result.vectors_done - 1 << blame;
    break;
  case THIMBLE_STATUS_CONSTANT_OVERWRITTEN:
    stream << "the model wrote to its input " << result.block - 1
           << " in vector " << result.vectors_done - 1 << blame;
    break;
  case THIMBLE_STATUS_REGISTERS_CHANGED:
    stream << "the model did not preserve registers (set "
           << llvm::format_hex(result.registers, 10) << ") in vector "
           << result.vectors_done - 1 << blame;
    break;
  default:
    stream << "the firmware gave the unknown status " << result.status;
  }
  return text;
}
