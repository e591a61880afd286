//===- LayerEmitter.cpp - Functions and tables of one layer ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The layer function owns the loop over row steps and fills row pointers from
// base and pitch; the step function below it never sees a pitch of its inputs,
// so rows may lie anywhere.
//
//===----------------------------------------------------------------------===//

#include "LayerEmitter.h"
#include "InternalSymbols.h"
#include "mlir/IR/SymbolTable.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

const Kernel *thimble::findPlannedKernel(KernelOp op) {
  const Kernel *kernel = op.getKernel() ? findKernel(*op.getKernel()) : nullptr;
  if (kernel && op.getPlacements())
    return kernel;
  op.emitOpError("expected a kernel's name and placements; run "
                 "thimble-select-kernels and thimble-plan-memory first");
  return nullptr;
}

/// The input of the kernel that operand `index` of the root op is, or delays.
static unsigned kernelInput(KernelOp op, unsigned index) {
  Value operand = op.getRoot()->getOperand(index);
  if (auto delay = operand.getDefiningOp<DelayOp>())
    operand = delay.getInput();
  return cast<BlockArgument>(operand).getArgNumber();
}

LayerEmitter::LayerEmitter(OpBuilder &builder, KernelOp op,
                           const Kernel &kernel, const TargetInfo &target,
                           StringRef model)
    : builder(builder), op(op), kernel(kernel), target(target),
      prefix((model + "." + op.getId()).str()),
      spec(kernel.describe(op, target)), decoding(findWeightDecoding(op)),
      delay(op.getDelay()), scratch(layOutScratch(spec, decoding, target)) {
  for (const RowOperand &operand : spec.operands)
    useRegion(inputPlacement(operand.index));
  useRegion(placementOf(op.getResult(0)));
  if (op.getScratch())
    useRegion(*op.getScratch());
  if (op.getState())
    useRegion(*op.getState());
}

LayerEmitter::~LayerEmitter() = default;

PlacementAttr LayerEmitter::inputPlacement(unsigned operand) {
  return placementOf(op.getInputs()[kernelInput(op, operand)]);
}

void LayerEmitter::useRegion(PlacementAttr placement) {
  auto region = builder.getStringAttr(placement.getRegion());
  if (!llvm::is_contained(regions, region))
    regions.push_back(region);
}

bool LayerEmitter::isElided() {
  return spec.isCopy &&
         inputPlacement(spec.operands[0].index) == placementOf(op.getResult(0));
}

Value LayerEmitter::address(StepBuilder &b, PlacementAttr placement,
                            ValueRange arguments) const {
  auto region = builder.getStringAttr(placement.getRegion());
  const auto *found = llvm::find(regions, region);
  return b.at(arguments[found - regions.begin()], placement.getOffset());
}

void LayerEmitter::emitTables() {
  for (auto [index, table] : llvm::enumerate(spec.tables))
    tableSymbols.push_back(
        decoding && index == spec.weightTable
            ? std::string() // a tile in scratch takes its place
            : emitConstantTable(builder, op.getLoc(), prefix, table));
  if (decoding)
    decoder.emplace(builder, op.getLoc(), prefix, *decoding, target);
}

