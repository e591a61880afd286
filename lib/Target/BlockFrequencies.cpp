//===- BlockFrequencies.cpp - Records frequencies of blocks ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies the probabilities of branches out of the code generator, just before
// it prints the code, and solves for the frequencies of blocks. LLVM's own
// frequencies do not know that a predicated return leaves a loop: such a return
// is no edge, so that the probabilities of the edges add up to less than one.
//
//===----------------------------------------------------------------------===//

#include "BlockFrequencies.h"
#include "llvm/CodeGen/MachineConstantPool.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineInstr.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetRegisterInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalValue.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/ProfDataUtils.h"

using namespace thimble;
using llvm::MachineBasicBlock;
using llvm::MachineInstr;
using llvm::StringRef;

namespace {
class BlockFrequencyRecorder : public llvm::MachineFunctionPass {
public:
  static char passId;
  explicit BlockFrequencyRecorder(CodeProfile &profile)
      : MachineFunctionPass(passId), profile(profile) {}

  StringRef getPassName() const override { return "Record block frequencies"; }
  void getAnalysisUsage(llvm::AnalysisUsage &usage) const override {
    usage.setPreservesAll();
    MachineFunctionPass::getAnalysisUsage(usage);
  }
  bool runOnMachineFunction(llvm::MachineFunction &function) override;

private:
  CodeProfile &profile;
};
} // namespace

char BlockFrequencyRecorder::passId = 0;

/// The constant in `instruction`'s pool entry, if it loads one.
static std::optional<uint64_t> loadedConstant(const MachineInstr &instruction) {
  for (const llvm::MachineOperand &operand : instruction.explicit_uses()) {
    if (!operand.isCPI())
      continue;
    const auto &pool = instruction.getMF()->getConstantPool()->getConstants();
    auto index = static_cast<size_t>(operand.getIndex());
    if (index >= pool.size() || pool[index].isMachineConstantPoolEntry())
      return std::nullopt;
    if (auto *value =
            llvm::dyn_cast<llvm::ConstantInt>(pool[index].Val.ConstVal))
      return value->getZExtValue();
  }
  return std::nullopt;
}

/// The value of the core register `number` before `use`, if it is a constant
/// that the same block puts there.
static std::optional<uint64_t> constantBefore(const MachineInstr &use,
                                              int number) {
  const llvm::TargetSubtargetInfo &core = use.getMF()->getSubtarget();
  const MachineInstr *definition = nullptr;
  auto begin = std::next(use.getReverseIterator());
  for (auto it = begin; it != use.getParent()->instr_rend(); ++it)
    for (const llvm::MachineOperand &operand : it->all_defs())
      if (!definition && operand.getReg().isPhysical() &&
          core.getRegisterInfo()->getDwarfRegNum(operand.getReg(), false) ==
              number)
        definition = &*it;
  if (!definition)
    return std::nullopt;
  std::optional<uint64_t> immediate;
  for (const llvm::MachineOperand &operand : definition->explicit_uses())
    if (operand.isImm() && !immediate)
      immediate = operand.getImm();
  if (!immediate)
    return loadedConstant(*definition);
  if (definition->isMoveImmediate())
    return immediate;
  // How cores without wide moves build larger ones: `movs; lsls`, `movs; adds`.
  StringRef name = core.getInstrInfo()->getName(definition->getOpcode());
  bool isShift = name == "tLSLri";
  if (!isShift && name != "tADDi8")
    return std::nullopt;
  const auto *changed =
      llvm::find_if(definition->explicit_uses(),
                    [](const llvm::MachineOperand &o) { return o.isReg(); });
  std::optional<uint64_t> source = constantBefore(
      *definition,
      core.getRegisterInfo()->getDwarfRegNum(changed->getReg(), false));
  if (!source)
    return std::nullopt;
  return isShift ? *source << *immediate : *source + *immediate;
}

static ProfiledCall describeCall(const MachineInstr &instruction) {
  ProfiledCall call;
  for (const llvm::MachineOperand &operand : instruction.operands()) {
    if (operand.isSymbol())
      call.callee = operand.getSymbolName();
    else if (operand.isGlobal())
      call.callee = operand.getGlobal()->getName().str();
  }
  // Arm IHI 0043: the length is the second argument of __aeabi_memset and
  // __aeabi_memclr, the third one of the other memory functions.
  StringRef name = call.callee;
  if (name.contains("mem"))
    call.bytes =
        constantBefore(instruction, name.starts_with("__aeabi_memset") ||
                                            name.starts_with("__aeabi_memclr")
                                        ? 1
                                        : 2);
  return call;
}

static double toDouble(llvm::BranchProbability probability) {
  return double(probability.getNumerator()) / probability.getDenominator();
}

static bool isPredicatedReturn(const MachineInstr &instruction) {
  const llvm::TargetInstrInfo *instructions =
      instruction.getMF()->getSubtarget().getInstrInfo();
  return instruction.isReturn(MachineInstr::IgnoreBundle) &&
         instructions->isPredicated(instruction);
}

