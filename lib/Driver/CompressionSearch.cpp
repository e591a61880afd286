//===- CompressionSearch.cpp - The smallest network within budgets --------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sizes grow with the limit for weights, and what is lost falls: so both
// searches are of one number.
//
//===----------------------------------------------------------------------===//

#include "thimble/Driver/CompressionSearch.h"
#include "ProgressDisplay.h"
#include "ValidationRun.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Pass/PassManager.h"
#include "thimble/Target/Report.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <cmath>
#include <set>

using namespace mlir;
using namespace thimble;

/// Points of a search for size: each comes nearer by what the last one missed.
static constexpr int sizePoints = 8;
/// Parts of the budget of which one may be left over.
static constexpr int64_t sizeParts = 256;
/// By so much and a quarter a limit grows that is too small for any choice.
static constexpr int64_t leastStep = 64;
/// The search for the least flash ends when limits are this near.
static constexpr double dropPrecision = 1.06;
/// Distillation makes a little more loss bearable: so much smaller limits are
/// tried after it.
static constexpr double distilledStep = 0.93;
static constexpr int distilledPoints = 3;

/// Most weights that may become zero where cycles must be saved, and how
/// exactly the part that must is found.
static constexpr double mostZeros = 0.8;
static constexpr double zerosPrecision = 0.06;

namespace {
class Search {
public:
  Search(ModuleOp graph, const CompilationOptions &options,
         llvm::raw_ostream *log, StringRef cache)
      : graph(graph), options(options), request(options.compression), log(log),
        cache(cache) {}

  FailureOr<OwningOpRef<ModuleOp>> run();

private:
  LogicalResult quantize(double newSparsity);
  FailureOr<CompressedPoint> searchForCycles();
  SampleArguments getArguments() const;
  FailureOr<CompressedPoint> tryPoint(int64_t weightLimit, bool isDistilled);
  FailureOr<CompressedPoint> tryLimit(int64_t weightLimit, bool isDistilled);
  FailureOr<CompressedPoint> tryFrom(int64_t &weightLimit, int64_t most);
  LogicalResult compile(CompressedPoint &point);
  FailureOr<CompressedPoint> searchForDrop(CompressedPoint plain);
  FailureOr<CompressedPoint> shrinkDistilled(CompressedPoint best);
  FailureOr<CompressedPoint> tryZeros(double zeros);
  FailureOr<CompressedPoint> searchForSize(CompressedPoint plain);
  int64_t getRoom(const CompressedPoint &point) const;
  bool keepsCycles(const CompressedPoint &point) const;
  bool keepsSizes(const CompressedPoint &point) const;
  bool keepsDrop(const CompressedPoint &point) const;
  LogicalResult refuse(const CompressedPoint &nearest);
  LogicalResult writePoints();
  void record(const CompressedPoint &point);

  ModuleOp graph;
  const CompilationOptions &options;
  const CompressionOptions &request;
  llvm::raw_ostream *log;
  std::string cache; ///< folder for measurements
  OwningOpRef<ModuleOp> quantized;
  std::unique_ptr<ValidationRun> validation;
  llvm::json::Array points;
  double sparsity = 0;      ///< part of the weights that pruning made zero
  double decodeCycles = -1; ///< what --max-cycles leaves for decoding
};
} // namespace

SampleArguments Search::getArguments() const {
  SampleArguments arguments;
  arguments.samples = request.calibrate;
  arguments.scale = request.sampleScale;
  arguments.offset = request.sampleOffset;
  arguments.seed = request.seed;
  arguments.validation = request.maxDrop ? validationPart : 0;
  return arguments;
}

LogicalResult Search::quantize(double newSparsity) {
  sparsity = newSparsity;
  quantized = cast<ModuleOp>(graph->clone());
  PassManager pm(graph.getContext());
  buildQuantizePipeline(pm, getArguments(),
                        {sparsity, int64_t(request.activationBits)});
  return pm.run(*quantized);
}

LogicalResult Search::compile(CompressedPoint &point) {
  CompilationOptions child = options;
  child.budgets = Budgets();
  child.budgets.maxRam = options.budgets.maxRam; // decoders make do with it
  child.compression = CompressionOptions();
  child.evaluation = EvaluationOptions();
  Compilation compilation(*graph.getContext(), child,
                          cast<ModuleOp>(point.module.get()->clone()),
                          Stage::Compressed);
  FailureOr<CompiledModel> compiled = compilation.compile();
  if (failed(compiled))
    return failure();
  const Report &report = compiled->report;
  point.flashBytes = report.flash.total();
  point.ramBytes = report.model.arenaBytes;
  point.cycles = report.getCycles();
  for (const LayerInfo &layer : report.model.layers)
    if (layer.weight)
      point.weightBytes += layer.weight->bytes;
  return success();
}

