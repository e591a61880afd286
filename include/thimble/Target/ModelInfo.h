//===- ModelInfo.h - What the planner knows about a model -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that the header and the report say about a model and that the
// lowered module no longer holds. It is filled from the planned module before
// lowering. All sizes are in bytes and all offsets count from the start of the
// arena.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_MODELINFO_H
#define THIMBLE_TARGET_MODELINFO_H

#include "thimble/Target/MemoryMap.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace thimble {

/// Where the inputs and outputs of `<model>_invoke` are.
enum class IOMode {
  arena,    ///< in the arena, reached by accessors
  pointers, ///< in the caller's memory, one argument each
  /// In the arena, but for the first input: its rows are arguments of
  /// `<model>_push_row`, and there is no `<model>_invoke`.
  rows
};
/// The name in options and reports, as `arena`.
llvm::StringRef getIOModeName(IOMode mode);

/// Types of tensors at the boundary of a model.
enum class ElementKind { int8, int16, int32, float32 };

/// Bytes of one element.
unsigned getElementBytes(ElementKind kind);
/// The name in reports, as `int8`.
llvm::StringRef getElementName(ElementKind kind);

/// A tensor that the firmware or a debugging tool reads or writes.
struct TensorInfo {
  std::string name; ///< as in the source file, any bytes
  llvm::SmallVector<int64_t> shape;
  ElementKind element = ElementKind::int8;
  /// real = scale * (stored - zeroPoint); 1 and 0 if it is not quantized.
  float scale = 1.0f;
  int32_t zeroPoint = 0;
  uint64_t bytes = 0;
  /// Unused for inputs and outputs with IOMode::pointers and for the input
  /// that is fed with IOMode::rows.
  uint64_t arenaOffset = 0;
  /// Rows that are contiguous bytes: of an image its lines, of other tensors
  /// one per index of all dimensions but the last.
  uint64_t rows = 1;
};

/// Where a layer finds or leaves one of its tensors.
struct PlacementInfo {
  std::string name; ///< the tensor's name
  uint64_t arenaOffset = 0;
  uint64_t bytes = 0;
  bool isResult = false;
};

/// How an integer weight is stored.
struct WeightInfo {
  uint64_t count = 0; ///< of weights; a byte each if they are dense
  double entropy = 0; ///< bits a weight, order 0
  llvm::SmallVector<std::string, 3> encoding; ///< schemes, innermost first
  uint64_t bytes = 0;        ///< with the tables that decoding needs
  uint64_t decodeCycles = 0; ///< an estimate, one inference
  uint64_t tileChannels = 0; ///< output channels that are decoded at a time
  uint64_t tileBytes = 0;    ///< of scratch for them
};

/// One layer: the function `<model>.<id>` and its tables
/// `<model>.<id>.<table>`. In a stream it may have another function of its own,
/// `<model>.<id>.hold`.
struct LayerInfo {
  std::string id;                            ///< the thimble.id
  llvm::SmallVector<std::string, 2> opNames; ///< as `conv_2d`, in order
  std::string source; ///< location in the source file, for people
  uint64_t macs = 0;
  uint64_t liveBytes = 0;    ///< arena bytes occupied while it runs
  uint64_t scratchBytes = 0; ///< of these, its scratch
  /// Static estimates of one inference; absent where no timing is known.
  std::optional<uint64_t> instructions;
  std::optional<uint64_t> cycles;
  llvm::SmallVector<PlacementInfo, 3> placements;
  std::optional<WeightInfo> weight;
  /// How often its functions are called in one inference: more than once only
  /// in a stream.
  uint64_t calls = 1;
  uint64_t holdCalls = 0;
};

/// A result of an op that --preserve-tensors keeps in bytes of its own.
struct PreservedTensor {
  std::string id; ///< the op's thimble.id
  TensorInfo tensor;
};

/// A planned model.
struct ModelInfo {
  std::string name; ///< a C identifier, the prefix of every symbol
  uint64_t arenaBytes = 0;
  uint64_t arenaAlignment = 8; ///< a power of two
  /// Of a streaming model: what the firmware keeps from call to call, 0 of any
  /// other.
  uint64_t stateBytes = 0;
  uint64_t stateAlignment = 4; ///< a power of two
  IOMode ioMode = IOMode::arena;
  llvm::SmallVector<TensorInfo, 2> inputs;
  llvm::SmallVector<TensorInfo, 2> outputs;
  llvm::SmallVector<LayerInfo, 0> layers; ///< in execution order
  MemoryMap memory;                       ///< what the arena is used for
  llvm::SmallVector<PreservedTensor, 0> preserved;
  /// How the cycles of the layers were obtained, for people; empty without.
  std::string cycleSource;

  /// True of the input whose rows are pushed.
  bool isFed(size_t input) const {
    return ioMode == IOMode::rows && input == 0;
  }
  /// All RAM that is the model's.
  uint64_t getRamBytes() const { return arenaBytes + stateBytes; }
  /// The functions of the C ABI, without the prefix: `_invoke`, or what takes
  /// its place.
  llvm::ArrayRef<llvm::StringLiteral> getEntries() const;
};

} // namespace thimble

#endif // THIMBLE_TARGET_MODELINFO_H
