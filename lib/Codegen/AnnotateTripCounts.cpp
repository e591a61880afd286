//===- AnnotateTripCounts.cpp - Branch weights of counted loops -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every loop of a layer runs a number of times that is known once the calls
// are: bounds are constants, arguments that the callers pass constants for, or
// expressions of these and of outer induction variables. Of loops that depend
// on data, as those of decoders, the builder says how often it expects them to
// run. LLVM keeps the weights up to date through unrolling and vectorization,
// so they also say how often each instruction of the final code runs.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"
#include "thimble/Codegen/Passes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_ANNOTATETRIPCOUNTSPASS
#include "thimble/Codegen/Passes.h.inc"
} // namespace thimble

/// Values of an outer induction variable beyond this many are sampled.
static constexpr int64_t maxSamples = 256;

namespace {
/// What values are known to be.
using Environment = DenseMap<Value, int64_t>;

/// A header `^h(%iv): cond_br (%iv < %end)` that a latch reaches with
/// `%iv + step`.
struct CountedLoop {
  cf::CondBranchOp branch;
  Value induction, begin, end;
  int64_t step;
};

/// Iterations of a loop, summed over all times it is entered.
struct TripCount {
  double iterations = 0, entries = 0;
};

class Annotator {
public:
  explicit Annotator(ModuleOp module);
  void run();

private:
  ArrayRef<Environment> contextsOf(func::FuncOp function);
  std::optional<int64_t> evaluate(Value value, const Environment &known);
  const CountedLoop *findOuterLoop(Value value, const Environment &known);
  bool forEachIteration(const CountedLoop &loop, Environment &known,
                        llvm::function_ref<bool()> callback);
  std::optional<int64_t> evaluateMean(Value value, Environment &known);
  bool addTrips(const CountedLoop &loop, Environment &known, TripCount &count);
  void annotate(const CountedLoop &loop);
  void annotateExpected(cf::CondBranchOp branch);

  ModuleOp module;
  DenseMap<Operation *, SmallVector<func::CallOp>> calls;
  DenseMap<Operation *, SmallVector<Environment, 0>> contexts;
  /// By induction variable, in program order.
  llvm::MapVector<Value, CountedLoop> loops;
};
} // namespace

static std::optional<CountedLoop> matchLoop(Block &header) {
  auto branch = dyn_cast<cf::CondBranchOp>(header.getTerminator());
  auto compare =
      branch ? branch.getCondition().getDefiningOp<arith::CmpIOp>() : nullptr;
  if (!compare || compare.getPredicate() != arith::CmpIPredicate::slt)
    return std::nullopt;
  auto induction = dyn_cast<BlockArgument>(compare.getLhs());
  if (!induction || induction.getOwner() != &header)
    return std::nullopt;
  CountedLoop loop{branch, induction, {}, compare.getRhs(), 0};
  for (Block *from : header.getPredecessors()) {
    auto jump = dyn_cast<cf::BranchOp>(from->getTerminator());
    if (!jump)
      return std::nullopt;
    Value passed = jump.getDestOperands()[induction.getArgNumber()];
    auto next = passed.getDefiningOp<arith::AddIOp>();
    APInt step;
    if (next && next.getLhs() == induction &&
        matchPattern(next.getRhs(), m_ConstantInt(&step)))
      loop.step = step.getSExtValue();
    else if (!loop.begin)
      loop.begin = passed;
    else
      return std::nullopt;
  }
  if (!loop.begin || loop.step <= 0)
    return std::nullopt;
  return loop;
}

Annotator::Annotator(ModuleOp module) : module(module) {
  module.walk([&](func::CallOp call) {
    if (Operation *callee = module.lookupSymbol(call.getCallee()))
      calls[callee].push_back(call);
  });
  for (auto function : module.getOps<func::FuncOp>())
    for (Block &block : function.getBody())
      if (!block.empty())
        if (std::optional<CountedLoop> loop = matchLoop(block))
          loops.insert({loop->induction, *loop});
}

