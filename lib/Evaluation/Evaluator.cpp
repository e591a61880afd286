//===- Evaluator.cpp - Functions run on samples in this process -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The function is copied into a module of its own, where taps are results, and
// takes the same way as a model for a target: pipelines, LLVM, an object.
//
//===----------------------------------------------------------------------===//

#include "thimble/Evaluation/Evaluator.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/EvaluationLowering.h"
#include "thimble/Evaluation/SampleSet.h"
#include "thimble/Execution/HostCode.h"
#include "thimble/Target/ObjectEmitter.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Endian.h"
#include <atomic>
#include <cmath>
#include <cstring>
#include <thread>

using namespace mlir;
using namespace thimble;

const EvaluationLowering *EvaluationLowering::find(MLIRContext *context) {
  Dialect *dialect = context->getOrLoadDialect<ThimbleDialect>();
  return dialect->getRegisteredInterface<EvaluationLowering>();
}

Evaluator::Evaluator() = default;
Evaluator::~Evaluator() = default;

//===----------------------------------------------------------------------===//
// Compilation
//===----------------------------------------------------------------------===//

/// What the symbols of an evaluated function start with.
static constexpr StringRef evaluatedName = "evaluated";

namespace {
/// A copy of a function whose results are the outputs that are asked for.
struct TappedFunction {
  OwningOpRef<ModuleOp> module;
  /// For each output the result that it is; one result may be several.
  SmallVector<unsigned> outputResults;
};
} // namespace

static FailureOr<TappedFunction> tap(func::FuncOp function,
                                     ArrayRef<std::string> taps) {
  TappedFunction tapped;
  tapped.module = ModuleOp::create(function.getLoc(), evaluatedName);
  OpBuilder builder = OpBuilder::atBlockEnd(tapped.module->getBody());
  auto copy = cast<func::FuncOp>(builder.clone(*function));
  copy.setName(evaluatedName);
  copy.setPublic();
  if (!copy.getBody().hasOneBlock())
    return function.emitOpError("expected a body of one block");

  llvm::StringMap<Value> values;
  for (Operation &op : copy.front())
    if (auto id = op.getAttrOfType<StringAttr>(idAttrName))
      values.try_emplace(id.getValue(), op.getResult(0));
  Operation *end = copy.front().getTerminator();
  SmallVector<Value> wanted(end->getOperands());
  for (const std::string &id : taps) {
    auto found = values.find(id);
    if (found == values.end())
      return function.emitOpError("expected an op with the id '")
             << id << "' in it, to see what it computes";
    wanted.push_back(found->second);
  }
  llvm::MapVector<Value, unsigned> results;
  for (Value value : wanted)
    tapped.outputResults.push_back(
        results.try_emplace(value, results.size()).first->second);
  SmallVector<Value> operands(llvm::make_first_range(results));
  end->setOperands(operands);
  copy.removeResAttrsAttr();
  copy.setFunctionType(builder.getFunctionType(
      copy.getArgumentTypes(), TypeRange(ValueRange(operands))));
  return tapped;
}

static EvaluatedTensor describe(Value value, PlacementAttr placement) {
  EvaluatedTensor tensor;
  tensor.type = tensorType(value);
  tensor.offset = placement.getOffset();
  tensor.bytes = tensorBytes(tensor.type);
  tensor.elements = tensor.type.getNumElements();
  tensor.elementBytes = elementBytes(tensor.type);
  tensor.isFloat = isFloat(value);
  Type element = tensor.type.getElementType();
  if (auto type = dyn_cast<quant::QuantizedType>(element)) {
    tensor.storageMin = type.getStorageTypeMin();
    tensor.storageMax = type.getStorageTypeMax();
  } else if (!tensor.isFloat) {
    tensor.storageMin = llvm::minIntN(tensor.elementBytes * 8);
    tensor.storageMax = llvm::maxIntN(tensor.elementBytes * 8);
  }
  if (isa<quant::UniformQuantizedType>(element)) {
    TensorQuantization q = quantization(value);
    tensor.scale = static_cast<float>(q.scale);
    tensor.zeroPoint = q.zeroPoint;
  }
  return tensor;
}

LogicalResult Evaluator::readPlan(func::FuncOp planned,
                                  ArrayRef<unsigned> outputResults) {
  auto bytes = planned->getAttrOfType<IntegerAttr>(arenaBytesAttrName);
  if (!bytes)
    return planned.emitOpError("expected ops that compute its results");
  if (planned->hasAttr(stateBytesAttrName))
    return planned.emitOpError("expected a function whose results follow from "
                               "its arguments, found one that delays rows");
  arenaBytes = bytes.getInt();
  for (BlockArgument argument : planned.getArguments())
    inputs.push_back(describe(argument, placementOf(argument)));
  OperandRange results = planned.front().getTerminator()->getOperands();
  for (unsigned result : outputResults)
    outputs.push_back(describe(results[result], placementOf(results[result])));
  return success();
}

