//===- EmulatorJob.h - What the firmware is told and answers ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes job files and reads result files; their format is that of
// runtime/include/thimble_rt/job.h.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_EXECUTION_EMULATORJOB_H
#define THIMBLE_LIB_EXECUTION_EMULATORJOB_H

#include "thimble/Execution/Execution.h"
#include "thimble_rt/job.h"

namespace thimble {

/// Files of a run, as the emulator sees them.
struct JobFiles {
  std::string job, input, output, result;
};

/// The content of the job file for `count` vectors.
std::string formatJob(const ModelInfo &model, uint64_t count,
                      const JobFiles &files);

/// The content of the input file: the inputs of each vector in turn.
std::string formatJobInput(const ModelInfo &model, const TensorVectors &inputs);

/// Distributes the content of the output file. False if it has another size
/// than it should.
bool readJobOutput(const ModelInfo &model, llvm::StringRef bytes,
                   ExecutionResult &result);

/// Reads a result file; nothing if it is none.
std::optional<thimble_result> readJobResult(llvm::StringRef bytes);

/// What went wrong, as a sentence. The status of `result` is not OK.
std::string describeFailure(const thimble_result &result);

} // namespace thimble

#endif // THIMBLE_LIB_EXECUTION_EMULATORJOB_H
