//===- Block.cpp - Costs of a translated block ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decodes a block and applies the timing rules inside it.
//
//===----------------------------------------------------------------------===//

#include "Block.h"
#include "thimble/TargetInfo/Timing/ThumbDecoder.h"

#include "thimble/TargetInfo/Timing/BlockTiming.h"

using namespace thimble;
using namespace thimble::cycles;
using timing::Instruction;

std::vector<Instruction>
BlockBuilder::decode(uint32_t start, const std::vector<uint8_t> &code) {
  std::vector<Instruction> instructions;
  unsigned conditionalLeft = 0;
  if (auto cut = conditionalAt.find(start); cut != conditionalAt.end())
    conditionalLeft = cut->second;

  for (size_t at = 0; at + 2 <= code.size();) {
    uint16_t halfword = code[at] | code[at + 1] << 8;
    bool isWide = startsWideInstruction(halfword);
    if (isWide && at + 4 > code.size())
      break;
    uint16_t second = isWide ? code[at + 2] | code[at + 3] << 8 : 0;
    Instruction instruction =
        isWide ? decodeWide(uint32_t(halfword) << 16 | second)
               : decodeNarrow(halfword);
    if (conditionalLeft) {
      --conditionalLeft;
      instruction.isConditional = instruction.writesPc;
    } else if (!isWide) {
      conditionalLeft = conditionalInstructionsAfter(halfword);
    }
    instructions.push_back(instruction);
    at += instruction.sizeInBytes;
  }
  if (conditionalLeft)
    conditionalAt[start + code.size()] = conditionalLeft;
  return instructions;
}

Block BlockBuilder::build(uint32_t start, const std::vector<uint8_t> &code) {
  std::vector<Instruction> instructions = decode(start, code);
  Block block;
  block.start = start;
  block.end = start + code.size();
  if (instructions.empty())
    return block;

  block.instructionCount = instructions.size();
  block.cycles =
      timing::blockCycles(core, instructions.data(), instructions.size());
  for (const Instruction &instruction : instructions)
    ++block.classCounts[static_cast<size_t>(instruction.cls)];
  block.first = instructions.front();
  block.last = instructions.back();

  block.endsInBranch = block.last.writesPc;
  block.endsConditionally = block.last.isConditional;
  block.endsInCall = block.last.isCall;
  block.refillCycles = timing::refillCycles(core, block.last);
  if (block.endsConditionally && !core.overlapsExecution)
    block.skippedCycles = timing::standaloneCycles(core, block.last) - 1;
  return block;
}
