//===- LayerEmitter.cpp - Functions and tables of one layer ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layer function owns the loop over row steps and fills row pointers from
// base and pitch; the step function below it never sees a pitch of its inputs,
// so rows may lie anywhere.
//
//===----------------------------------------------------------------------===//

#include "LayerEmitter.h"
#include "mlir/IR/SymbolTable.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

void thimble::setInternalFunctionAttributes(func::FuncOp function) {
  MLIRContext *context = function.getContext();
  Builder b(context);
  function.setPrivate();
  function->setAttr("llvm.linkage",
                    LLVM::LinkageAttr::get(context, LLVM::Linkage::Internal));
  function->setAttr(
      "passthrough",
      b.getArrayAttr({b.getStringAttr("noinline"), b.getStringAttr("nounwind"),
                      b.getStringAttr("optsize"),
                      b.getStrArrayAttr({"disable-tail-calls", "true"}),
                      b.getStringAttr("nooutline")}));
}

/// The input of the kernel that operand `index` of the root op is.
static unsigned kernelInput(KernelOp op, unsigned index) {
  return cast<BlockArgument>(op.getRoot()->getOperand(index)).getArgNumber();
}

LayerEmitter::LayerEmitter(OpBuilder &builder, KernelOp op,
                           const Kernel &kernel, const TargetInfo &target,
                           StringRef model)
    : builder(builder), op(op), kernel(kernel), target(target),
      prefix((model + "." + op.getId()).str()),
      spec(kernel.describe(op, target)), scratch(layOutScratch(spec, target)) {
  for (const RowOperand &operand : spec.operands)
    useRegion(inputPlacement(operand.index));
  useRegion(cast<PlacementAttr>((*op.getPlacements())[0]));
  if (scratch.bytes > 0)
    useRegion(*op.getScratch());
}

PlacementAttr LayerEmitter::inputPlacement(unsigned operand) {
  Value value = op.getInputs()[kernelInput(op, operand)];
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto function = cast<func::FuncOp>(argument.getOwner()->getParentOp());
    return function.getArgAttrOfType<PlacementAttr>(argument.getArgNumber(),
                                                    placementAttrName);
  }
  auto result = cast<OpResult>(value);
  auto producer = cast<KernelOp>(result.getOwner());
  return cast<PlacementAttr>(
      (*producer.getPlacements())[result.getResultNumber()]);
}

void LayerEmitter::useRegion(PlacementAttr placement) {
  auto region = builder.getStringAttr(placement.getRegion());
  if (!llvm::is_contained(regions, region))
    regions.push_back(region);
}

bool LayerEmitter::isElided() {
  return spec.isCopy &&
         inputPlacement(spec.operands[0].index) == (*op.getPlacements())[0];
}

Value LayerEmitter::address(StepBuilder &b, PlacementAttr placement,
                            ValueRange arguments) const {
  auto region = builder.getStringAttr(placement.getRegion());
  const auto *found = llvm::find(regions, region);
  return b.at(arguments[found - regions.begin()], placement.getOffset());
}

void LayerEmitter::emitTables() {
  for (const ConstantTable &table : spec.tables) {
    std::string symbol = prefix + "." + table.name;
    auto type = RankedTensorType::get({int64_t(table.bytes.size())},
                                      builder.getI8Type());
    auto value = DenseElementsAttr::getFromRawBuffer(
        type, ArrayRef<char>(reinterpret_cast<const char *>(table.bytes.data()),
                             table.bytes.size()));
    auto arrayType =
        LLVM::LLVMArrayType::get(builder.getI8Type(), table.bytes.size());
    auto global = LLVM::GlobalOp::create(
        builder, op.getLoc(), arrayType, /*isConstant=*/true,
        LLVM::Linkage::Internal, symbol, value, table.alignment);
    global.setUnnamedAddr(LLVM::UnnamedAddr::Global);
    tableSymbols.push_back(std::move(symbol));
  }
}

func::FuncOp LayerEmitter::emitStep() {
  StepBuilder b(builder, op.getLoc(), target);
  SmallVector<Type> types(spec.operands.size() + 1 + spec.tables.size(),
                          b.ptr());
  if (spec.paddingRowBytes > 0)
    types.push_back(b.ptr());
  if (spec.scratchBytes > 0)
    types.push_back(b.ptr());
  if (spec.pixels)
    types.push_back(b.i32());
  if (spec.channels)
    types.push_back(b.i32());
  auto function = func::FuncOp::create(builder, op.getLoc(), prefix + ".step",
                                       builder.getFunctionType(types, {}));
  setInternalFunctionAttributes(function);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(function.addEntryBlock());
  auto arguments = function.getArguments().begin();
  for (size_t i = 0; i < spec.operands.size(); ++i)
    b.operands.push_back(*arguments++);
  b.output = *arguments++;
  for (size_t i = 0; i < spec.tables.size(); ++i)
    b.tables.push_back(*arguments++);
  if (spec.paddingRowBytes > 0)
    b.paddingRow = *arguments++;
  if (spec.scratchBytes > 0)
    b.scratch = *arguments++;
  if (spec.pixels)
    b.pixels = *arguments++;
  if (spec.channels)
    b.channels = *arguments++;
  kernel.buildStep(op, b);
  func::ReturnOp::create(builder, op.getLoc());
  return function;
}

