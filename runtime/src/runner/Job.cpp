//===- Job.cpp - The job in memory ------------------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Job files come from another program and are checked like any input: a wrong
// one gets a message or a status, never a wild access.
//
//===----------------------------------------------------------------------===//

#include "Job.h"
#include "thimble_rt/semihost.h"

extern "C" {
extern char __thimble_free_base[], __thimble_free_end[];
}

using namespace thimble::rt;

namespace {

/// Table sizes above this are taken for damage; the sum of all tables stays far
/// below 2^32 bytes.
constexpr uint32_t kMaxCount = 1u << 20;

constexpr uint32_t kBlockFlags =
    THIMBLE_JOB_BLOCK_CONSTANT | THIMBLE_JOB_BLOCK_STATE;

/// Walks through the bytes of the job file.
class Cursor {
public:
  Cursor(const char *position, uint32_t left)
      : position(position), left(left) {}

  template <typename Entry>
  bool takeTable(uint32_t count, const Entry *&table) {
    if (count > kMaxCount || count * sizeof(Entry) > left)
      return false;
    table = reinterpret_cast<const Entry *>(position);
    advance(count * sizeof(Entry));
    return true;
  }

  bool takePath(uint32_t bytes, const char *&path) {
    if (bytes == 0 || bytes > left || position[bytes - 1] != 0)
      return false;
    path = position;
    advance(bytes);
    return true;
  }

private:
  void advance(uint32_t bytes) {
    position += bytes;
    left -= bytes;
  }

  const char *position;
  uint32_t left;
};

bool isInside(const Job &job, uint32_t block, uint32_t offset, uint32_t bytes) {
  return block < job.header->block_count && offset <= job.blocks[block].bytes &&
         bytes <= job.blocks[block].bytes - offset;
}

bool areInside(const Job &job, const thimble_job_range *ranges,
               uint32_t count) {
  for (uint32_t i = 0; i < count; ++i)
    if (!isInside(job, ranges[i].block, ranges[i].offset, ranges[i].bytes))
      return false;
  return true;
}

} // namespace

FreeMemory::FreeMemory()
    : base(static_cast<uint32_t>(
          reinterpret_cast<uintptr_t>(__thimble_free_base))),
      end(static_cast<uint32_t>(
          reinterpret_cast<uintptr_t>(__thimble_free_end))) {}

void *FreeMemory::take(uint32_t bytes, uint32_t alignment) {
  const uint64_t start =
      ((uint64_t(base) + wanted + alignment - 1) & ~(uint64_t(alignment) - 1)) -
      base;
  const uint64_t next = start + bytes;
  wanted = next > UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(next);
  if (wanted > available())
    return nullptr;
  return reinterpret_cast<void *>(
      static_cast<uintptr_t>(base + static_cast<uint32_t>(start)));
}

const char *thimble::rt::readJob(const char *path, FreeMemory &memory,
                                 Job &job) {
  const int32_t file = thimble_semihost_open(path, THIMBLE_SEMIHOST_READ);
  if (file < 0)
    return "cannot open the job file";
  const int32_t bytes = thimble_semihost_flen(file);
  if (bytes < static_cast<int32_t>(sizeof(thimble_job))) {
    thimble_semihost_close(file);
    return "the job file is shorter than its header";
  }
  char *content =
      static_cast<char *>(memory.take(static_cast<uint32_t>(bytes), 8));
  const bool isRead =
      content &&
      thimble_semihost_read(file, content, static_cast<uint32_t>(bytes)) == 0;
  thimble_semihost_close(file);
  if (!content)
    return "the job file does not fit into memory";
  if (!isRead)
    return "cannot read the job file";

  const thimble_job &header = *reinterpret_cast<const thimble_job *>(content);
  job.header = &header;
  if (header.magic != THIMBLE_JOB_MAGIC ||
      header.version != THIMBLE_JOB_VERSION)
    return "not a job file of this version";
  Cursor cursor(content + sizeof(thimble_job),
                static_cast<uint32_t>(bytes) - sizeof(thimble_job));
  if (!cursor.takeTable(header.block_count, job.blocks) ||
      !cursor.takeTable(header.argument_count, job.arguments) ||
      !cursor.takeTable(header.input_count, job.inputs) ||
      !cursor.takeTable(header.output_count, job.outputs) ||
      !cursor.takeTable(header.dump_count, job.dumps) ||
      !cursor.takePath(header.input_path_bytes, job.inputPath) ||
      !cursor.takePath(header.output_path_bytes, job.outputPath) ||
      !cursor.takePath(header.result_path_bytes, job.resultPath))
    return "the job file is truncated";
  return nullptr;
}

bool thimble::rt::isConsistent(const Job &job) {
  const thimble_job &header = *job.header;
  if (header.argument_count == 0 ||
      header.argument_count > THIMBLE_JOB_MAX_ARGUMENTS)
    return false;
  for (uint32_t i = 0; i < header.block_count; ++i) {
    const uint32_t alignment = job.blocks[i].alignment;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0 ||
        (job.blocks[i].flags & ~kBlockFlags) != 0)
      return false;
  }
  for (uint32_t i = 0; i < header.argument_count; ++i)
    if (!isInside(job, job.arguments[i].block, job.arguments[i].offset, 0))
      return false;
  return areInside(job, job.inputs, header.input_count) &&
         areInside(job, job.outputs, header.output_count) &&
         areInside(job, job.dumps, header.dump_count);
}
