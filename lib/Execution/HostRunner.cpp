//===- HostRunner.cpp - Runs a model in this process ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory is guarded and poisoned as the firmware of the emulated boards does it
// (runtime/src/runner), so that both find the same mistakes.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/HostRunner.h"
#include "mlir/IR/Diagnostics.h"
#include "thimble/Execution/HostCode.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemAlloc.h"

using namespace mlir;
using namespace thimble;

namespace {
/// Memory that a model works in, between two guards.
class GuardedBlock {
public:
  GuardedBlock(uint64_t bytes, uint64_t alignment)
      : bytes(bytes), alignment(std::max<uint64_t>(alignment, guardBytes)),
        memory(static_cast<char *>(
            llvm::allocate_buffer(size(), this->alignment))) {}
  ~GuardedBlock() { llvm::deallocate_buffer(memory, size(), alignment); }
  GuardedBlock(const GuardedBlock &) = delete;

  char *begin() { return memory + alignment; }
  /// Fills the block and its guards.
  void poison() {
    for (uint64_t i = 0; i < size(); ++i)
      memory[i] = poisonByte(i);
  }
  /// The overwritten byte of a guard that is nearest to the block, from the
  /// start of the block.
  std::optional<int64_t> findOverwritten() const {
    for (int64_t i = -1; i >= -static_cast<int64_t>(guardBytes); --i)
      if (isOverwritten(i))
        return i;
    for (int64_t i = bytes; i < static_cast<int64_t>(bytes + guardBytes); ++i)
      if (isOverwritten(i))
        return i;
    return std::nullopt;
  }

private:
  static char poisonByte(uint64_t position) {
    return static_cast<char>(poisonWord >> (position % 4 * 8));
  }
  bool isOverwritten(int64_t offset) const {
    uint64_t position = alignment + offset;
    return memory[position] != poisonByte(position);
  }
  /// The front guard is as wide as the alignment.
  uint64_t size() const { return alignment + bytes + guardBytes; }

  uint64_t bytes;
  uint64_t alignment;
  char *memory;
};

/// Calls one model.
class HostModel {
public:
  HostModel(Location location, const ModelInfo &model);
  LogicalResult load(StringRef object);
  /// Begins a stream.
  LogicalResult reset();
  LogicalResult call(const TensorVectors &inputs, uint64_t vector);
  /// Appends what the last call gave.
  void collect(ExecutionResult &result);

private:
  char *inputAddress(size_t index);
  char *outputAddress(size_t index);
  LogicalResult checkMemory(const TensorVectors &inputs, uint64_t vector);

  Location location;
  const ModelInfo &model;
  bool hasPointers;
  std::unique_ptr<HostCode> code;
  void *entry = nullptr;
  /// The arena; with IOMode::pointers then the inputs and the outputs; of a
  /// streaming model then the state.
  SmallVector<std::unique_ptr<GuardedBlock>> blocks;
};
} // namespace

HostModel::HostModel(Location location, const ModelInfo &model)
    : location(location), model(model),
      hasPointers(model.ioMode == IOMode::pointers) {
  blocks.push_back(
      std::make_unique<GuardedBlock>(model.arenaBytes, model.arenaAlignment));
  if (model.ioMode == IOMode::rows)
    blocks.push_back(std::make_unique<GuardedBlock>(model.inputs[0].bytes, 8));
  if (hasPointers)
    for (ArrayRef<TensorInfo> tensors : {ArrayRef<TensorInfo>(model.inputs),
                                         ArrayRef<TensorInfo>(model.outputs)})
      for (const TensorInfo &tensor : tensors)
        blocks.push_back(std::make_unique<GuardedBlock>(tensor.bytes, 8));
  if (model.stateBytes > 0)
    blocks.push_back(
        std::make_unique<GuardedBlock>(model.stateBytes, model.stateAlignment));
}

char *HostModel::inputAddress(size_t index) {
  return hasPointers || model.isFed(index)
             ? blocks[1 + index]->begin()
             : blocks[0]->begin() + model.inputs[index].arenaOffset;
}

