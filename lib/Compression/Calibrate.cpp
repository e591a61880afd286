//===- Calibrate.cpp - Records what tensors hold on samples ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The model runs on the samples with a tap on every op, first for extremes and
// moments, then, between the extremes, for histograms.
//
//===----------------------------------------------------------------------===//

#include "ModelSamples.h"
#include "MomentAccumulator.h"
#include "RangeSearch.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Evaluation/Evaluator.h"
#include "thimble/Evaluation/Progress.h"
#include "thimble/Evaluation/SampleSet.h"
#include "llvm/ADT/StringSwitch.h"
#include <array>

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_CALIBRATEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// Numbers of a tensor that are looked at one by one, over all samples.
static constexpr uint64_t pickedNumbers = 16384;

namespace {
/// What one lane of the evaluator has seen.
struct LaneStatistics {
  std::vector<ValueDistribution> values;  ///< beside Calibration::values
  std::vector<MomentAccumulator> moments; ///< beside Calibration::weighted
  std::vector<float> sample;
};

/// One run of the pass.
class Calibration {
public:
  Calibration(func::FuncOp model, const SampleSet &samples,
              std::vector<uint64_t> chosen)
      : model(model), samples(samples), chosen(std::move(chosen)) {}

  LogicalResult prepare();
  LogicalResult measure(bool wantsMoments, bool wantsCounts);
  void record(RangeMethod method, bool wantsHistograms);

private:
  /// Runs all samples; `visit` gets the lane, the sample's number and, for
  /// each value, what it held.
  using Visit = llvm::function_ref<void(LaneStatistics &, uint64_t,
                                        ArrayRef<ArrayRef<float>>)>;
  LogicalResult runSamples(Visit visit);
  LogicalResult checkFinite();
  void count(LaneStatistics &lane, uint64_t sample,
             ArrayRef<ArrayRef<float>> held);

  func::FuncOp model;
  const SampleSet &samples;
  std::vector<uint64_t> chosen;
  std::unique_ptr<Evaluator> evaluator;
  /// The model's argument, then the results of its ops.
  std::vector<Value> values;
  /// Ops with a weight, and the value that each multiplies.
  std::vector<std::pair<WeightedOp, unsigned>> weighted;
  std::array<LaneStatistics, Evaluator::lanes> lanes;
};
} // namespace

/// Chooses what to look at and compiles the model.
LogicalResult Calibration::prepare() {
  if (!isFloat(model.getArgument(0)))
    return model.emitOpError("expected an input of f32 to give samples to, "
                             "found the type ")
           << model.getFunctionType();
  values.push_back(model.getArgument(0));
  std::vector<std::string> ids;
  DenseMap<Value, unsigned> indices = {{values[0], 0}};
  for (Operation &op : model.front().without_terminator()) {
    if (!isa<ReferenceSemantics>(op) || !isFloat(op.getResult(0)))
      continue;
    auto id = op.getAttrOfType<StringAttr>(idAttrName);
    if (!id)
      return op.emitOpError("expected the attribute '") << idAttrName << "'";
    ids.push_back(id.str());
    if (auto weightedOp = dyn_cast<WeightedOp>(op))
      if (auto found = indices.find(op.getOperand(0)); found != indices.end())
        weighted.emplace_back(weightedOp, found->second);
    indices[op.getResult(0)] = values.size();
    values.push_back(op.getResult(0));
  }
  auto compiled = Evaluator::compile(model, ids);
  if (failed(compiled))
    return failure();
  evaluator = std::move(*compiled);
  for (LaneStatistics &lane : lanes) {
    lane.values.resize(values.size());
    lane.sample.resize(samples.getElements());
  }
  return success();
}

LogicalResult Calibration::runSamples(Visit visit) {
  const unsigned firstTap = evaluator->getResultCount();
  // The input's memory is reused while the model runs, so the sample is kept.
  auto feed = [&](uint64_t i, Evaluator::Frame &frame) -> llvm::Error {
    std::vector<float> &sample = lanes[i % Evaluator::lanes].sample;
    if (llvm::Error error = samples.read(chosen[i], sample))
      return error;
    frame.setInput(0, sample);
    return llvm::Error::success();
  };
  auto consume = [&](unsigned lane, uint64_t i, const Evaluator::Frame &frame) {
    SmallVector<ArrayRef<float>> held = {lanes[lane].sample};
    for (unsigned tap = 1; tap < values.size(); ++tap)
      held.push_back(frame.getFloats(firstTap + tap - 1));
    visit(lanes[lane], i, held);
    if (lane == 0)
      reportProgress(model.getContext(), "calibrate", i + 1, chosen.size());
  };
  if (llvm::Error error = evaluator->runAll(chosen.size(), feed, consume))
    return model.emitError(llvm::toString(std::move(error)));
  return success();
}

