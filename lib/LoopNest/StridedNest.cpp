//===- StridedNest.cpp - Loops over strided tensors -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Addresses are advanced dimension by dimension, so that the innermost loop
// adds one stride an operand.
//
//===----------------------------------------------------------------------===//

#include "thimble/LoopNest/StridedNest.h"

using namespace mlir;
using namespace thimble;

/// Drops dimensions of size 1 and joins neighbours that no operand tells apart.
static void collapse(SmallVector<int64_t> &shape,
                     SmallVector<StridedOperand> &operands) {
  for (int64_t d = int64_t(shape.size()) - 1; d >= 0; --d) {
    bool last = d + 1 == int64_t(shape.size());
    bool joins = !last && llvm::all_of(operands, [&](StridedOperand &operand) {
      return operand.strides[d] == operand.strides[d + 1] * shape[d + 1];
    });
    int64_t dropped = shape[d] == 1 ? d : joins ? d : -1;
    if (dropped < 0)
      continue;
    if (joins && shape[d] != 1)
      shape[d + 1] *= shape[d];
    shape.erase(shape.begin() + dropped);
    for (StridedOperand &operand : operands)
      operand.strides.erase(operand.strides.begin() + dropped);
  }
}

static void buildDimension(StepBuilder &b, ArrayRef<int64_t> shape,
                           ArrayRef<StridedOperand> operands, unsigned d,
                           ArrayRef<Value> addresses,
                           llvm::function_ref<void(ArrayRef<Value>)> body) {
  if (d == shape.size())
    return body(addresses);
  b.loop(shape[d], [&](Value i) {
    SmallVector<Value> inner;
    for (auto [operand, address] : llvm::zip(operands, addresses))
      inner.push_back(b.at(address, b.mul(i, operand.strides[d])));
    buildDimension(b, shape, operands, d + 1, inner, body);
  });
}

void thimble::buildStridedLoops(
    StepBuilder &b, ArrayRef<int64_t> shape, ArrayRef<StridedOperand> operands,
    llvm::function_ref<void(ArrayRef<Value>)> body) {
  SmallVector<int64_t> sizes(shape);
  SmallVector<StridedOperand> collapsed(operands);
  collapse(sizes, collapsed);
  SmallVector<Value> addresses;
  for (StridedOperand &operand : collapsed)
    addresses.push_back(b.at(operand.base, operand.offset));
  buildDimension(b, sizes, collapsed, 0, addresses, body);
}

void thimble::buildStridedCopy(StepBuilder &b, ArrayRef<int64_t> shape,
                               StridedOperand to, StridedOperand from,
                               int64_t elementBytes) {
  SmallVector<int64_t> sizes(shape);
  SmallVector<StridedOperand> operands = {std::move(to), std::move(from)};
  collapse(sizes, operands);
  int64_t run = elementBytes;
  if (!sizes.empty() && llvm::all_of(operands, [&](StridedOperand &operand) {
        return operand.strides.back() == elementBytes;
      })) {
    run *= sizes.pop_back_val();
    for (StridedOperand &operand : operands)
      operand.strides.pop_back();
  }
  buildStridedLoops(b, sizes, operands, [&](ArrayRef<Value> addresses) {
    if (run == 1)
      b.store(b.load(b.i8(), addresses[1]), addresses[0]);
    else if (run == 4 && elementBytes == 4)
      b.store(b.load(b.i32(), addresses[1]), addresses[0]);
    else
      b.copy(addresses[0], addresses[1], b.constant(run));
  });
}

SmallVector<int64_t> thimble::rowMajorStrides(ArrayRef<int64_t> shape,
                                              int64_t elementBytes) {
  SmallVector<int64_t> strides(shape.size());
  int64_t stride = elementBytes;
  for (int64_t d = int64_t(shape.size()) - 1; d >= 0; --d) {
    strides[d] = stride;
    stride *= shape[d];
  }
  return strides;
}
