//===- DropDeadChannels.cpp - Channels that need not be there go ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// ChannelAnalysis says what stays; each op builds itself anew with that. Exact:
// what a channel held is either read by nobody, or one number everywhere that
// its readers have added to their biases (see ContractionChannels.cpp).
//
//===----------------------------------------------------------------------===//

#include "ChannelAnalysis.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_DROPDEADCHANNELSPASS
#include "thimble/Dialect/Thimble/Transforms/Passes.h.inc"
} // namespace thimble

using namespace thimble;

static std::string nameOf(Operation *op) {
  auto id = op->getAttrOfType<StringAttr>(idAttrName);
  return id ? id.str() : op->getName().getStringRef().str();
}

/// Says what an op loses, and what it could not lose.
static void remarkOn(Operation *op, const ChannelFlow &flow) {
  auto options =
      remark::RemarkOpts::name("DropDeadChannels").category("channels");
  if (flow.result.none()) {
    remark::passed(op->getLoc(), options)
        << remark::add("'{0}' goes: nothing needs it", nameOf(op));
    return;
  }
  int64_t constant = 0, unread = 0, stuck = 0;
  for (auto [channel, range] : llvm::enumerate(flow.resultRanges))
    if (flow.result.test(channel))
      stuck += range.isConstant();
    else
      ++(range.isConstant() ? constant : unread);
  int64_t total = flow.result.size();
  if (constant + unread > 0)
    remark::passed(op->getLoc(), options)
        << remark::add("'{0}' loses {1} of {2} channels: {3} constant, {4} "
                       "that nothing reads",
                       nameOf(op), constant + unread, total, constant, unread);
  if (stuck > 0)
    remark::missed(op->getLoc(), options)
        << remark::add("{0} of {1} channels of '{2}' are constant and stay: "
                       "what reads them cannot do without",
                       stuck, total, nameOf(op));
}

/// An op around which nothing changes stays as it is, unless it holds weights
/// of channels that are constant.
static bool isUntouched(Operation *op, const ChannelFlow &flow,
                        ValueRange operands) {
  return flow.result.all() && operands == op->getOperands() &&
         llvm::none_of(flow.resultRanges,
                       [](ChannelRange range) { return range.isConstant(); });
}

/// Builds anew what changes, in program order; then the old ops go.
static void rewrite(func::FuncOp function, const ChannelAnalysis &analysis) {
  SmallVector<Operation *> replaced;
  llvm::DenseMap<Value, Value> values;
  for (Operation &op : llvm::make_early_inc_range(function.front())) {
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(values.lookup_or(operand, operand));
    const ChannelFlow *flow = analysis.flowOf(&op);
    if (!flow) {
      op.setOperands(operands);
      continue;
    }
    remarkOn(&op, *flow);
    if (flow->result.none()) {
      replaced.push_back(&op);
      continue;
    }
    if (isUntouched(&op, *flow, operands))
      continue;
    OpBuilder builder(&op);
    Operation *built =
        cast<ChannelwiseOp>(op).rebuildWithChannels(builder, operands, *flow);
    values[op.getResult(0)] = built->getResult(0);
    replaced.push_back(&op);
  }
  for (Operation *op : llvm::reverse(replaced)) {
    SetVector<Value> operands(op->operand_begin(), op->operand_end());
    op->erase();
    for (Value operand : operands)
      if (constantValue(operand) && operand.use_empty())
        operand.getDefiningOp()->erase();
  }
}

namespace {
struct DropDeadChannelsPass
    : public thimble::impl::DropDeadChannelsPassBase<DropDeadChannelsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (function.getBody().hasOneBlock())
        rewrite(function, ChannelAnalysis(function));
  }
};
} // namespace
