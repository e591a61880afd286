//===- CostEstimate.cpp - Instructions and cycles of layers ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The places of the blocks come from LLVM's section .llvm_bb_addr_map, their
// frequencies from the profile. Each block is decoded and timed by the rules
// that the emulator's plugin uses.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/CostEstimate.h"
#include "RuntimeCost.h"
#include "mlir/IR/BuiltinOps.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "thimble/TargetInfo/Timing/BlockTiming.h"
#include "thimble/TargetInfo/Timing/ThumbDecoder.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace thimble;
namespace object = llvm::object;
using timing::Instruction;

namespace {
using File = object::ELFFile<object::ELF32LE>;

/// Where a block is in its function.
struct BlockExtent {
  uint64_t begin, end;
};

class Estimator {
public:
  Estimator(const File &file, const CodeProfile &profile,
            const timing::CoreTiming &core, bool thumb1Only)
      : file(file), profile(profile), core(core), thumb1Only(thumb1Only) {}

  /// Works out every function without its callees.
  llvm::Error run();
  /// One run of a layer with all it calls.
  ExecutionCost costOf(StringRef model, const LayerInfo &layer);
  /// Learns how the work of functions that layers share differs among them.
  void compare(const ModelInfo &model);

private:
  struct Function {
    ExecutionCost own;
    SmallVector<std::pair<ProfiledCall, double>, 0> calls;
    std::optional<ExecutionCost> total;
    bool tripCountsVary = false;
    /// If they do, the work of one call, averaged over the layers.
    double averageWork = 0;
  };

  ExecutionCost costOf(const ProfiledCall &call);
  llvm::Error readFunction(StringRef name, ArrayRef<uint8_t> code,
                           ArrayRef<uint8_t> map);
  ExecutionCost timeBlock(ArrayRef<uint8_t> code, ArrayRef<double> taken);

  const File &file;
  const CodeProfile &profile;
  const timing::CoreTiming &core;
  bool thumb1Only;
  llvm::StringMap<Function> functions;
};
} // namespace

static SmallVector<Instruction> decode(ArrayRef<uint8_t> code) {
  SmallVector<Instruction> instructions;
  unsigned conditionalLeft = 0;
  for (size_t at = 0; at + 2 <= code.size();) {
    uint16_t halfword = llvm::support::endian::read16le(&code[at]);
    bool isWide = cycles::startsWideInstruction(halfword);
    if (isWide && at + 4 > code.size())
      break;
    Instruction instruction =
        isWide
            ? cycles::decodeWide(uint32_t(halfword) << 16 |
                                 llvm::support::endian::read16le(&code[at + 2]))
            : cycles::decodeNarrow(halfword);
    if (conditionalLeft) {
      --conditionalLeft;
      instruction.isConditional = instruction.writesPc;
    } else if (!isWide) {
      conditionalLeft = cycles::conditionalInstructionsAfter(halfword);
    }
    instructions.push_back(instruction);
    at += instruction.sizeInBytes;
  }
  return instructions;
}

/// One execution of a basic block, calls counted as their branch only.
ExecutionCost Estimator::timeBlock(ArrayRef<uint8_t> code,
                                   ArrayRef<double> taken) {
  SmallVector<Instruction> instructions = decode(code);
  ExecutionCost cost;
  // What is behind a branch runs only if that is not taken.
  double reached = 1;
  size_t first = 0;
  for (size_t i = 0; i < instructions.size(); ++i) {
    const Instruction &last = instructions[i];
    if (!last.writesPc && i + 1 != instructions.size())
      continue;
    size_t count = i + 1 - first;
    cost.instructions += reached * double(count);
    cost.cycles +=
        reached * timing::blockCycles(core, &instructions[first], count);
    double leaves = last.writesPc ? reached : 0;
    if (last.writesPc && last.isConditional && !taken.empty()) {
      leaves = std::min(taken.front(), reached);
      taken = taken.drop_front();
    }
    cost.cycles += leaves * timing::refillCycles(core, last);
    if (!last.isCall)
      reached -= leaves;
    first = i + 1;
  }
  return cost;
}

