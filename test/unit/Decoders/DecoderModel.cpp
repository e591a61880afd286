//===- DecoderModel.cpp - A model that only decodes weights ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions are what a layer would call: `decode.d` for each chunk, and
// `decode.s`, which fills the scratch, before them.
//
//===----------------------------------------------------------------------===//

#include "DecoderModel.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/Execution/EmulatorRunner.h"
#include "thimble/Execution/HostRunner.h"
#include "thimble/Target/ObjectEmitter.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
/// Builds the module.
class ModuleBuilder {
public:
  ModuleBuilder(EncodingAttr encoding, RankedTensorType type,
                const TargetInfo &target)
      : encoding(encoding), type(type), target(target),
        decoder(encoding, target), location(UnknownLoc::get(type.getContext())),
        builder(type.getContext()) {}

  OwningOpRef<ModuleOp> build(ArrayRef<uint8_t> payload);
  /// Bytes of all chunks, rounded up to words each, and of the scratch.
  int64_t outBytes() const { return encoding.getChunkCount(type) * pitch(); }
  int64_t pitch() const {
    return llvm::alignTo(encoding.getChunk(type).size(), 4);
  }

private:
  StepBuilder step() { return StepBuilder(builder, location, target); }
  Value address(StringRef symbol) {
    return LLVM::AddressOfOp::create(
        builder, location, LLVM::LLVMPointerType::get(builder.getContext()),
        symbol);
  }
  void addBytes(StringRef symbol, ArrayRef<uint8_t> bytes, unsigned alignment);
  func::FuncOp addFunction(StringRef name, TypeRange inputs, TypeRange results);
  func::FuncOp addDecode();
  func::FuncOp addSetup();
  void addInvoke(func::FuncOp decode, func::FuncOp setup);

  EncodingAttr encoding;
  RankedTensorType type;
  const TargetInfo &target;
  StackDecoder decoder;
  Location location;
  OpBuilder builder;
};
} // namespace

void ModuleBuilder::addBytes(StringRef symbol, ArrayRef<uint8_t> bytes,
                             unsigned alignment) {
  auto bytesType =
      RankedTensorType::get({int64_t(bytes.size())}, builder.getI8Type());
  auto value = DenseElementsAttr::getFromRawBuffer(
      bytesType, ArrayRef<char>(reinterpret_cast<const char *>(bytes.data()),
                                bytes.size()));
  LLVM::GlobalOp::create(
      builder, location,
      LLVM::LLVMArrayType::get(builder.getI8Type(), bytes.size()),
      /*isConstant=*/true, LLVM::Linkage::Internal, symbol, value, alignment);
}

func::FuncOp ModuleBuilder::addFunction(StringRef name, TypeRange inputs,
                                        TypeRange results) {
  auto function = func::FuncOp::create(
      builder, location, name, builder.getFunctionType(inputs, results));
  function.setPrivate();
  function->setAttr(
      "llvm.linkage",
      LLVM::LinkageAttr::get(builder.getContext(), LLVM::Linkage::Internal));
  function->setAttr(
      "passthrough",
      builder.getArrayAttr(
          {builder.getStringAttr("noinline"), builder.getStringAttr("nounwind"),
           builder.getStringAttr("optsize"),
           builder.getStrArrayAttr({"disable-tail-calls", "true"})}));
  return function;
}

func::FuncOp ModuleBuilder::addDecode() {
  StepBuilder b = step();
  SmallVector<Type> types = {b.ptr(), b.ptr(), b.i32()};
  llvm::append_range(types, decoder.getSharedTypes(b));
  func::FuncOp function = addFunction("bench.d", types, b.ptr());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(function.addEntryBlock());
  auto arguments = function.getArguments();
  Value end = decoder.buildDecode(b, arguments[0], arguments[1], arguments[2],
                                  arguments.drop_front(3));
  func::ReturnOp::create(builder, location, end);
  return function;
}

func::FuncOp ModuleBuilder::addSetup() {
  StepBuilder b = step();
  func::FuncOp function = addFunction("bench.s", decoder.getSharedTypes(b), {});
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(function.addEntryBlock());
  decoder.buildSetup(b, function.getArguments());
  func::ReturnOp::create(builder, location);
  return function;
}

void ModuleBuilder::addInvoke(func::FuncOp decode, func::FuncOp setup) {
  StepBuilder b = step();
  auto invoke = func::FuncOp::create(builder, location, "bench_invoke",
                                     builder.getFunctionType(b.ptr(), {}));
  builder.setInsertionPointToStart(invoke.addEntryBlock());
  Value arena = invoke.getArgument(0);
  SmallVector<Value> shared;
  for (size_t i = 0; i < decoder.getTables().size(); ++i)
    shared.push_back(address("bench.table" + std::to_string(i)));
  for (int32_t number : decoder.getNumbers())
    shared.push_back(b.opaque(b.constant(number)));
  if (decoder.getScratchBytes() > 0)
    shared.push_back(b.at(arena, outBytes()));
  func::CallOp::create(builder, location, setup, shared);
  Value cursor = address("bench.payload");
  int64_t chunks = encoding.getChunkCount(type);
  for (int64_t c = 0; c < chunks; ++c) {
    int64_t size =
        (c + 1 < chunks ? encoding.getChunk(type) : encoding.getLastChunk(type))
            .size();
    // Opaque, as if layers of other sizes shared the decoder.
    SmallVector<Value> arguments = {cursor, b.at(arena, c * pitch()),
                                    b.opaque(b.constant(size))};
    arguments.append(shared);
    cursor =
        func::CallOp::create(builder, location, decode, arguments).getResult(0);
  }
  func::ReturnOp::create(builder, location);
}

