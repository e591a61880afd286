//===- SigmoidNest.cpp - Integer logistic and tanh ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Semantics: TFLite reference_integer_ops Logistic and Tanh for int16; in plain
// C++ in Support/Int16Parameters.cpp.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/SigmoidNest.h"

using namespace mlir;
using namespace thimble;

ConstantTable thimble::sigmoidConstants() {
  ConstantTable table{"sigmoid", {}, 2};
  for (uint16_t entry : sigmoidTable()) {
    table.bytes.push_back(entry & 0xFF);
    table.bytes.push_back(entry >> 8);
  }
  return table;
}

/// x in units of 1/12288, and whether it is negative.
static std::pair<Value, Value> rescale(StepBuilder &b, Value x,
                                       SigmoidParameters parameters) {
  Value scaled = b.mul(x, int64_t(parameters.multiplier));
  if (parameters.shift > 0)
    scaled = b.ashr(b.add(scaled, int64_t(1) << (parameters.shift - 1)),
                    parameters.shift);
  return {scaled, b.compare(arith::CmpIPredicate::slt, scaled, b.constant(0))};
}

/// The table at |x|, of which `bits` bits are between two entries; `end` from
/// the last entry on.
static Value interpolate(StepBuilder &b, Value x, Value isNegative, int bits,
                         int64_t end) {
  Value magnitude = b.select(isNegative, b.sub(b.constant(0), x), x);
  Value index = b.lshr(magnitude, bits);
  // What is read where `end` is chosen is inside the table, too.
  Value entry = b.at(b.tables[0], b.shl(b.smin(index, b.constant(254)), 1));
  Value from = b.loadU16(entry), to = b.loadU16(b.at(entry, 2));
  Value offset = b.bitAnd(magnitude, b.constant((1 << bits) - 1));
  Value line = b.add(b.shl(from, bits), b.mul(offset, b.sub(to, from)));
  Value isOver = b.compare(arith::CmpIPredicate::sge, index, b.constant(255));
  return b.select(isOver, b.constant(end), line);
}

Value thimble::buildInt16Logistic(StepBuilder &b, Value x,
                                  SigmoidParameters parameters) {
  auto [scaled, isNegative] = rescale(b, x, parameters);
  Value value = interpolate(b, scaled, isNegative, 9, 0x7FFF << 10);
  Value mirrored = b.sub(b.constant((1 << 25) + (1 << 9) - 1), value);
  return b.ashr(b.select(isNegative, mirrored, b.add(value, 1 << 9)), 10);
}

Value thimble::buildInt16Tanh(StepBuilder &b, Value x,
                              SigmoidParameters parameters) {
  auto [scaled, isNegative] = rescale(b, x, parameters);
  Value value = interpolate(b, scaled, isNegative, 8, 0xFFFF << 8);
  Value mirrored = b.sub(b.constant((1 << 23) + (1 << 7) - 1), value);
  Value moved = b.add(value, -(1 << 23) + (1 << 7));
  return b.ashr(b.select(isNegative, mirrored, moved), 8);
}
