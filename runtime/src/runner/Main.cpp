//===- Main.cpp - Runs one model on the vectors of a job --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// main of the runner firmware (job.h says what it does). The model's entry
// point is linked in under the name thimble_run_invoke. As the last member of
// the board's archive it is left out of firmware that brings its own main.
//
//===----------------------------------------------------------------------===//

#include "Blocks.h"
#include "Call.h"
#include "Job.h"
#include "thimble_rt/semihost.h"

extern "C" {
/// The model, whatever its signature: given by --defsym. Only its address is
/// used.
void thimble_run_invoke(void);
/// Begins the stream of a streaming model: given for such a model only.
void thimble_run_reset(void) __attribute__((weak));
int main(void);
}

using namespace thimble::rt;

namespace {

/// Closes a file of the host when it goes out of scope.
class File {
public:
  File(const char *path, thimble_semihost_mode mode)
      : handle(thimble_semihost_open(path, mode)) {}
  ~File() {
    if (isOpen())
      thimble_semihost_close(handle);
  }
  File(const File &) = delete;
  File &operator=(const File &) = delete;

  bool isOpen() const { return handle >= 0; }
  bool read(void *bytes, uint32_t count) {
    return count == 0 || thimble_semihost_read(handle, bytes, count) == 0;
  }
  bool write(const void *bytes, uint32_t count) {
    return count == 0 || thimble_semihost_write(handle, bytes, count) == 0;
  }

private:
  int32_t handle;
};

bool fail(thimble_result &result, thimble_status status) {
  result.status = status;
  return false;
}

bool failIo(thimble_result &result) {
  result.io_error = static_cast<uint32_t>(thimble_semihost_errno());
  return fail(result, THIMBLE_STATUS_IO_ERROR);
}

bool writeResult(const Job &job, const thimble_result &result) {
  File file(job.resultPath, THIMBLE_SEMIHOST_WRITE);
  return file.isOpen() && file.write(&result, sizeof(result));
}

/// Calls a function of the model with the arguments from `first` on and records
/// what the call did. False if it broke a rule.
bool callModel(void (*function)(void), uint32_t first, const Job &job,
               Blocks &blocks, thimble_result &result) {
  thimble_run_call_frame frame = {};
  // The address of a linker-assigned symbol may lack the Thumb bit.
  frame.function =
      static_cast<uint32_t>(reinterpret_cast<uintptr_t>(function)) | 1u;
  for (uint32_t i = first; i < job.header->argument_count; ++i)
    frame.arguments[i - first] =
        static_cast<uint32_t>(reinterpret_cast<uintptr_t>(
            blocks.address(job.arguments[i].block, job.arguments[i].offset)));

  blocks.seal();
  thimble_run_float_fill();
  thimble_run_call(&frame);
  result.registers = frame.registers | thimble_run_float_changed();

  if (frame.stack_bytes > result.stack_bytes)
    result.stack_bytes = frame.stack_bytes;
  if (!blocks.check(result))
    return false;
  return result.registers == 0 ||
         fail(result, THIMBLE_STATUS_REGISTERS_CHANGED);
}

bool writeRanges(File &file, const Blocks &blocks,
                 const thimble_job_range *ranges, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    if (!file.write(blocks.address(ranges[i].block, ranges[i].offset),
                    ranges[i].bytes))
      return false;
  return true;
}

/// True for a streaming model.
bool hasState(const Job &job) {
  const uint32_t last = job.header->argument_count - 1;
  return (job.blocks[job.arguments[last].block].flags &
          THIMBLE_JOB_BLOCK_STATE) != 0;
}

/// Everything between reading the job and writing its result. False if the
/// status is not OK.
bool runVectors(const Job &job, Blocks &blocks, thimble_result &result) {
  const thimble_job &header = *job.header;
  File inputs(job.inputPath, THIMBLE_SEMIHOST_READ);
  if (!inputs.isOpen())
    return failIo(result);
  File outputs(job.outputPath, THIMBLE_SEMIHOST_WRITE);
  if (!outputs.isOpen())
    return failIo(result);

  if (hasState(job)) {
    blocks.poison(/*states=*/true);
    if (!callModel(&thimble_run_reset, header.argument_count - 1, job, blocks,
                   result))
      return false;
  }
  for (uint32_t vector = 0; vector < header.vector_count; ++vector) {
    blocks.poison(/*states=*/false);
    for (uint32_t i = 0; i < header.input_count; ++i) {
      const thimble_job_range &input = job.inputs[i];
      if (!inputs.read(blocks.address(input.block, input.offset), input.bytes))
        return failIo(result);
    }
    const bool isClean = callModel(&thimble_run_invoke, 0, job, blocks, result);
    if (!writeRanges(outputs, blocks, job.outputs, header.output_count) ||
        !writeRanges(outputs, blocks, job.dumps, header.dump_count))
      return failIo(result);
    ++result.vectors_done;
    if (!isClean)
      return false;
  }
  return true;
}

int runJob(const Job &job, FreeMemory &memory) {
  thimble_result result = {};
  result.magic = THIMBLE_RESULT_MAGIC;
  result.version = THIMBLE_JOB_VERSION;
  result.status = THIMBLE_STATUS_UNFINISHED;
  if (!writeResult(job, result)) {
    thimble_semihost_write0("thimble: cannot write the result file\n");
    return THIMBLE_EXIT_NO_RESULT;
  }

  Blocks blocks(job);
  bool isOk = true;
  if (!isConsistent(job) || (hasState(job) && !thimble_run_reset))
    isOk = fail(result, THIMBLE_STATUS_BAD_JOB);
  else if (!blocks.place(memory))
    isOk = fail(result, THIMBLE_STATUS_NO_MEMORY);
  result.memory_needed = memory.needed();
  result.memory_available = memory.available();

  if (isOk && runVectors(job, blocks, result))
    result.status = THIMBLE_STATUS_OK;
  if (!writeResult(job, result)) {
    thimble_semihost_write0("thimble: cannot write the result file\n");
    return THIMBLE_EXIT_NO_RESULT;
  }
  return result.status == THIMBLE_STATUS_OK ? THIMBLE_EXIT_OK
                                            : THIMBLE_EXIT_STATUS;
}

/// The command line: too long for the stack it would share with the model.
char jobPath[THIMBLE_JOB_MAX_PATH];

} // namespace

int main() {
  FreeMemory memory;
  Job job = {};
  const char *problem = "no job file on the command line, or too long a path";
  if (thimble_semihost_get_cmdline(jobPath, sizeof(jobPath)) == 0 && jobPath[0])
    problem = readJob(jobPath, memory, job);
  if (problem) {
    thimble_semihost_write0("thimble: ");
    thimble_semihost_write0(problem);
    thimble_semihost_write0("\n");
    return THIMBLE_EXIT_NO_RESULT;
  }
  return runJob(job, memory);
}