/// What the probabilities of the edges of `block` are to be multiplied with.
/// Where if-conversion made a predicated return of an edge, it may have let the
/// others add up to one; the branch in the IR knows better.
static double edgeScale(const MachineBasicBlock &block) {
  double stays = 0;
  for (auto it = block.succ_begin(); it != block.succ_end(); ++it)
    stays += toDouble(block.getSuccProbability(it));
  const llvm::BasicBlock *source = block.getBasicBlock();
  bool returns = llvm::any_of(block.instrs(), [](const MachineInstr &i) {
    return !i.isBundle() && isPredicatedReturn(i);
  });
  constexpr double almostOne = 0.999;
  if (!returns || stays < almostOne || !source)
    return 1;
  const auto *branch =
      llvm::dyn_cast<llvm::BranchInst>(source->getTerminator());
  uint64_t weights[2];
  if (!branch || !branch->isConditional() ||
      !llvm::extractBranchWeights(*branch, weights[0], weights[1]))
    return 1;
  double kept = 0;
  for (unsigned i : {0, 1})
    if (llvm::any_of(block.successors(), [&](const MachineBasicBlock *next) {
          return next->getBasicBlock() == branch->getSuccessor(i);
        }))
      kept += double(weights[i]) / double(weights[0] + weights[1]);
  return kept > 0 ? kept : 1;
}

/// How often the branch or predicated return `instruction` is taken; nothing
/// if it is neither.
static std::optional<double> takenProbability(const MachineInstr &instruction) {
  const MachineBasicBlock &block = *instruction.getParent();
  if (instruction.isReturn(MachineInstr::IgnoreBundle)) {
    if (!isPredicatedReturn(instruction))
      return std::nullopt;
    double stays = 0;
    for (auto it = block.succ_begin(); it != block.succ_end(); ++it)
      stays += toDouble(block.getSuccProbability(it));
    return 1 - std::min(stays * edgeScale(block), 1.0);
  }
  if (!instruction.isConditionalBranch(MachineInstr::IgnoreBundle))
    return std::nullopt;
  for (const llvm::MachineOperand &operand : instruction.operands())
    if (operand.isMBB()) {
      auto edge = llvm::find(block.successors(), operand.getMBB());
      if (edge != block.succ_end())
        return toDouble(block.getSuccProbability(edge));
    }
  return std::nullopt;
}

namespace {
/// The linear system f(entry) = 1 + ..., f(b) = sum of f(p) * P(p, b) over the
/// predecessors p, solved by eliminating the blocks from the last to the first.
/// Loops are nested, so few edges arise.
class FrequencySystem {
public:
  explicit FrequencySystem(const llvm::MachineFunction &function);
  std::vector<double> solve();

private:
  void addEdge(unsigned from, unsigned to, double probability) {
    if (edges[from].try_emplace(to, 0).second)
      predecessors[to].push_back(from);
    edges[from][to] += probability;
  }

  std::vector<llvm::SmallDenseMap<unsigned, double, 4>> edges;
  std::vector<llvm::SmallVector<unsigned, 4>> predecessors;
};
} // namespace

FrequencySystem::FrequencySystem(const llvm::MachineFunction &function)
    : edges(function.size()), predecessors(function.size()) {
  llvm::DenseMap<const MachineBasicBlock *, unsigned> numbers;
  for (const MachineBasicBlock &block : function)
    numbers.try_emplace(&block, numbers.size());
  for (const MachineBasicBlock &block : function) {
    double scale = edgeScale(block);
    for (auto it = block.succ_begin(); it != block.succ_end(); ++it)
      addEdge(numbers[&block], numbers[*it],
              toDouble(block.getSuccProbability(it)) * scale);
  }
}

std::vector<double> FrequencySystem::solve() {
  // A loop without an exit would never end; none is generated.
  constexpr double leastExit = 1e-9;
  auto loopFactor = [&](unsigned block) {
    return 1 / std::max(1 - edges[block].lookup(block), leastExit);
  };
  for (unsigned block = edges.size(); block-- > 1;) {
    double factor = loopFactor(block);
    for (unsigned from : predecessors[block]) {
      if (from >= block)
        continue;
      double arrives = edges[from][block] * factor;
      edges[from][block] = arrives;
      for (auto [to, probability] : edges[block])
        if (to < block)
          addEdge(from, to, arrives * probability);
    }
  }
  std::vector<double> frequencies(edges.size(), 0);
  for (unsigned block = 0; block < edges.size(); ++block) {
    if (block == 0)
      frequencies[0] = loopFactor(0);
    for (unsigned from : predecessors[block])
      if (from < block)
        frequencies[block] += frequencies[from] * edges[from][block];
  }
  return frequencies;
}

bool BlockFrequencyRecorder::runOnMachineFunction(
    llvm::MachineFunction &function) {
  std::vector<double> frequencies = FrequencySystem(function).solve();
  ProfiledFunction &profiled = profile[function.getName()];
  profiled.tripCountsVary =
      function.getFunction().hasFnAttribute(tripCountsVaryAttrName);
  for (const MachineBasicBlock &block : function) {
    ProfiledBlock &current = profiled.blocks.emplace_back();
    current.frequency = frequencies[profiled.blocks.size() - 1];
    for (const MachineInstr &instruction : block.instrs()) {
      if (instruction.isBundle())
        continue;
      if (instruction.isCall(MachineInstr::IgnoreBundle))
        current.calls.push_back(describeCall(instruction));
      if (std::optional<double> taken = takenProbability(instruction))
        current.taken.push_back(*taken);
    }
  }
  return false;
}

llvm::Pass *thimble::createBlockFrequencyRecorder(CodeProfile &profile) {
  return new BlockFrequencyRecorder(profile);
}
