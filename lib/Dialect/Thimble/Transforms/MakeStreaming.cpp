//===- MakeStreaming.cpp - From a sliding window to its new rows ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exact: RowFlow says which rows a call computes, and that the others are those
// of earlier calls.
//
//===----------------------------------------------------------------------===//

#include "RowFlow.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_MAKESTREAMINGPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;
using Rows = RowFlow::Rows;

namespace {
/// Rewrites one model.
class StreamingRewriter {
public:
  StreamingRewriter(func::FuncOp model, const RowFlow &flow)
      : model(model), flow(flow), builder(model) {}
  void run();

private:
  void collectIds();
  StringAttr newId(StringRef stem);
  void visit(Operation *op);
  /// `value` is what a call computes of `original`; delays it if need be.
  void define(Value original, Value value);
  /// Rows of the tensor that `original` was.
  Value fetch(Value original, Rows rows, Location location);

  func::FuncOp model;
  const RowFlow &flow;
  OpBuilder builder;
  llvm::StringSet<> ids;
  DenseMap<Value, Value> fresh, delayed; ///< of values that slide
  SmallVector<Operation *> dead;
};
} // namespace

void StreamingRewriter::collectIds() {
  for (Operation &op : model.getOps())
    if (auto id = op.getAttrOfType<StringAttr>(idAttrName))
      ids.insert(id.getValue());
}

StringAttr StreamingRewriter::newId(StringRef stem) {
  for (unsigned n = 0;; ++n) {
    std::string id = (stem + "_" + Twine(n)).str();
    if (ids.insert(id).second)
      return builder.getStringAttr(id);
  }
}

void StreamingRewriter::define(Value original, Value value) {
  fresh[original] = value;
  Rows rows = flow.delayedRows(original);
  if (rows.count() == 0)
    return;
  auto delay = DelayOp::create(builder, value.getLoc(),
                               withRows(tensorType(value), rows.count()), value,
                               /*initial=*/nullptr);
  delay->setAttr(idAttrName, newId("delay"));
  delayed[original] = delay;
}

Value StreamingRewriter::fetch(Value original, Rows rows, Location location) {
  Rows available = flow.newRows(original);
  Value value = fresh[original];
  if (rows.begin < available.begin) {
    available = flow.delayedRows(original);
    value = delayed[original];
  }
  if (rows == available)
    return value;
  RankedTensorType type = withRows(tensorType(value), rows.count());
  SmallVector<int64_t> offsets(type.getRank(), 0), strides(type.getRank(), 1);
  offsets[*rowDimension(type)] = rows.begin - available.begin;
  auto slice = StridedSliceOp::create(builder, location, type, value, offsets,
                                      type.getShape(), strides);
  slice->setAttr(idAttrName, newId("rows"));
  return slice;
}

void StreamingRewriter::visit(Operation *op) {
  SmallVector<Value> operands(op->getOperands());
  builder.setInsertionPoint(op);
  for (OpOperand &operand : op->getOpOperands())
    if (unsigned i = operand.getOperandNumber(); flow.slides(operand.get()))
      operands[i] = fetch(operand.get(), flow.readRows(op, i), op->getLoc());
  if (op->getNumResults() != 1 || !flow.slides(op->getResult(0)))
    return op->setOperands(operands);
  Value result = op->getResult(0);
  Operation *rebuilt = cast<WindowedOp>(op).rebuildWithRows(
      builder, operands,
      withRows(tensorType(result), flow.newRows(result).count()));
  define(result, rebuilt->getResult(0));
  dead.push_back(op);
}

void StreamingRewriter::run() {
  collectIds();
  // The original argument stays what the analysis knows until all is rebuilt.
  BlockArgument original = model.getArgument(0);
  BlockArgument input = model.front().addArgument(
      withRows(tensorType(original), flow.getHop()), original.getLoc());
  builder.setInsertionPointToStart(&model.front());
  define(original, input);
  for (Operation &op : llvm::make_early_inc_range(model.front()))
    if (llvm::any_of(op.getOperands(),
                     [&](Value value) { return flow.slides(value); }))
      visit(&op);
  for (Operation *op : llvm::reverse(dead))
    op->erase();
  model.front().eraseArgument(0);
  model.setFunctionType(builder.getFunctionType(
      model.front().getArgumentTypes(),
      model.front().getTerminator()->getOperandTypes()));
}

/// What is gained, in words.
static std::string describe(func::FuncOp model, const RowFlow &flow) {
  int64_t before = 0, after = 0, kept = 0;
  auto countKept = [&](Value value) {
    if (!flow.slides(value) || flow.delayedRows(value).count() == 0)
      return;
    RankedTensorType type = tensorType(value);
    kept += (flow.delayedRows(value).count() - flow.newRows(value).count()) *
            rowElements(type) * elementBytes(type);
  };
  countKept(model.getArgument(0));
  for (Operation &op : model.front().without_terminator()) {
    for (Value result : op.getResults())
      countKept(result);
    auto costs = dyn_cast<CostOp>(op);
    if (!costs)
      continue;
    int64_t macs = costs.getMacs(), part = macs;
    if (Value result = op.getResult(0); flow.slides(result))
      part = macs / rowCount(tensorType(result)) * flow.newRows(result).count();
    before += macs;
    after += part;
  }
  std::string text;
  llvm::raw_string_ostream(text)
      << "a window that slides over the rows of the input can be computed from "
      << flow.getHop() << " new rows of "
      << rowCount(tensorType(model.getArgument(0))) << " a call, with " << after
      << " MACs instead of " << before << " and " << kept
      << " bytes of state (--streaming)";
  return text;
}

namespace {
struct MakeStreamingPass
    : public thimble::impl::MakeStreamingPassBase<MakeStreamingPass> {
  using MakeStreamingPassBase::MakeStreamingPassBase;

  void runOnOperation() override {
    for (auto model : getOperation().getOps<func::FuncOp>())
      if (!model.isDeclaration() && failed(convert(model)))
        return signalPassFailure();
  }

private:
  LogicalResult convert(func::FuncOp model) {
    if (rows < 0)
      return model.emitError("expected a number of new rows, found ")
             << rows.getValue();
    auto found = RowFlow::get(model, rows);
    auto options =
        remark::RemarkOpts::name("MakeStreaming").category("streaming");
    if (auto *obstacle = std::get_if<RowFlow::Obstacle>(&found)) {
      if (!offer)
        return obstacle->op->emitError(obstacle->message);
      remark::missed(obstacle->op->getLoc(), options) << obstacle->message;
      return success();
    }
    const auto &flow = std::get<RowFlow>(found);
    if (offer)
      remark::analysis(model.getLoc(), options)
          << remark::detail::LazyTextBuild{
                 "Remark", [&] { return describe(model, flow); }};
    else
      StreamingRewriter(model, flow).run();
    return success();
  }
};
} // namespace