/// Reads the extents of a function's blocks. LLVM's own reader knows the
/// section, but not with the relocations of 32-bit Arm. The form is that of
/// llvm/Object/ELF.cpp, decodeBBAddrMap: version, features (two bytes from
/// version 5 on), address, number of blocks; for each block its id, its
/// distance from the end of the one before, the ends of its calls (feature 5)
/// and its own end, each counted from the one before, and flags.
static llvm::Expected<SmallVector<BlockExtent, 0>>
readExtents(ArrayRef<uint8_t> map) {
  constexpr unsigned hasCalls = 1 << 5;
  llvm::DataExtractor data(map, /*IsLittleEndian=*/true, /*AddressSize=*/4);
  llvm::DataExtractor::Cursor cursor(0);
  unsigned version = data.getU8(cursor);
  unsigned features = version < 5 ? data.getU8(cursor) : data.getU16(cursor);
  if (cursor && (version < 2 || version > 5 || (features & ~hasCalls)))
    return llvm::createStringError("a map of blocks of an unknown form");
  data.getU32(cursor);
  uint64_t count = data.getULEB128(cursor), end = 0;
  SmallVector<BlockExtent, 0> extents;
  for (uint64_t i = 0; i < count && cursor; ++i) {
    data.getULEB128(cursor);
    uint64_t begin = end + data.getULEB128(cursor);
    end = begin;
    uint64_t calls = features & hasCalls ? data.getULEB128(cursor) : 0;
    for (uint64_t call = 0; call < calls && cursor; ++call)
      end += data.getULEB128(cursor);
    end += data.getULEB128(cursor);
    data.getULEB128(cursor);
    extents.push_back({begin, end});
  }
  if (llvm::Error error = cursor.takeError())
    return std::move(error);
  return extents;
}

llvm::Error Estimator::readFunction(StringRef name, ArrayRef<uint8_t> code,
                                    ArrayRef<uint8_t> map) {
  auto extents = readExtents(map);
  if (!extents)
    return extents.takeError();
  auto profiled = profile.find(name);
  if (profiled == profile.end() ||
      profiled->second.blocks.size() != extents->size())
    return llvm::createStringError("no profile of the blocks of '" + name +
                                   "'");
  Function &function = functions[name];
  function.tripCountsVary = profiled->second.tripCountsVary;
  for (auto [extent, block] :
       llvm::zip_equal(*extents, profiled->second.blocks)) {
    if (extent.end > code.size())
      return llvm::createStringError("a block outside its function");
    function.own.add(
        timeBlock(code.slice(extent.begin, extent.end - extent.begin),
                  block.taken),
        block.frequency);
    for (const ProfiledCall &call : block.calls)
      function.calls.push_back({call, block.frequency});
  }
  return llvm::Error::success();
}

llvm::Error Estimator::run() {
  auto sections = file.sections();
  if (!sections)
    return sections.takeError();
  // Every function has a section of its own.
  llvm::DenseMap<uint32_t, StringRef> names;
  for (const File::Elf_Shdr &table : *sections) {
    if (table.sh_type != llvm::ELF::SHT_SYMTAB)
      continue;
    auto symbols = file.symbols(&table);
    auto strings = file.getStringTableForSymtab(table);
    if (!symbols || !strings)
      return llvm::joinErrors(symbols.takeError(), strings.takeError());
    for (const File::Elf_Sym &symbol : *symbols)
      if (symbol.getType() == llvm::ELF::STT_FUNC)
        if (auto name = symbol.getName(*strings))
          names[symbol.st_shndx] = *name;
  }
  for (const File::Elf_Shdr &section : *sections) {
    if (section.sh_type != llvm::ELF::SHT_LLVM_BB_ADDR_MAP)
      continue;
    auto text = file.getSection(section.sh_link);
    if (!text)
      return text.takeError();
    auto code = file.getSectionContents(**text);
    auto map = file.getSectionContents(section);
    if (!code || !map)
      return llvm::joinErrors(code.takeError(), map.takeError());
    if (llvm::Error error =
            readFunction(names.lookup(section.sh_link), *code, *map))
      return error;
  }
  return llvm::Error::success();
}