LogicalResult Calibration::checkFinite() {
  for (auto [value, distribution] : llvm::zip_equal(values, lanes[0].values))
    if (!distribution.isFinite())
      return emitError(value.getLoc())
             << "expected finite numbers, found NaN or infinity in a result on "
                "the samples; are their scale and offset right?";
  return success();
}

/// Adds a sample to the histograms and picks some of its numbers, at places
/// that depend on the sample's number only.
void Calibration::count(LaneStatistics &lane, uint64_t sample,
                        ArrayRef<ArrayRef<float>> held) {
  const uint64_t picks = std::max<uint64_t>(pickedNumbers / chosen.size(), 1);
  for (auto [distribution, numbers] : llvm::zip_equal(lane.values, held)) {
    distribution.count(numbers);
    // A step of Weyl's sequence: places are spread evenly and differ from
    // sample to sample.
    for (uint64_t i = 0; i < picks; ++i) {
      uint64_t hash = (sample * picks + i) * 0x9E3779B97F4A7C15;
      distribution.pick(numbers[(hash >> 32) * numbers.size() >> 32]);
    }
  }
}

LogicalResult Calibration::measure(bool wantsMoments, bool wantsCounts) {
  if (!wantsMoments)
    weighted.clear();
  for (LaneStatistics &lane : lanes)
    for (auto &[op, input] : weighted)
      lane.moments.emplace_back(WeightGeometry::of(op));
  auto look = [&](LaneStatistics &lane, uint64_t,
                  ArrayRef<ArrayRef<float>> held) {
    for (auto [distribution, numbers] : llvm::zip_equal(lane.values, held))
      distribution.include(numbers);
    for (auto [entry, moments] : llvm::zip_equal(weighted, lane.moments))
      moments.add(held[entry.second].data());
  };
  if (failed(runSamples(look)))
    return failure();
  for (unsigned i = 0; i < values.size(); ++i) {
    lanes[0].values[i].includeAll(lanes[1].values[i]);
    lanes[1].values[i] = lanes[0].values[i];
  }
  for (unsigned i = 0; i < weighted.size(); ++i)
    lanes[0].moments[i].merge(lanes[1].moments[i]);
  if (failed(checkFinite()))
    return failure();
  if (!wantsCounts)
    return success();
  if (failed(runSamples(
          [&](LaneStatistics &lane, uint64_t sample,
              ArrayRef<ArrayRef<float>> held) { count(lane, sample, held); })))
    return failure();
  for (unsigned i = 0; i < values.size(); ++i)
    lanes[0].values[i].countAll(lanes[1].values[i]);
  return success();
}

void Calibration::record(RangeMethod method, bool wantsHistograms) {
  for (auto [value, distribution] : llvm::zip_equal(values, lanes[0].values)) {
    setRange(value, distribution.choose(method));
    if (wantsHistograms)
      setHistogram(value, distribution.getExtremes(), distribution.getCounts());
  }
  for (auto [entry, moments] : llvm::zip_equal(weighted, lanes[0].moments))
    setMoments(entry.first, moments.getMeans());
}

namespace {
struct CalibratePass : public thimble::impl::CalibratePassBase<CalibratePass> {
  using CalibratePassBase::CalibratePassBase;

  void runOnOperation() override {
    if (failed(calibrate()))
      signalPassFailure();
  }

private:
  LogicalResult calibrate();
};
} // namespace

LogicalResult CalibratePass::calibrate() {
  auto chosen = llvm::StringSwitch<std::optional<RangeMethod>>(method)
                    .Case("auto", RangeMethod::automatic)
                    .Case("minmax", RangeMethod::minmax)
                    .Case("percentile", RangeMethod::percentile)
                    .Case("mse", RangeMethod::mse)
                    .Default(std::nullopt);
  if (!chosen)
    return getOperation().emitError("expected the option 'method' to be auto, "
                                    "minmax, percentile or mse, found '")
           << method << "'";
  FailureOr<func::FuncOp> model = findModel(getOperation());
  if (failed(model))
    return failure();
  SampleChoice choice{
      {samples, sampleScale, sampleOffset, {}}, validation, maxSamples, seed};
  auto set = openSamples(*model, choice.source);
  if (failed(set))
    return failure();
  Calibration calibration(*model, **set, chooseSamples(**set, choice));
  if (failed(calibration.prepare()) ||
      failed(calibration.measure(moments,
                                 histograms || *chosen != RangeMethod::minmax)))
    return failure();
  calibration.record(*chosen, histograms);
  return success();
}