char *HostModel::outputAddress(size_t index) {
  return hasPointers ? blocks[1 + model.inputs.size() + index]->begin()
                     : blocks[0]->begin() + model.outputs[index].arenaOffset;
}

LogicalResult HostModel::load(StringRef object) {
  if (blocks.size() > maxArguments && hasPointers)
    return emitError(location)
           << "expected at most " << maxArguments - 1
           << " inputs and outputs with --io=pointers, found "
           << blocks.size() - 1 << ": use --io=arena";
  FailureOr<std::unique_ptr<HostCode>> loaded =
      HostCode::load(location, object);
  if (failed(loaded))
    return failure();
  code = std::move(*loaded);
  FailureOr<void *> symbol = code->lookup(location, model.name + "_invoke");
  if (failed(symbol))
    return failure();
  entry = *symbol;
  return model.stateBytes > 0 ? reset() : success();
}

LogicalResult HostModel::reset() {
  FailureOr<void *> symbol = code->lookup(location, model.name + "_reset");
  if (failed(symbol))
    return failure();
  blocks.back()->poison();
  reinterpret_cast<void (*)(void *)>(*symbol)(blocks.back()->begin());
  return success();
}

template <size_t>
using Pointer = void *;

/// Calls `entry` with all `arguments`, at most as many as there are indices.
template <size_t... Indices>
static void callWith(void *entry, ArrayRef<void *> arguments,
                     std::index_sequence<Indices...>) {
  if constexpr (sizeof...(Indices) > 1)
    if (arguments.size() < sizeof...(Indices))
      return callWith(entry, arguments,
                      std::make_index_sequence<sizeof...(Indices) - 1>());
  using Function = void (*)(Pointer<Indices>...);
  reinterpret_cast<Function>(entry)(arguments[Indices]...);
}

LogicalResult HostModel::call(const TensorVectors &inputs, uint64_t vector) {
  for (auto &block : ArrayRef(blocks).drop_back(model.stateBytes > 0))
    block->poison();
  for (auto [index, tensor] : llvm::enumerate(model.inputs))
    std::memcpy(inputAddress(index),
                inputs.tensors[index].data() + vector * tensor.bytes,
                tensor.bytes);
  SmallVector<void *> arguments;
  for (auto &block : blocks)
    arguments.push_back(block->begin());
  callWith(entry, arguments, std::make_index_sequence<maxArguments>());
  return checkMemory(inputs, vector);
}

LogicalResult HostModel::checkMemory(const TensorVectors &inputs,
                                     uint64_t vector) {
  for (auto [index, block] : llvm::enumerate(blocks))
    if (std::optional<int64_t> offset = block->findOverwritten())
      return emitError(location)
             << "the model wrote outside its memory: byte " << *offset
             << " of block " << index << " in vector " << vector
             << "; this is a mistake of the compiler";
  for (auto [index, tensor] : llvm::enumerate(model.inputs))
    if ((hasPointers || model.isFed(index)) &&
        StringRef(inputAddress(index), tensor.bytes) !=
            StringRef(inputs.tensors[index])
                .substr(vector * tensor.bytes, tensor.bytes))
      return emitError(location)
             << "the model wrote to its input " << index << " in vector "
             << vector << "; this is a mistake of the compiler";
  return success();
}

void HostModel::collect(ExecutionResult &result) {
  for (auto [index, tensor] : llvm::enumerate(model.outputs))
    result.outputs.tensors[index].append(outputAddress(index), tensor.bytes);
  for (auto [index, preserved] : llvm::enumerate(model.preserved))
    result.preserved.tensors[index].append(blocks[0]->begin() +
                                               preserved.tensor.arenaOffset,
                                           preserved.tensor.bytes);
}

FailureOr<ExecutionResult> thimble::runOnHost(Location location,
                                              const ModelInfo &model,
                                              StringRef object,
                                              const TensorVectors &inputs) {
  HostModel host(location, model);
  if (failed(host.load(object)))
    return failure();
  ExecutionResult result(model, inputs);
  for (uint64_t vector = 0; vector < inputs.count; ++vector) {
    if (failed(host.call(inputs, vector)))
      return failure();
    host.collect(result);
  }
  return result;
}