/// What is known of a function's arguments at each of its calls.
ArrayRef<Environment> Annotator::contextsOf(func::FuncOp function) {
  auto [entry, isNew] = contexts.try_emplace(function);
  if (!isNew)
    return entry->second;
  SmallVector<Environment, 0> result;
  for (func::CallOp call : calls.lookup(function))
    for (Environment &caller :
         llvm::to_vector(contextsOf(call->getParentOfType<func::FuncOp>()))) {
      Environment &known = result.emplace_back();
      for (auto [argument, operand] :
           llvm::zip_equal(function.getArguments(), call.getOperands()))
        if (std::optional<int64_t> value = evaluateMean(operand, caller))
          known[argument] = *value;
    }
  if (result.empty())
    result.emplace_back(); // an entry point: nothing is known
  return contexts[function] = std::move(result);
}

std::optional<int64_t> Annotator::evaluate(Value value,
                                           const Environment &known) {
  if (auto found = known.find(value); found != known.end())
    return found->second;
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant.getSExtValue();
  Operation *op = value.getDefiningOp();
  // What StepBuilder::opaque hides from LLVM's rewriting is no secret here.
  if (auto opaque = dyn_cast_or_null<LLVM::InlineAsmOp>(op))
    if (opaque.getAsmString().empty() && op->getNumOperands() == 1)
      return evaluate(op->getOperand(0), known);
  if (!op || op->getNumOperands() != 2)
    return std::nullopt;
  std::optional<int64_t> a = evaluate(op->getOperand(0), known);
  std::optional<int64_t> b = a ? evaluate(op->getOperand(1), known) : a;
  if (!b)
    return std::nullopt;
  if (isa<arith::AddIOp>(op))
    return *a + *b;
  if (isa<arith::SubIOp>(op))
    return *a - *b;
  if (isa<arith::MulIOp>(op))
    return *a * *b;
  if (isa<arith::MinSIOp>(op))
    return std::min(*a, *b);
  if (isa<arith::MaxSIOp>(op))
    return std::max(*a, *b);
  if (isa<arith::DivUIOp, arith::DivSIOp>(op) && *a >= 0 && *b > 0)
    return *a / *b;
  if (isa<arith::ShLIOp>(op) && *b >= 0 && *b < 32)
    return *a * (int64_t(1) << *b);
  return std::nullopt;
}

/// A loop whose induction variable `value` depends on and that is not known.
const CountedLoop *Annotator::findOuterLoop(Value value,
                                            const Environment &known) {
  if (known.contains(value))
    return nullptr;
  if (auto found = loops.find(value); found != loops.end())
    return &found->second;
  Operation *op = value.getDefiningOp();
  for (Value operand : op ? op->getOperands() : OperandRange({}, 0))
    if (const CountedLoop *loop = findOuterLoop(operand, known))
      return loop;
  return nullptr;
}

/// Calls `callback` for the values of the loop's induction variable, which is
/// then known, or for a sample of them. False if there are none, if they cannot
/// be known, or if the callback says so.
bool Annotator::forEachIteration(const CountedLoop &loop, Environment &known,
                                 llvm::function_ref<bool()> callback) {
  std::optional<int64_t> first = evaluate(loop.begin, known);
  std::optional<int64_t> last = evaluate(loop.end, known);
  if (!first || !last)
    return false;
  int64_t trips =
      llvm::divideCeil(std::max<int64_t>(*last - *first, 0), loop.step);
  int64_t stride =
      loop.step * std::max<int64_t>(llvm::divideCeil(trips, maxSamples), 1);
  bool isKnown = trips > 0;
  for (int64_t i = *first; i < *last && isKnown; i += stride) {
    known[loop.induction] = i;
    isKnown = callback();
  }
  known.erase(loop.induction);
  return isKnown;
}

/// The value, or its mean over the iterations of the loops that it depends on:
/// the last tile of a layer may be smaller than the others.
std::optional<int64_t> Annotator::evaluateMean(Value value,
                                               Environment &known) {
  if (std::optional<int64_t> single = evaluate(value, known))
    return single;
  const CountedLoop *outer = findOuterLoop(value, known);
  int64_t sum = 0, count = 0;
  auto addOne = [&] {
    std::optional<int64_t> one = evaluateMean(value, known);
    sum += one.value_or(0);
    ++count;
    return one.has_value();
  };
  if (!outer || !forEachIteration(*outer, known, addOne))
    return std::nullopt;
  return (sum + count / 2) / count;
}

