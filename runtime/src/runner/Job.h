//===- Job.h - The job in memory --------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a job file into the free memory behind .bss and checks all that the
// runner relies on.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SRC_RUNNER_JOB_H
#define THIMBLE_SRC_RUNNER_JOB_H

#include "thimble_rt/job.h"

namespace thimble::rt {

/// The RAM that nothing else uses, handed out from its bottom. Counts what is
/// asked for even when there is no more, so that the need can be reported.
class FreeMemory {
public:
  FreeMemory();

  /// `bytes` bytes at a multiple of `alignment`, a power of two; null if they
  /// don't fit.
  void *take(uint32_t bytes, uint32_t alignment);

  uint32_t available() const { return end - base; }
  uint32_t needed() const { return wanted; }

private:
  uint32_t base, end;
  /// Bytes from the base; saturates.
  uint32_t wanted = 0;
};

/// Pointers into the job file as it was read.
struct Job {
  const thimble_job *header;
  const thimble_job_block *blocks;
  const thimble_job_argument *arguments;
  const thimble_job_range *inputs;
  const thimble_job_range *outputs;
  const thimble_job_range *dumps;
  const char *inputPath;
  const char *outputPath;
  const char *resultPath;
};

/// Why a job could not be read, for the console; null on success.
///
/// On success the header, the table sizes and the paths are sound, so that a
/// result can be written; isConsistent tells whether the tables are.
const char *readJob(const char *path, FreeMemory &memory, Job &job);

/// Whether versions agree, all indices exist and all ranges are within their
/// blocks.
bool isConsistent(const Job &job);

} // namespace thimble::rt

#endif // THIMBLE_SRC_RUNNER_JOB_H
