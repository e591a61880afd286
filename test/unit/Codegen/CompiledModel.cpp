//===- CompiledModel.cpp - A model compiled into the test -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The code is that of the object emitter's input, unoptimized. Functions take
// different arguments, so each is called through a function that reads its
// arguments from an array of 64-bit words.
//
//===----------------------------------------------------------------------===//

#include "CompiledModel.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "thimble/Dialect/Thimble/IR/Layers.h"
#include "thimble/Dialect/Thimble/Transforms/Passes.h"
#include "thimble/Pipeline/Pipelines.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "gtest/gtest.h"
#include <cstring>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

/// Scratch has the alignment of a pointer.
static constexpr size_t arenaAlignment = 16;

CompiledModel::CompiledModel(const OpModel &model, llvm::StringRef level,
                             const Kernel *kernel, llvm::StringRef encoding) {
  OwningOpRef<ModuleOp> module = model.clone();
  EXPECT_TRUE(succeeded(mlir::verify(*module))) << "the test's own model";
  if (failed(compile(*module, level, kernel, encoding, {})) ||
      failed(addToProcess(*module)))
    jit.reset();
  EXPECT_TRUE(isValid());
}

CompiledModel::CompiledModel(const OpModel &model, llvm::StringRef level,
                             Plan plan) {
  OwningOpRef<ModuleOp> module = model.clone();
  if (failed(compile(*module, level, nullptr, "", plan)) ||
      failed(addToProcess(*module)))
    jit.reset();
  EXPECT_TRUE(isValid());
}

CompiledModel::~CompiledModel() = default;

LogicalResult CompiledModel::compile(ModuleOp module, llvm::StringRef level,
                                     const Kernel *kernel,
                                     llvm::StringRef encoding, Plan plan) {
  PipelineOptions options;
  options.level = level.str();
  options.encoding = encoding.str();
  auto run = [&](auto... stages) {
    PassManager pm(module.getContext());
    (stages(pm, options), ...);
    return pm.run(module);
  };
  if (failed(
          run(buildGraphPipeline, buildCompressPipeline, buildKernelPipeline)))
    return failure();
  FailureOr<TargetInfo> host = TargetInfo::get(module);
  if (failed(host))
    return failure();
  target = *host;
  module.walk([&](KernelOp op) {
    if (kernel && kernel->matches(op, target))
      setKernel(op, *kernel, target);
  });
  if (plan) {
    plan(*module.getOps<func::FuncOp>().begin(), target);
    if (failed(mlir::verify(module)))
      return failure();
  } else if (failed(run(buildPlanPipeline))) {
    return failure();
  }
  readPlan(module);
  return run(buildCodePipeline);
}

static Slot slotOf(Value value) {
  PlacementAttr placement = placementOf(value);
  RankedTensorType type = tensorType(value);
  return {placement.getOffset(), tensorBytes(type), elementBytes(type)};
}

void CompiledModel::readPlan(ModuleOp module) {
  auto model = *module.getOps<func::FuncOp>().begin();
  arenaBytes = model->getAttrOfType<IntegerAttr>(arenaBytesAttrName).getInt();
  for (Value argument : model.getArguments())
    inputSlots.push_back(slotOf(argument));
  for (Value result : model.front().getTerminator()->getOperands())
    resultSlots.push_back(slotOf(result));
  for (auto stream : model.getOps<StreamOp>())
    if (auto fed = dyn_cast_or_null<BlockArgument>(stream.getFed())) {
      fedInput = fed.getArgNumber();
      fedRows = rowCount(tensorType(fed));
    }
  for (KernelOp op : kernelsOf(model)) {
    LayerPlan layer;
    layer.id = op.getId().str();
    layer.kernel = op.getKernel()->str();
    layer.spec = findKernel(*op.getKernel())->describe(op, target);
    for (const RowOperand &operand : layer.spec.operands) {
      auto argument =
          cast<BlockArgument>(op.getRoot()->getOperand(operand.index));
      layer.operands.push_back(slotOf(op.getInputs()[argument.getArgNumber()]));
    }
    layer.result = slotOf(op.getResult(0));
    layer.decodesWeights = findWeightDecoding(op).has_value();
    layers.push_back(std::move(layer));
  }
}