func::FuncOp LayerEmitter::emit() {
  emitTables();
  func::FuncOp step = emitStep();
  StepBuilder b(builder, op.getLoc(), target);
  SmallVector<Type> types(regions.size(), b.ptr());
  types.append({b.i32(), b.i32()});
  auto layer = func::FuncOp::create(builder, op.getLoc(), prefix,
                                    builder.getFunctionType(types, {}));
  setInternalFunctionAttributes(layer);
  // Keeps two layers with equal bodies apart: each is counted by its name.
  layer->setAttr(idAttrName, op.getIdAttr());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(layer.addEntryBlock());
  emitBody(b, layer, step);
  func::ReturnOp::create(builder, op.getLoc());
  return layer;
}

void LayerEmitter::emitBody(StepBuilder &b, func::FuncOp layer,
                            func::FuncOp step) {
  ValueRange arguments = layer.getArguments();
  for (const RowOperand &operand : spec.operands)
    inputs.push_back(address(b, inputPlacement(operand.index), arguments));
  output = address(b, cast<PlacementAttr>((*op.getPlacements())[0]), arguments);
  if (scratch.bytes > 0)
    scratchBase = address(b, *op.getScratch(), arguments);
  for (const std::string &symbol : tableSymbols)
    tables.push_back(
        LLVM::AddressOfOp::create(builder, op.getLoc(), b.ptr(), symbol));
  if (spec.paddingRowBytes > 0) {
    paddingRow = b.at(scratchBase, scratch.paddingRow);
    b.fill(paddingRow, spec.paddingByte, b.constant(spec.paddingRowBytes));
  }
  Value first = arguments[regions.size()], last = arguments[regions.size() + 1];
  if (spec.pixels)
    return callJoined(b, step, first, last);
  if (spec.steps == 1)
    return callStep(b, step, b.constant(0));
  b.loop(first, last, 1, [&](Value index) { callStep(b, step, index); });
}

void LayerEmitter::callJoined(StepBuilder &b, func::FuncOp step, Value first,
                              Value last) {
  SmallVector<Value> rows;
  for (auto [operand, base] : llvm::zip(spec.operands, inputs))
    rows.push_back(operand.window.whole
                       ? base
                       : b.at(base, b.mul(first, operand.rowBytes)));
  call(b, step, rows, b.at(output, b.mul(first, spec.outputRowBytes)),
       b.mul(b.sub(last, first), *spec.pixels));
}

void LayerEmitter::callStep(StepBuilder &b, func::FuncOp step, Value index) {
  SmallVector<Value> rows;
  for (unsigned i = 0; i < spec.operands.size(); ++i)
    rows.push_back(windowRows(b, i, index));
  call(b, step, rows, b.at(output, b.mul(index, spec.outputRowBytes)), Value());
}

Value LayerEmitter::windowRows(StepBuilder &b, unsigned index, Value step) {
  const RowOperand &operand = spec.operands[index];
  const RowWindow &window = operand.window;
  Value base = inputs[index];
  if (window.whole)
    return base;
  Value row = step;
  if (operand.images > 1) {
    Value perImage = b.constant(spec.steps / operand.images);
    Value image =
        builder.createOrFold<arith::DivUIOp>(op.getLoc(), step, perImage);
    row = b.sub(step, b.mul(image, perImage));
    base = b.at(base, b.mul(image, operand.height * operand.rowBytes));
  }
  Value top = b.add(b.mul(row, window.stride), -window.padBefore);
  int64_t lastTop = (spec.steps / operand.images - 1) * window.stride;
  if (window.rows == 1 && window.padBefore == 0 && lastTop < operand.height)
    return b.at(base, b.mul(top, operand.rowBytes));
  Value array =
      window.rows > 1 ? b.at(scratchBase, scratch.rowPointers[index]) : Value();
  Value single;
  b.loop(window.rows, [&](Value k) {
    Value y = b.add(top, b.mul(k, window.dilation));
    Value pointer = b.at(base, b.mul(y, operand.rowBytes));
    if (spec.paddingRowBytes > 0) {
      Value inside =
          b.compare(arith::CmpIPredicate::ult, y, b.constant(operand.height));
      pointer = b.select(inside, pointer, paddingRow);
    }
    if (array)
      b.store(pointer, b.at(array, b.mul(k, target.pointerBytes)));
    else
      single = pointer;
  });
  return array ? array : single;
}

void LayerEmitter::call(StepBuilder &b, func::FuncOp step, ArrayRef<Value> rows,
                        Value outputRow, Value pixels) {
  SmallVector<Value> arguments(rows);
  arguments.push_back(outputRow);
  arguments.append(tables.begin(), tables.end());
  if (spec.paddingRowBytes > 0)
    arguments.push_back(paddingRow);
  if (spec.scratchBytes > 0)
    arguments.push_back(b.at(scratchBase, scratch.kernel));
  if (spec.pixels)
    arguments.push_back(pixels);
  if (spec.channels)
    arguments.push_back(b.constant(*spec.channels));
  func::CallOp::create(builder, op.getLoc(), step, arguments);
}
