//===- Calibrate.cpp - Records what tensors hold on samples ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The model runs on the samples with a tap on every op.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/DLTI/DLTI.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "thimble/Compression/Passes.h"
#include "thimble/Compression/Statistics.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_CALIBRATEPASS
#include "thimble/Compression/Passes.h.inc"
} // namespace thimble

using namespace thimble;

namespace {
struct CalibratePass : public thimble::impl::CalibratePassBase<CalibratePass> {
  using CalibratePassBase::CalibratePassBase;

  void runOnOperation() override {
    if (samples.empty()) {
      getOperation().emitError("expected the option 'samples' of "
                               "thimble-calibrate, a file or a folder");
      return signalPassFailure();
    }
  }
};
} // namespace
