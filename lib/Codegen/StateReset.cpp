//===- StateReset.cpp - Where the stream of a model begins ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One row a delay is stored, and none if all its bytes are the same.
//
//===----------------------------------------------------------------------===//

#include "StateReset.h"
#include "InternalSymbols.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/LoopNest/StepBuilder.h"

using namespace mlir;
using namespace thimble;

/// Emits the initial row of a kernel's delay unless one byte says it all;
/// returns its symbol.
static std::string emitInitialRow(OpBuilder &builder, KernelOp op,
                                  StringRef model) {
  std::vector<uint8_t> row = elementsBytes(*op.getDelay().getInitial());
  if (llvm::all_equal(row))
    return std::string();
  return emitConstantTable(builder, op.getLoc(),
                           (model + "." + op.getId()).str(),
                           {"initial", row, /*alignment=*/4});
}

/// Repeats the initial row of a kernel's delay in its state.
static void fillState(StepBuilder &b, KernelOp op, const std::string &table,
                      Value state) {
  DelayOp delay = op.getDelay();
  Value to = b.at(state, op.getState()->getOffset());
  if (table.empty()) {
    uint8_t byte = elementsBytes(*delay.getInitial()).front();
    return b.fill(to, byte, b.constant(delay.getStateBytes()));
  }
  Value row = LLVM::AddressOfOp::create(b.builder, b.loc, b.ptr(), table);
  int64_t bytes = delay.getStateBytes() / delay.getKeptRows();
  b.loop(delay.getKeptRows(), [&](Value i) {
    b.copy(b.at(to, b.mul(i, bytes)), row, b.constant(bytes));
  });
}

void thimble::emitStateReset(OpBuilder &builder, func::FuncOp model,
                             const TargetInfo &target) {
  Location location = model.getLoc();
  SmallVector<KernelOp> delaying = llvm::filter_to_vector(
      kernelsOf(model), [](KernelOp op) { return bool(op.getDelay()); });
  SmallVector<std::string> tables;
  for (KernelOp op : delaying)
    tables.push_back(emitInitialRow(builder, op, model.getName()));
  func::FuncOp reset =
      createEntry(builder, location, model.getName() + "_reset", 1);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&reset.front());
  StepBuilder b(builder, location, target);
  for (auto [op, table] : llvm::zip_equal(delaying, tables))
    fillState(b, op, table, reset.getArgument(0));
  func::ReturnOp::create(builder, location);
}
