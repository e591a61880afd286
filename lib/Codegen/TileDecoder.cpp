//===- TileDecoder.cpp - Functions that decode a layer's weights ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables, counts and numbers are arguments of the functions, so that their code
// depends on the schemes alone.
//
//===----------------------------------------------------------------------===//

#include "TileDecoder.h"
#include "InternalSymbols.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

TileDecoder::TileDecoder(OpBuilder &builder, Location loc, StringRef prefix,
                         const WeightDecoding &decoding,
                         const TargetInfo &target)
    : loc(loc), prefix(prefix.str()), target(target),
      stack(decoding.encoding, target),
      chunk(decoding.encoding.getChunk(decoding.type)),
      tiles(decoding.encoding.getChunkCount(decoding.type)) {
  ConstantTable table{"weights", payloadBytes(decoding.constant), 4};
  payload = emitConstantTable(builder, loc, prefix, table);
  for (const ConstantTable &table : stack.getTables())
    tableSymbols.push_back(emitConstantTable(builder, loc, prefix, table));
  if (stack.getScratchBytes() > 0)
    emitSetup(builder);
  emitDecode(builder);
}

func::FuncOp TileDecoder::emitFunction(OpBuilder &builder, const Twine &name,
                                       ArrayRef<Type> arguments,
                                       TypeRange results) {
  auto function =
      func::FuncOp::create(builder, loc, (prefix + name).str(),
                           builder.getFunctionType(arguments, results));
  setInternalFunctionAttributes(function);
  function.addEntryBlock();
  return function;
}

void TileDecoder::emitSetup(OpBuilder &builder) {
  StepBuilder b(builder, loc, target);
  setupFunction = emitFunction(builder, ".lookup", stack.getSharedTypes(b), {});
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&setupFunction.getBody().front());
  stack.buildSetup(b, setupFunction.getArguments());
  func::ReturnOp::create(builder, loc);
}

void TileDecoder::emitDecode(OpBuilder &builder) {
  StepBuilder b(builder, loc, target);
  SmallVector<Type> types = {b.ptr(), b.ptr(), b.i32()};
  llvm::append_range(types, stack.getSharedTypes(b));
  decodeFunction = emitFunction(builder, ".decode", types, b.ptr());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&decodeFunction.getBody().front());
  ValueRange arguments = decodeFunction.getArguments();
  Value end = stack.buildDecode(b, arguments[0], arguments[1], arguments[2],
                                arguments.drop_front(3));
  func::ReturnOp::create(builder, loc, end);
}

void TileDecoder::begin(StepBuilder &b, Value lookup) {
  for (const std::string &symbol : tableSymbols)
    shared.push_back(
        LLVM::AddressOfOp::create(b.builder, loc, b.ptr(), symbol));
  for (int32_t number : stack.getNumbers())
    shared.push_back(b.constant(number));
  if (!setupFunction)
    return;
  shared.push_back(lookup);
  func::CallOp::create(b.builder, loc, setupFunction, shared);
}

Value TileDecoder::getPayload(StepBuilder &b) const {
  return LLVM::AddressOfOp::create(b.builder, loc, b.ptr(), payload);
}

Value TileDecoder::decode(StepBuilder &b, Value cursor, Value tile,
                          Value channels) const {
  Value groups = channels;
  if (chunk.lanes > 1)
    groups = b.builder.createOrFold<arith::DivUIOp>(
        loc, b.add(channels, chunk.lanes - 1), b.constant(chunk.lanes));
  SmallVector<Value> arguments = {cursor, tile,
                                  b.mul(groups, chunk.lanes * chunk.depth)};
  llvm::append_range(arguments, shared);
  return func::CallOp::create(b.builder, loc, decodeFunction, arguments)
      .getResult(0);
}