OwningOpRef<ModuleOp> ModuleBuilder::build(ArrayRef<uint8_t> payload) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  (*module)->setAttr(TargetInfo::cpuAttrName,
                     builder.getStringAttr(target.cpu));
  builder.setInsertionPointToStart(module->getBody());
  addBytes("bench.payload", payload, 4);
  for (auto [index, table] : llvm::enumerate(decoder.getTables()))
    addBytes("bench.table" + std::to_string(index), table.bytes,
             table.alignment);
  func::FuncOp decode = addDecode(), setup = addSetup();
  addInvoke(decode, setup);
  return module;
}

static LogicalResult lower(ModuleOp module) {
  PassManager pm(module.getContext());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createConvertFuncToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  return pm.run(module);
}

static ModelInfo describe(int64_t outBytes, int64_t scratchBytes) {
  ModelInfo model;
  model.name = "bench";
  model.arenaBytes = llvm::alignTo(outBytes + scratchBytes, 8);
  TensorInfo out;
  out.name = "out";
  out.shape = {outBytes};
  out.bytes = outBytes;
  TensorInfo in = out;
  in.name = "in";
  in.shape = {1};
  in.bytes = 1;
  model.inputs.push_back(in);
  model.outputs.push_back(out);
  for (const char *id : {"s", "d"}) {
    LayerInfo layer;
    layer.id = id;
    model.layers.push_back(layer);
  }
  return model;
}

/// Of the decoder, what fills scratch, and what they share with others.
static int64_t decoderBytes(StringRef object) {
  auto file = llvm::object::ObjectFile::createELFObjectFile(
      llvm::MemoryBufferRef(object, "bench"));
  if (!file) {
    llvm::consumeError(file.takeError());
    return 0;
  }
  int64_t bytes = 0;
  for (const llvm::object::ELFSymbolRef symbol : (*file)->symbols()) {
    llvm::Expected<StringRef> name = symbol.getName();
    if (!name)
      llvm::consumeError(name.takeError());
    else if (*name == "bench.d" || *name == "bench.s" ||
             name->contains("thimble."))
      bytes += int64_t(symbol.getSize());
  }
  return bytes;
}

FailureOr<DecoderRun> DecoderModel::run(EncodingAttr encoding,
                                        RankedTensorType type,
                                        ArrayRef<uint8_t> payload,
                                        StringRef prefix,
                                        std::string *assembly) {
  std::string error;
  FailureOr<TargetInfo> target = TargetInfo::lookup(cpu, error);
  if (failed(target))
    return failure();
  ModuleBuilder builder(encoding, type, *target);
  OwningOpRef<ModuleOp> module = builder.build(payload);
  if (failed(lower(*module)))
    return failure();
  if (assembly) {
    OwningOpRef<ModuleOp> copy = module->clone();
    auto text = emitCode(*copy, "bench", CodeForm::assembly, {});
    if (failed(text))
      return failure();
    *assembly = text->bytes.str().str();
  }
  auto code = emitCode(*module, "bench", CodeForm::object, {});
  if (failed(code))
    return failure();
  ModelInfo model = describe(builder.outBytes(),
                             StackDecoder(encoding, *target).getScratchBytes());
  TensorVectors inputs;
  inputs.tensors.push_back(std::string(1, '\0'));
  Location location = UnknownLoc::get(&context);
  EmulatorOptions options{prefix.str(), cpu, /*timeoutSeconds=*/60,
                          /*countCycles=*/true};
  FailureOr<ExecutionResult> result =
      target->isHost
          ? runOnHost(location, model, code->bytes, inputs)
          : runInEmulator(location, model, code->bytes, inputs, options);
  if (failed(result))
    return failure();
  DecoderRun run;
  run.codeBytes = decoderBytes(code->bytes);
  if (result->profile) {
    run.setupCycles = double(result->profile->layers[0].count.cycles);
    run.decodeCycles = double(result->profile->layers[1].count.cycles);
    run.decodeInstructions =
        double(result->profile->layers[1].count.instructions);
  }
  // The chunks without the gaps between them.
  StringRef out = result->outputs.tensors[0];
  int64_t chunks = encoding.getChunkCount(type);
  for (int64_t c = 0; c < chunks; ++c) {
    int64_t size =
        (c + 1 < chunks ? encoding.getChunk(type) : encoding.getLastChunk(type))
            .size();
    StringRef bytes = out.substr(c * builder.pitch(), size);
    run.symbols.insert(run.symbols.end(), bytes.bytes_begin(),
                       bytes.bytes_end());
  }
  return run;
}