FailureOr<CompressedPoint> Search::tryPoint(int64_t weightLimit,
                                            bool isDistilled) {
  CompressedPoint point;
  point.weightLimit = weightLimit;
  point.isDistilled = isDistilled;
  point.module = cast<ModuleOp>(quantized.get()->clone());
  RecipeArguments recipe;
  recipe.maxWeightBytes = weightLimit;
  recipe.maxDecodeCycles = decodeCycles;
  recipe.entropyCoding = options.entropyCoding;
  recipe.countsCode = options.budgets.maxFlash || !request.maxWeights;
  recipe.cache = cache;
  recipe.epochs = isDistilled ? request.epochs : 0;
  PassManager pm(graph.getContext());
  buildRecipePipeline(pm, getArguments(), recipe);
  if (failed(pm.run(*point.module)) || failed(compile(point)))
    return failure();
  if (validation) {
    FailureOr<double> drop = validation->getDrop(*point.module);
    if (failed(drop))
      return failure();
    point.drop = *drop;
  }
  record(point);
  return point;
}

/// Fails without a word where the limit is too small for any choice of recipes:
/// mistakes of the user's have come up at eight bits.
FailureOr<CompressedPoint> Search::tryLimit(int64_t weightLimit,
                                            bool isDistilled) {
  ScopedDiagnosticHandler silent(graph.getContext(), [](Diagnostic &d) {
    return success(d.getSeverity() == DiagnosticSeverity::Error);
  });
  return tryPoint(weightLimit, isDistilled);
}

/// Tries larger limits as long as there is no choice of recipes for one, which
/// takes no time once layers are measured. Fails above `most`.
FailureOr<CompressedPoint> Search::tryFrom(int64_t &weightLimit, int64_t most) {
  for (; weightLimit <= most; weightLimit += weightLimit / 4 + leastStep) {
    FailureOr<CompressedPoint> point = tryLimit(weightLimit, false);
    if (succeeded(point))
      return point;
  }
  return failure();
}

void Search::record(const CompressedPoint &point) {
  llvm::json::Object object{{"weight_limit", point.weightLimit},
                            {"distilled", point.isDistilled},
                            {"sparsity", sparsity},
                            {"weight_bytes", int64_t(point.weightBytes)},
                            {"flash_bytes", int64_t(point.flashBytes)},
                            {"ram_bytes", int64_t(point.ramBytes)}};
  if (point.cycles)
    object["cycles"] = int64_t(*point.cycles);
  if (point.drop)
    object["drop"] = *point.drop;
  points.push_back(std::move(object));
  if (!log)
    return;
  if (points.size() == 1)
    *log << "   weights     flash       RAM        cycles"
         << (request.maxDrop ? "   lost" : "") << "\n";
  *log << llvm::format("%10llu%10llu%10llu",
                       (unsigned long long)point.weightBytes,
                       (unsigned long long)point.flashBytes,
                       (unsigned long long)point.ramBytes)
       << llvm::format("%14llu", (unsigned long long)point.cycles.value_or(0));
  if (point.drop)
    *log << llvm::format("%6.2f %%", *point.drop);
  *log << (point.weightLimit < 0 && !point.isDistilled ? "  eight bits"
           : point.isDistilled                         ? "  distilled"
                                                       : "")
       << (sparsity > 0 ? llvm::formatv("  {0:P0} zeros", sparsity).str() : "")
       << "\n";
  log->flush();
}

bool Search::keepsCycles(const CompressedPoint &point) const {
  return point.cycles.value_or(0) <= request.maxCycles.value_or(UINT64_MAX);
}

bool Search::keepsSizes(const CompressedPoint &point) const {
  const Budgets &budgets = options.budgets;
  return point.flashBytes <= budgets.maxFlash.value_or(UINT64_MAX) &&
         point.weightBytes <= request.maxWeights.value_or(UINT64_MAX) &&
         point.ramBytes <= budgets.maxRam.value_or(UINT64_MAX) &&
         keepsCycles(point);
}

bool Search::keepsDrop(const CompressedPoint &point) const {
  return !request.maxDrop || *point.drop <= *request.maxDrop;
}

FailureOr<CompressedPoint> Search::tryZeros(double zeros) {
  if (failed(quantize(zeros)))
    return failure();
  return tryPoint(-1, false);
}