func::FuncOp LayerEmitter::createFunction(const Twine &name,
                                          ArrayRef<Type> arguments) {
  auto function =
      func::FuncOp::create(builder, op.getLoc(), (prefix + name).str(),
                           builder.getFunctionType(arguments, {}));
  setInternalFunctionAttributes(function);
  return function;
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
  func::FuncOp function = createFunction(".step", types);
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

LogicalResult LayerEmitter::verify() {
  if (delay && (!op.getState() || !delay.getInitial()))
    return op.emitOpError("expected a delay with an initial row and a "
                          "placement of its state; run thimble-prime-delays "
                          "and thimble-place-state first");
  int64_t scratchBytes =
      op.getScratch() ? int64_t(op.getScratchBytes().value_or(0)) : 0;
  if (scratchBytes < scratch.bytes)
    return op.emitOpError("expected a placement of at least ")
           << scratch.bytes << " bytes of scratch, found one of "
           << scratchBytes
           << "; run thimble-select-kernels and thimble-plan-memory first";
  if (!decoding || decoding->encoding.getChunkCount(decoding->type) == 1)
    return success();
  int64_t tile = decoding->encoding.getChunk(decoding->type).channels;
  int64_t rest = decoding->encoding.getLastChunk(decoding->type).channels;
  if (!spec.channels)
    return op.emitOpError("expected all weights in one tile, which kernel '")
           << kernel.getName() << "' needs, found tiles of " << tile
           << " channels";
  if (tile % spec.channelGranule != 0 || rest < spec.channelGranule)
    return op.emitOpError("expected tiles of a multiple of ")
           << spec.channelGranule << " output channels, found " << tile
           << " and a last one of " << rest;
  return success();
}

SmallVector<Type> LayerEmitter::argumentTypes(StepBuilder &b) {
  return {b.i32(), b.i32()}; // the first step and the last one
}

SmallVector<Value> LayerEmitter::tableAddresses(StepBuilder &b, Value tile) {
  SmallVector<Value> addresses;
  for (const std::string &symbol : tableSymbols)
    addresses.push_back(
        symbol.empty()
            ? tile
            : LLVM::AddressOfOp::create(builder, op.getLoc(), b.ptr(), symbol));
  return addresses;
}

func::FuncOp LayerEmitter::emit() {
  emitTables();
  func::FuncOp step = emitStep();
  StepBuilder b(builder, op.getLoc(), target);
  SmallVector<Type> types(regions.size(), b.ptr());
  llvm::append_range(types, argumentTypes(b));
  func::FuncOp layer = createFunction("", types);
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
  Range all;
  for (const RowOperand &operand : spec.operands)
    all.inputs.push_back(address(b, inputPlacement(operand.index), arguments));
  all.output = address(b, placementOf(op.getResult(0)), arguments);
  if (delay) {
    all.history = address(b, *op.getState(), arguments);
    // Rows are counted from the oldest one that is kept.
    all.inputs[0] = b.at(all.inputs[0], -delay.getStateBytes());
  }
  if (scratch.bytes > 0)
    scratchBase = address(b, *op.getScratch(), arguments);
  all.tables =
      tableAddresses(b, decoding ? b.at(scratchBase, scratch.tile) : Value());
  if (spec.channels)
    all.channels = b.constant(*spec.channels);
  if (spec.paddingRowBytes > 0) {
    paddingRow = b.at(scratchBase, scratch.paddingRow);
    b.fill(paddingRow, spec.paddingByte, b.constant(spec.paddingRowBytes));
  }
  emitRanges(b, step, all, arguments.drop_front(regions.size()));
  if (delay)
    emitDelay(b, arguments);
}

void LayerEmitter::emitRanges(StepBuilder &b, func::FuncOp step,
                              const Range &all, ValueRange steps) {
  Value first = steps[0], last = steps[1];
  if (!decoder)
    return emitSteps(b, step, all, first, last);
  decoder->begin(b, b.at(scratchBase, scratch.lookup));
  Value payload = decoder->getPayload(b), tile = all.tables[spec.weightTable];
  if (decoder->getTileCount() == 1) {
    decoder->decode(b, payload, tile, b.constant(decoder->getTileChannels()));
    return emitSteps(b, step, all, first, last);
  }
  int64_t size = decoder->getTileChannels();
  b.loop(b.constant(0), all.channels, size, payload,
         [&](Value channel, ValueRange cursor) {
           Value count = b.constant(size);
           if (*spec.channels % size != 0)
             count = b.smin(count, b.sub(all.channels, channel));
           Value next = decoder->decode(b, cursor[0], tile, count);
           emitSteps(b, step, slice(b, all, channel, count, tile), first, last);
           return StepBuilder::Values{next};
         });
}

LayerEmitter::Range LayerEmitter::slice(StepBuilder &b, const Range &all,
                                        Value first, Value channels,
                                        Value weights) {
  Range range;
  Value granule = builder.createOrFold<arith::DivUIOp>(
      op.getLoc(), first, b.constant(spec.channelGranule));
  for (auto [operand, input] : llvm::zip_equal(spec.operands, all.inputs))
    range.inputs.push_back(b.at(input, b.mul(granule, operand.granuleBytes)));
  if (all.history)
    range.history =
        b.at(all.history, b.mul(granule, spec.operands[0].granuleBytes));
  for (auto [table, address] : llvm::zip_equal(spec.tables, all.tables))
    range.tables.push_back(b.at(address, b.mul(first, table.channelBytes)));
  range.tables[spec.weightTable] = weights;
  range.output =
      b.at(all.output, b.mul(first, elementBytes(tensorType(op.getResult(0)))));
  range.channels = channels;
  return range;
}

void LayerEmitter::emitSteps(StepBuilder &b, func::FuncOp step,
                             const Range &range, Value first, Value last) {
  if (spec.pixels)
    return callJoined(b, step, range, first, last);
  if (spec.steps == 1)
    return callStep(b, step, range, b.constant(0));
  b.loop(first, last, 1, [&](Value index) {
    if (op.getDescending()) // first + last - 1 - index
      index = b.add(b.sub(b.add(first, last), index), -1);
    callStep(b, step, range, index);
  });
}

void LayerEmitter::callJoined(StepBuilder &b, func::FuncOp step,
                              const Range &range, Value first, Value last) {
  SmallVector<Value> rows;
  for (auto [operand, base] : llvm::zip(spec.operands, range.inputs))
    rows.push_back(operand.window.whole
                       ? base
                       : b.at(base, b.mul(first, operand.rowBytes)));
  call(b, step, range, rows,
       b.at(range.output, b.mul(first, spec.outputRowBytes)),
       b.mul(b.sub(last, first), *spec.pixels));
}

void LayerEmitter::callStep(StepBuilder &b, func::FuncOp step,
                            const Range &range, Value index) {
  SmallVector<Value> rows;
  for (unsigned i = 0; i < spec.operands.size(); ++i)
    rows.push_back(windowRows(b, range, i, index));
  call(b, step, range, rows,
       b.at(range.output, b.mul(index, spec.outputRowBytes)), Value());
}

Value LayerEmitter::windowRows(StepBuilder &b, const Range &range,
                               unsigned index, Value step) {
  const RowOperand &operand = spec.operands[index];
  const RowWindow &window = operand.window;
  Value base = range.inputs[index];
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
  Value history = index == 0 ? range.history : Value();
  if (window.rows == 1 && window.padBefore == 0 && lastTop < operand.height &&
      !history)
    return b.at(base, b.mul(top, operand.rowBytes));
  Value array =
      window.rows > 1 ? b.at(scratchBase, scratch.rowPointers[index]) : Value();
  Value single;
  b.loop(window.rows, [&](Value k) {
    Value y = b.add(top, b.mul(k, window.dilation));
    Value from = base;
    if (history)
      from = b.select(b.compare(arith::CmpIPredicate::slt, y,
                                b.constant(delay.getKeptRows())),
                      history, base);
    Value pointer = b.at(from, b.mul(y, operand.rowBytes));
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

void LayerEmitter::emitDelay(StepBuilder &b, ValueRange arguments) {
  int64_t kept = delay.getStateBytes();
  int64_t fresh = tensorBytes(tensorType(delay.getInput()));
  Value state = address(b, *op.getState(), arguments);
  Value rows = address(b, inputPlacement(spec.operands[0].index), arguments);
  if (fresh >= kept)
    return b.copy(state, b.at(rows, fresh - kept), b.constant(kept));
  b.move(state, b.at(state, fresh), b.constant(kept - fresh));
  b.copy(b.at(state, kept - fresh), rows, b.constant(fresh));
}

void LayerEmitter::call(StepBuilder &b, func::FuncOp step, const Range &range,
                        ArrayRef<Value> rows, Value outputRow, Value pixels) {
  SmallVector<Value> arguments(rows);
  arguments.push_back(outputRow);
  arguments.append(range.tables.begin(), range.tables.end());
  if (spec.paddingRowBytes > 0)
    arguments.push_back(paddingRow);
  if (spec.scratchBytes > 0)
    arguments.push_back(b.at(scratchBase, scratch.kernel));
  if (spec.pixels)
    arguments.push_back(pixels);
  if (spec.channels)
    arguments.push_back(range.channels);
  func::CallOp::create(builder, op.getLoc(), step, arguments);
}