/// A measure of what a call of a layer does, to compare it with layers alike.
static double workPerCall(const LayerInfo &layer) {
  auto calls = double(layer.calls);
  if (layer.macs)
    return double(layer.macs) / calls;
  double bytes = 1;
  for (const PlacementInfo &placement : layer.placements)
    bytes += placement.isResult ? double(placement.bytes) : 0;
  return bytes / calls;
}

void Estimator::compare(const ModelInfo &model) {
  llvm::StringMap<std::pair<double, unsigned>> sums;
  for (const LayerInfo &layer : model.layers)
    for (const auto &[call, frequency] :
         functions[model.name + "." + layer.id].calls)
      if (functions[call.callee].tripCountsVary) {
        sums[call.callee].first += workPerCall(layer) / frequency;
        ++sums[call.callee].second;
      }
  for (const auto &entry : sums)
    functions[entry.first()].averageWork =
        entry.second.first / entry.second.second;
}

ExecutionCost Estimator::costOf(const ProfiledCall &call) {
  auto found = functions.find(call.callee);
  if (found == functions.end())
    return getRuntimeCost(call, thumb1Only);
  Function &function = found->second;
  if (!function.total) {
    ExecutionCost total = function.own;
    for (const auto &[callee, frequency] : function.calls)
      total.add(costOf(callee), frequency);
    function.total = total;
  }
  return *function.total;
}

ExecutionCost Estimator::costOf(StringRef model, const LayerInfo &layer) {
  auto found = functions.find((model + "." + layer.id).str());
  if (found == functions.end())
    return {}; // elided, or inlined into the entry point
  ExecutionCost once = found->second.own;
  for (const auto &[call, frequency] : found->second.calls) {
    auto callee = functions.find(call.callee);
    double factor =
        callee != functions.end() && callee->second.averageWork > 0
            ? workPerCall(layer) / frequency / callee->second.averageWork
            : 1;
    once.add(costOf(call), frequency * factor);
  }
  ExecutionCost cost;
  cost.add(once, double(layer.calls));
  ProfiledCall hold;
  hold.callee = (model + "." + layer.id + ".hold").str();
  if (layer.holdCalls > 0)
    cost.add(costOf(hold), double(layer.holdCalls));
  return cost;
}

LogicalResult thimble::estimateLayers(ModuleOp module, StringRef object,
                                      const CodeProfile &profile,
                                      const TargetInfo &target,
                                      ModelInfo &model) {
  std::optional<timing::CpuTiming> cpu = timing::lookupCpuTiming(target.cpu);
  if (!cpu)
    return success();
  auto fail = [&](llvm::Error error) {
    return module.emitError("cannot estimate the time of the object: ")
           << llvm::toString(std::move(error));
  };
  auto file = File::create(object);
  if (!file)
    return fail(file.takeError());
  Estimator estimator(*file, profile, *cpu->timing, target.thumb1Only);
  if (llvm::Error error = estimator.run())
    return fail(std::move(error));
  estimator.compare(model);
  for (LayerInfo &layer : model.layers) {
    ExecutionCost cost = estimator.costOf(model.name, layer);
    layer.instructions = static_cast<uint64_t>(cost.instructions + 0.5);
    layer.cycles = static_cast<uint64_t>(cost.cycles + 0.5);
  }
  model.cycleSource = "timing of " + target.cpu + ", no wait states";
  if (cpu->isEstimate)
    model.cycleSource += ", not published by its vendor";
  return success();
}