/// The least part of the weights that must go for the cycles to be kept; what
/// comes later keeps these zeros.
FailureOr<CompressedPoint> Search::searchForCycles() {
  double low = 0, high = mostZeros;
  FailureOr<CompressedPoint> best = tryZeros(high);
  while (succeeded(best) && keepsCycles(*best) && high - low > zerosPrecision) {
    double middle = (low + high) / 2;
    FailureOr<CompressedPoint> point = tryZeros(middle);
    if (failed(point))
      return failure();
    if (keepsCycles(*point)) {
      high = middle;
      best = std::move(point);
    } else {
      low = middle;
    }
  }
  if (failed(best) || !keepsCycles(*best))
    return best;
  if (sparsity != high && failed(quantize(high)))
    return failure();
  // Zeros cost more than bits: the network is trained around them.
  return request.epochs > 0 ? tryPoint(-1, true) : std::move(best);
}

/// Limits that were tried. Sizes do not quite rise with the limit, as code
/// depends on the recipes, too.
namespace {
class TriedLimits {
public:
  void add(int64_t limit, bool fits) {
    limits.insert(limit);
    if (fits)
      low = std::max(low, limit);
    else
      misses.insert(limit);
  }
  bool contains(int64_t limit) const { return limits.count(limit) > 0; }
  /// `limit`, or if that is not between the largest that fits and the next one
  /// that does not, the middle of these.
  int64_t narrow(int64_t limit) const {
    auto high = misses.upper_bound(low);
    if (low < 0 || high == misses.end() || (limit > low && limit < *high))
      return limit;
    return low + (*high - low) / 2;
  }

private:
  std::set<int64_t> limits, misses;
  int64_t low = -1;
};
} // namespace

/// Bytes that are left of --max-flash and --max-weights, of the one that has
/// fewer; negative if there are too many.
int64_t Search::getRoom(const CompressedPoint &point) const {
  int64_t room = std::numeric_limits<int64_t>::max();
  if (std::optional<uint64_t> flash = options.budgets.maxFlash)
    room = int64_t(*flash) - int64_t(point.flashBytes);
  if (std::optional<uint64_t> weights = request.maxWeights)
    room = std::min(room, int64_t(*weights) - int64_t(point.weightBytes));
  return room;
}

FailureOr<CompressedPoint> Search::searchForSize(CompressedPoint plain) {
  const int64_t plainBytes = plain.weightBytes;
  int64_t limit = std::max(plainBytes + getRoom(plain), leastStep);
  const int64_t closeRoom = limit / sizeParts;
  CompressedPoint best = std::move(plain);
  bool isFound = false;
  int64_t leastLimit = 1;
  TriedLimits tried;
  for (int i = 0; i < sizePoints; ++i) {
    const int64_t wanted = limit;
    FailureOr<CompressedPoint> point = tryFrom(limit, plainBytes);
    if (failed(point))
      break;
    if (limit > wanted)
      leastLimit = limit;
    if (isFound && point->weightBytes == best.weightBytes &&
        point->flashBytes == best.flashBytes)
      break; // limits so near to each other make no difference
    int64_t room = getRoom(*point);
    bool isBetter = room >= 0
                        ? !isFound || point->weightLimit > best.weightLimit
                        : !isFound && room > getRoom(best);
    isFound |= room >= 0;
    tried.add(limit, room >= 0);
    if (isBetter)
      best = std::move(*point);
    if (room >= 0 && room <= closeRoom)
      break;
    // What takes part in the limit is a little less than what changes.
    int64_t next = limit + (room < 0 ? room + room / 8 - 16 : room * 3 / 4);
    // Below the least there is nothing to be found. It is tried, as simpler
    // weights need less code, too.
    next = tried.narrow(std::max(next, leastLimit));
    if (tried.contains(next))
      break;
    limit = next;
  }
  if (!isFound || request.epochs == 0)
    return best;
  return tryPoint(best.weightLimit, true);
}

FailureOr<CompressedPoint> Search::shrinkDistilled(CompressedPoint best) {
  int64_t limit = best.weightLimit;
  for (int i = 0; i < distilledPoints; ++i) {
    FailureOr<CompressedPoint> point = tryLimit(limit, true);
    if (failed(point) || !keepsDrop(*point))
      break;
    best = std::move(*point);
    limit = static_cast<int64_t>(limit * distilledStep);
  }
  return best;
}

FailureOr<CompressedPoint> Search::searchForDrop(CompressedPoint plain) {
  double high = double(plain.weightBytes), low = high / 16;
  CompressedPoint best = std::move(plain);
  while (high / low > dropPrecision) {
    double middle = std::sqrt(high * low);
    FailureOr<CompressedPoint> point =
        tryLimit(static_cast<int64_t>(middle), false);
    if (failed(point) || !keepsDrop(*point)) {
      low = middle;
      continue;
    }
    high = middle;
    best = std::move(*point);
  }
  if (best.weightLimit < 0 || request.epochs == 0)
    return best;
  return shrinkDistilled(std::move(best));
}