/// Adds the iterations of `loop`, once for each value of the outer induction
/// variables that its bounds depend on. False if they cannot be known.
bool Annotator::addTrips(const CountedLoop &loop, Environment &known,
                         TripCount &count) {
  std::optional<int64_t> begin = evaluate(loop.begin, known);
  std::optional<int64_t> end = evaluate(loop.end, known);
  if (begin && end) {
    int64_t length = std::max<int64_t>(*end - *begin, 0);
    count.iterations += double(llvm::divideCeil(length, loop.step));
    ++count.entries;
    return true;
  }
  const CountedLoop *outer =
      findOuterLoop(begin ? loop.end : loop.begin, known);
  if (!outer || outer == &loop)
    return false;
  return forEachIteration(*outer, known,
                          [&] { return addTrips(loop, known, count); });
}

/// Tells the cost model that weights are averages over different calls.
static void markVarying(func::FuncOp function) {
  Builder builder(function.getContext());
  auto mark = builder.getStringAttr("thimble-trip-counts-vary");
  SmallVector<Attribute> attributes;
  if (auto present = function->getAttrOfType<ArrayAttr>("passthrough"))
    attributes.assign(present.begin(), present.end());
  if (llvm::is_contained(attributes, mark))
    return;
  attributes.push_back(mark);
  function->setAttr("passthrough", builder.getArrayAttr(attributes));
}

void Annotator::annotate(const CountedLoop &loop) {
  auto function = loop.branch->getParentOfType<func::FuncOp>();
  TripCount count;
  std::optional<TripCount> first;
  bool varies = false;
  for (Environment known : contextsOf(function)) {
    TripCount own;
    if (!addTrips(loop, known, own))
      return;
    first = first.value_or(own);
    varies |=
        own.iterations * first->entries != first->iterations * own.entries;
    count.iterations += own.iterations;
    count.entries += own.entries;
  }
  if (varies)
    markVarying(function);
  double largest = std::max(count.iterations, count.entries);
  double scale = std::min(1.0, double(INT32_MAX) / largest);
  cf::CondBranchOp branch = loop.branch;
  branch.setBranchWeights(ArrayRef<int32_t>{int32_t(count.iterations * scale),
                                            int32_t(count.entries * scale)});
}

/// A comparison with `thimble.expected_trips` holds that often each time its
/// loop is entered; with `thimble.expected_trips_per_bound`, that often for
/// each unit of what it compares with.
void Annotator::annotateExpected(cf::CondBranchOp branch) {
  auto compare = branch.getCondition().getDefiningOp<arith::CmpIOp>();
  if (!compare)
    return;
  double trips = 0;
  if (auto all = compare->getAttrOfType<FloatAttr>("thimble.expected_trips")) {
    trips = all.getValueAsDouble();
  } else if (auto perBound = compare->getAttrOfType<FloatAttr>(
                 "thimble.expected_trips_per_bound")) {
    auto function = branch->getParentOfType<func::FuncOp>();
    ArrayRef<Environment> callers = contextsOf(function);
    for (const Environment &known : callers) {
      std::optional<int64_t> bound = evaluate(compare.getRhs(), known);
      if (!bound)
        return;
      trips += perBound.getValueAsDouble() * std::max<int64_t>(*bound, 0) /
               double(callers.size());
    }
    if (callers.size() > 1)
      markVarying(function);
  } else {
    return;
  }
  constexpr double scale = 1000; // trips need not be whole
  branch.setBranchWeights(ArrayRef<int32_t>{
      int32_t(std::min(trips * scale, double(INT32_MAX))), int32_t(scale)});
}

void Annotator::run() {
  for (const auto &[induction, loop] : loops)
    annotate(loop);
  module.walk([&](cf::CondBranchOp branch) { annotateExpected(branch); });
}

namespace {
struct AnnotateTripCountsPass
    : public thimble::impl::AnnotateTripCountsPassBase<AnnotateTripCountsPass> {
  void runOnOperation() override { Annotator(getOperation()).run(); }
};
} // namespace
