//===- Evaluator.h - Functions run on samples in this process ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function of graph ops for the host and calls it. The lowering is
// the one that targets get, so what is measured here holds there, bit by bit.
//
//   FailureOr<std::unique_ptr<Evaluator>> model =
//       Evaluator::compile(function, {"conv_2d_0"});
//   Evaluator::Frame frame(**model);       // a thread's memory
//   frame.setInput(0, sample);             // real numbers
//   frame.run();
//   frame.getOutput(0, result);            // the function's result
//   frame.getOutput(1, activations);       // what conv_2d_0 gave
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_EVALUATOR_H
#define THIMBLE_EVALUATION_EVALUATOR_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <memory>
#include <vector>

namespace thimble {

class HostCode;
class SampleSet;

/// A tensor that a function takes or gives, in the memory of a frame.
struct EvaluatedTensor {
  mlir::RankedTensorType type;
  uint64_t offset = 0;   ///< bytes
  uint64_t bytes = 0;    ///< of all elements
  uint64_t elements = 0; ///< of the tensor
  /// real = scale * (stored - zeroPoint); 1 and 0 if it is not quantized.
  float scale = 1;
  int32_t zeroPoint = 0;
  int64_t storageMin = 0, storageMax = 0; ///< of integers
  bool isFloat = false;
  uint64_t elementBytes = 0; ///< 1, 2, 4 or 8
};

class Evaluator {
public:
  ~Evaluator();

  /// Compiles a copy of `function`. `taps` are the thimble.ids of ops whose
  /// results become further outputs, in this order. The function may be of any
  /// visibility; its module stays as it is. Emits an error at the function if
  /// it cannot be compiled, or if there is no op of that id.
  static mlir::FailureOr<std::unique_ptr<Evaluator>>
  compile(mlir::func::FuncOp function, llvm::ArrayRef<std::string> taps = {});

  /// The function's arguments.
  llvm::ArrayRef<EvaluatedTensor> getInputs() const { return inputs; }
  /// The function's results, then the taps.
  llvm::ArrayRef<EvaluatedTensor> getOutputs() const { return outputs; }
  /// How many of the outputs are the function's results.
  unsigned getResultCount() const { return resultCount; }
  /// Bytes of one frame.
  uint64_t getFrameBytes() const { return arenaBytes; }

  /// The memory of one thread.
  class Frame {
  public:
    explicit Frame(const Evaluator &evaluator);

    /// Writes an input: real numbers, which are rounded to the nearest number
    /// of the type (halves away from zero) and saturate, as TFLite's QUANTIZE
    /// does.
    void setInput(unsigned index, llvm::ArrayRef<float> values);
    /// Writes an input as it is stored.
    void setInputBytes(unsigned index, llvm::StringRef bytes);
    /// Calls the function. The inputs must be written anew before each call:
    /// their memory is reused.
    void run();
    /// Reads an output as real numbers.
    void getOutput(unsigned index, llvm::MutableArrayRef<float> values) const;
    /// The same as a view of an output of f32.
    llvm::ArrayRef<float> getFloats(unsigned index) const;
    /// An output as it is stored.
    llvm::StringRef getOutputBytes(unsigned index) const;

  private:
    const Evaluator &evaluator;
    std::unique_ptr<uint64_t[]> memory;
    char *data() const { return reinterpret_cast<char *>(memory.get()); }
  };

  /// Sets the inputs of a frame for one sample.
  using Feed = std::function<llvm::Error(uint64_t sample, Frame &frame)>;
  /// Reads the outputs of a frame after a sample. `lane` is 0 or 1; calls with
  /// the same lane come one after the other, in the order of samples.
  using Consume =
      std::function<void(unsigned lane, uint64_t sample, const Frame &frame)>;
  static constexpr unsigned lanes = 2;

  /// Runs `count` samples on two threads, lane 0 the even ones and lane 1 the
  /// odd ones whatever the machine, so that sums kept per lane and added in
  /// order do not depend on scheduling. Returns the error of the first sample
  /// whose feeding failed.
  llvm::Error runAll(uint64_t count, const Feed &feed,
                     const Consume &consume) const;

private:
  Evaluator();
  mlir::LogicalResult readPlan(mlir::func::FuncOp planned,
                               llvm::ArrayRef<unsigned> outputResults);

  llvm::SmallVector<EvaluatedTensor, 2> inputs;
  llvm::SmallVector<EvaluatedTensor, 0> outputs;
  unsigned resultCount = 0;
  uint64_t arenaBytes = 0;
  std::unique_ptr<HostCode> code;
  void (*invoke)(void *arena) = nullptr;
};

/// Feeds samples `indices` of a set to input 0.
Evaluator::Feed feedSamples(const SampleSet &samples,
                            std::vector<uint64_t> indices);

} // namespace thimble

#endif // THIMBLE_EVALUATION_EVALUATOR_H