LogicalResult Search::refuse(const CompressedPoint &nearest) {
  InFlightDiagnostic diagnostic = graph.emitError("expected ");
  const char *separator = "";
  auto add = [&](bool isBroken, const Twine &text) {
    if (isBroken)
      diagnostic << separator << text.str(), separator = "; ";
  };
  const Budgets &budgets = options.budgets;
  uint64_t flash = budgets.maxFlash.value_or(UINT64_MAX);
  uint64_t weights = request.maxWeights.value_or(UINT64_MAX);
  uint64_t ram = budgets.maxRam.value_or(UINT64_MAX);
  uint64_t cycles = request.maxCycles.value_or(UINT64_MAX);
  add(nearest.flashBytes > flash,
      "at most " + Twine(flash) + " bytes of flash, the nearest takes " +
          Twine(nearest.flashBytes) + " (" + Twine(nearest.weightBytes) +
          " of weights, the rest is code and parameters)");
  add(nearest.weightBytes > weights,
      "at most " + Twine(weights) + " bytes of weights, the nearest takes " +
          Twine(nearest.weightBytes));
  add(nearest.ramBytes > ram, "at most " + Twine(ram) +
                                  " bytes of RAM, the nearest takes " +
                                  Twine(nearest.ramBytes));
  add(nearest.cycles.value_or(0) > cycles,
      "at most " + Twine(cycles) + " cycles, the nearest takes about " +
          Twine(nearest.cycles.value_or(0)));
  if (!keepsDrop(nearest)) {
    std::string text;
    llvm::raw_string_ostream(text)
        << llvm::format("to lose at most %g %%, the nearest loses %.2f %%",
                        *request.maxDrop, *nearest.drop);
    add(true, text);
  }
  diagnostic << ": allow more, or a smaller network is needed";
  return diagnostic;
}

LogicalResult Search::writePoints() {
  if (request.pareto.empty())
    return success();
  llvm::json::Value file = llvm::json::Object{
      {"points", llvm::json::Value(llvm::json::Array(points))}};
  llvm::Error error =
      llvm::writeToOutput(request.pareto, [&](llvm::raw_ostream &stream) {
        stream << llvm::formatv("{0:2}", file) << '\n';
        return llvm::Error::success();
      });
  if (error)
    return graph.emitError("cannot write the points of --pareto: ")
           << llvm::toString(std::move(error));
  return success();
}

/// The first input or weight that is quantized already, null in a float model.
static Operation *findQuantized(ModuleOp graph) {
  Operation *found = nullptr;
  graph.walk([&](Operation *op) {
    auto isQuantized = [](Type type) {
      auto shaped = dyn_cast<ShapedType>(type);
      return shaped && isa<quant::QuantizedType>(shaped.getElementType());
    };
    if (!found && llvm::any_of(op->getResultTypes(), isQuantized))
      found = op;
  });
  return found;
}

FailureOr<OwningOpRef<ModuleOp>> Search::run() {
  if (Operation *op = findQuantized(graph))
    return op->emitError("expected a float model to compress with "
                         "--calibrate, found ")
           << op->getResult(0).getType()
           << ": compress the model that this one was made from";
  if (failed(quantize(0)))
    return failure();
  if (request.maxDrop) {
    auto created = ValidationRun::create(graph, request);
    if (failed(created))
      return failure();
    validation = std::move(*created);
  }
  FailureOr<CompressedPoint> point = tryPoint(-1, false);
  if (failed(point))
    return failure();
  if (!keepsCycles(*point))
    point = searchForCycles();
  if (failed(point))
    return failure();
  if (request.maxCycles && point->cycles)
    decodeCycles = std::max(0.0, double(*request.maxCycles) - *point->cycles);
  if (request.maxDrop && keepsDrop(*point))
    point = searchForDrop(std::move(*point));
  else if (!request.maxDrop && getRoom(*point) < 0)
    point = searchForSize(std::move(*point));
  if (failed(point) || failed(writePoints()))
    return failure();
  if (!keepsSizes(*point) || !keepsDrop(*point))
    return refuse(*point);
  return std::move(point->module);
}

FailureOr<OwningOpRef<ModuleOp>>
thimble::searchCompression(ModuleOp graph, const CompilationOptions &options,
                           llvm::raw_ostream *log) {
  ProgressDisplay display(graph.getContext(), log);
  if (!options.compression.cache.empty())
    return Search(graph, options, log, options.compression.cache).run();
  // Layers are measured once for all points.
  SmallString<128> folder;
  if (std::error_code error =
          llvm::sys::fs::createUniqueDirectory("thimble", folder))
    return graph.emitError("cannot make a temporary folder: ")
           << error.message();
  auto result = Search(graph, options, log, folder).run();
  llvm::sys::fs::remove_directories(folder);
  return result;
}