/// Adds `packed.<name>(words)`, which calls `function` with words as arguments.
static void addPacked(llvm::Function &function) {
  llvm::Module &module = *function.getParent();
  llvm::LLVMContext &context = module.getContext();
  auto *pointer = llvm::PointerType::get(context, 0);
  auto *packed = llvm::Function::Create(
      llvm::FunctionType::get(llvm::Type::getVoidTy(context), {pointer},
                              /*isVarArg=*/false),
      llvm::GlobalValue::ExternalLinkage, "packed." + function.getName(),
      module);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(context, "", packed));
  llvm::SmallVector<llvm::Value *> arguments;
  for (llvm::Argument &argument : function.args())
    arguments.push_back(
        b.CreateLoad(argument.getType(),
                     b.CreateConstGEP1_64(b.getInt64Ty(), packed->getArg(0),
                                          argument.getArgNo())));
  b.CreateCall(&function, arguments);
  b.CreateRetVoid();
}

LogicalResult CompiledModel::addToProcess(ModuleOp module) {
  static bool initialized = [] {
    llvm::InitializeNativeTarget();
    return !llvm::InitializeNativeTargetAsmPrinter();
  }();
  auto context = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::Module> code =
      translateModuleToLLVMIR(module, *context);
  if (!initialized || !code)
    return failure();
  auto made = llvm::orc::LLJITBuilder().create();
  if (!made) {
    ADD_FAILURE() << llvm::toString(made.takeError());
    return failure();
  }
  jit = std::move(*made);
  code->setDataLayout(jit->getDataLayout());
  code->setTargetTriple(jit->getTargetTriple());
  SmallVector<llvm::Function *> functions;
  for (llvm::Function &function : *code)
    if (!function.isDeclaration())
      functions.push_back(&function);
  for (llvm::Function *function : functions)
    addPacked(*function);
  llvm::Error error = jit->addIRModule(
      llvm::orc::ThreadSafeModule(std::move(code), std::move(context)));
  if (!error)
    return success();
  ADD_FAILURE() << llvm::toString(std::move(error));
  return failure();
}

void CompiledModel::call(llvm::StringRef function,
                         ArrayRef<uint64_t> arguments) {
  auto address = jit->lookup(("packed." + function).str());
  if (!address) {
    ADD_FAILURE() << llvm::toString(address.takeError());
    return;
  }
  address->toPtr<void (*)(const uint64_t *)>()(arguments.data());
}

void CompiledModel::callStep(const LayerPlan &layer,
                             ArrayRef<uint64_t> arguments) {
  call("m." + layer.id + ".step", arguments);
}

static uint64_t word(const uint8_t *pointer) {
  return reinterpret_cast<uintptr_t>(pointer);
}

namespace {
/// Memory of a given alignment.
class Arena {
public:
  explicit Arena(size_t bytes) : memory(bytes + arenaAlignment, 0xAA) {}
  uint8_t *data() {
    return reinterpret_cast<uint8_t *>(
        llvm::alignTo(word(memory.data()), arenaAlignment));
  }
  void write(Slot slot, const Bytes &bytes) {
    ASSERT_EQ(int64_t(bytes.size()), slot.bytes);
    std::memcpy(data() + slot.offset, bytes.data(), bytes.size());
  }
  Bytes read(Slot slot) {
    return Bytes(data() + slot.offset, data() + slot.offset + slot.bytes);
  }

private:
  Bytes memory;
};
} // namespace

std::vector<Bytes> CompiledModel::run(ArrayRef<Bytes> inputs) {
  Arena arena(arenaBytes);
  for (auto [index, slot] : llvm::enumerate(inputSlots))
    if (index != fedInput)
      arena.write(slot, inputs[index]);
  if (!fedInput) {
    call("m_invoke", {word(arena.data())});
  } else {
    const Bytes &fed = inputs[*fedInput];
    call("m_begin", {word(arena.data())});
    for (int64_t row = 0; row < fedRows; ++row) {
      Bytes bytes(fed.begin() + row * fed.size() / fedRows,
                  fed.begin() + (row + 1) * fed.size() / fedRows);
      call("m_push_row", {word(arena.data()), word(bytes.data())});
    }
    call("m_finish", {word(arena.data())});
  }
  std::vector<Bytes> results;
  for (Slot slot : resultSlots)
    results.push_back(arena.read(slot));
  return results;
}

Bytes CompiledModel::runLayer(const LayerPlan &layer, ArrayRef<Bytes> inputs,
                              int64_t piece) {
  Arena arena(arenaBytes);
  for (auto [slot, bytes] : llvm::zip_equal(layer.operands, inputs))
    arena.write(slot, bytes);
  for (int64_t first = 0; first < layer.spec.steps; first += piece) {
    int64_t last = std::min(first + piece, layer.spec.steps);
    call("m." + layer.id,
         {word(arena.data()), uint64_t(first), uint64_t(last)});
  }
  return arena.read(layer.result);
}
