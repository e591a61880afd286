//===- RandomStream.h - Streams in any legal order --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stands in for the planner: a model's kernels become one stream, whose order,
// rings and newest rows are drawn. Every buffer has bytes of its own.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_CODEGEN_RANDOMSTREAM_H
#define THIMBLE_TEST_UNIT_CODEGEN_RANDOMSTREAM_H

#include "OpModel.h"
#include "thimble/TargetInfo/TargetInfo.h"

namespace thimble::test {

/// Plans a model whose kernels are selected. `isFed`: the rows of its first
/// argument are delivered one at a time.
void planRandomStream(mlir::func::FuncOp model, Random &random, bool isFed,
                      const TargetInfo &target);

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_CODEGEN_RANDOMSTREAM_H
