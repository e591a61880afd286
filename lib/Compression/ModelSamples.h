//===- ModelSamples.h - Samples for the passes that run networks -*- C++
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The same options mean the same samples in all of them.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_MODELSAMPLES_H
#define THIMBLE_LIB_COMPRESSION_MODELSAMPLES_H

#include "ValueStore.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Evaluation/SampleSet.h"

namespace thimble {

/// Opens `path` for a model of one input; emits an error that names the pass's
/// option if there is none, or if the samples do not fit the model.
mlir::FailureOr<std::unique_ptr<SampleSet>>
openSamples(mlir::func::FuncOp model, llvm::StringRef path,
            llvm::StringRef scale, llvm::StringRef offset);

/// The indices of at most `limit` samples (0: all), ascending, chosen by
/// `seed`.
std::vector<uint64_t> chooseSamples(uint64_t count, int64_t limit,
                                    uint64_t seed);

/// Reads samples into memory.
mlir::FailureOr<SampleBlock> readSamples(mlir::func::FuncOp model,
                                         const SampleSet &samples,
                                         llvm::ArrayRef<uint64_t> indices);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_MODELSAMPLES_H