FailureOr<std::unique_ptr<Evaluator>>
Evaluator::compile(func::FuncOp function, ArrayRef<std::string> taps) {
  Location location = function.getLoc();
  const EvaluationLowering *lowering =
      EvaluationLowering::find(function.getContext());
  if (!lowering)
    return emitError(location) << "cannot run functions in this tool: it has "
                                  "registered no lowering for them";
  FailureOr<TappedFunction> tapped = tap(function, taps);
  if (failed(tapped) || failed(lowering->plan(*tapped->module)))
    return failure();
  std::unique_ptr<Evaluator> evaluator(new Evaluator);
  auto planned = *tapped->module->getOps<func::FuncOp>().begin();
  if (failed(evaluator->readPlan(planned, tapped->outputResults)) ||
      failed(lowering->lower(*tapped->module)))
    return failure();
  evaluator->resultCount = evaluator->outputs.size() - taps.size();
  TargetOptions options;
  options.forThisMachine = true;
  FailureOr<EmittedCode> emitted =
      emitCode(*tapped->module, evaluatedName, CodeForm::object, options);
  if (failed(emitted))
    return failure();
  FailureOr<std::unique_ptr<HostCode>> code =
      HostCode::load(location, emitted->bytes);
  if (failed(code))
    return failure();
  FailureOr<void *> entry =
      (*code)->lookup(location, (evaluatedName + "_invoke").str());
  if (failed(entry))
    return failure();
  evaluator->code = std::move(*code);
  evaluator->invoke = reinterpret_cast<void (*)(void *)>(*entry);
  return evaluator;
}

//===----------------------------------------------------------------------===//
// Frames
//===----------------------------------------------------------------------===//

/// Memory of 64-bit words is as aligned as the planner's arena has to be.
Evaluator::Frame::Frame(const Evaluator &evaluator)
    : evaluator(evaluator),
      memory(new uint64_t[evaluator.arenaBytes / sizeof(uint64_t) + 1]()) {}

void Evaluator::Frame::setInputBytes(unsigned index, StringRef bytes) {
  const EvaluatedTensor &tensor = evaluator.inputs[index];
  assert(bytes.size() == tensor.bytes && "one tensor");
  std::memcpy(data() + tensor.offset, bytes.data(), tensor.bytes);
}

void Evaluator::Frame::setInput(unsigned index, ArrayRef<float> values) {
  const EvaluatedTensor &tensor = evaluator.inputs[index];
  assert(values.size() == tensor.elements && "one tensor");
  char *to = data() + tensor.offset;
  if (tensor.isFloat) {
    std::memcpy(to, values.data(), tensor.bytes);
    return;
  }
  for (float value : values) {
    double rounded = std::round(value / tensor.scale) + tensor.zeroPoint;
    auto stored = static_cast<int64_t>(
        std::clamp(rounded, static_cast<double>(tensor.storageMin),
                   static_cast<double>(tensor.storageMax)));
    std::memcpy(to, &stored, tensor.elementBytes);
    to += tensor.elementBytes;
  }
}

void Evaluator::Frame::run() { evaluator.invoke(data()); }

StringRef Evaluator::Frame::getOutputBytes(unsigned index) const {
  const EvaluatedTensor &tensor = evaluator.outputs[index];
  return StringRef(data() + tensor.offset, tensor.bytes);
}

ArrayRef<float> Evaluator::Frame::getFloats(unsigned index) const {
  const EvaluatedTensor &tensor = evaluator.outputs[index];
  assert(tensor.isFloat && "stored as floats");
  return ArrayRef(reinterpret_cast<const float *>(data() + tensor.offset),
                  tensor.elements);
}

/// A stored integer of 1 to 8 bytes.
static int64_t readInteger(const char *from, uint64_t bytes) {
  uint64_t value = 0;
  std::memcpy(&value, from, bytes);
  return llvm::SignExtend64(value, bytes * 8);
}

void Evaluator::Frame::getOutput(unsigned index,
                                 MutableArrayRef<float> values) const {
  const EvaluatedTensor &tensor = evaluator.outputs[index];
  assert(values.size() == tensor.elements && "one tensor");
  const char *from = data() + tensor.offset;
  if (tensor.isFloat) {
    std::memcpy(values.data(), from, tensor.bytes);
    return;
  }
  for (float &value : values) {
    int64_t stored = readInteger(from, tensor.elementBytes);
    value = tensor.scale * static_cast<float>(stored - tensor.zeroPoint);
    from += tensor.elementBytes;
  }
}

//===----------------------------------------------------------------------===//
// Samples
//===----------------------------------------------------------------------===//

llvm::Error Evaluator::runAll(uint64_t count, const Feed &feed,
                              const Consume &consume) const {
  // A lane goes on while its sample comes before the first one that failed, so
  // the error that is returned does not depend on which lane was faster.
  std::atomic<uint64_t> firstFailed{count};
  std::string messages[lanes];
  uint64_t failedAt[lanes] = {count, count};
  auto runLane = [&](unsigned lane) {
    Frame frame(*this);
    for (uint64_t i = lane; i < firstFailed.load(); i += lanes) {
      if (llvm::Error error = feed(i, frame)) {
        messages[lane] = llvm::toString(std::move(error));
        failedAt[lane] = i;
        uint64_t seen = firstFailed.load();
        while (i < seen && !firstFailed.compare_exchange_weak(seen, i))
          ;
        return;
      }
      frame.run();
      consume(lane, i, frame);
    }
  };
  std::thread second(runLane, 1);
  runLane(0);
  second.join();
  uint64_t first = std::min(failedAt[0], failedAt[1]);
  if (first == count)
    return llvm::Error::success();
  return llvm::createStringError(messages[first == failedAt[0] ? 0 : 1]);
}

Evaluator::Feed thimble::feedSamples(const SampleSet &samples,
                                     std::vector<uint64_t> indices) {
  return [&samples, indices = std::move(indices)](
             uint64_t i, Evaluator::Frame &frame) -> llvm::Error {
    std::vector<float> values(samples.getElements());
    if (llvm::Error error = samples.read(indices[i], values))
      return error;
    frame.setInput(0, values);
    return llvm::Error::success();
  };
}
