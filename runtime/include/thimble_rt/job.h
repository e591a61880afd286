//===- job.h - Job and result files of the runner firmware ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The runner firmware (libthimble_board_<core>.a) calls one model on many input
// vectors. The host describes the work in a *job file*, whose path is the whole
// semihosting command line, and reads a *result file* afterwards. Both hold
// little-endian 32-bit words only. Valid C99 and C++17.
//
// A job file is, without padding,
//
//   struct thimble_job           header
//   struct thimble_job_block     [block_count]     memory the model works in
//   struct thimble_job_argument  [argument_count]  pointers passed to invoke
//   struct thimble_job_range     [input_count]     read before each call
//   struct thimble_job_range     [output_count]    written after each call
//   struct thimble_job_range     [dump_count]      written after the outputs
//   char input path[], output path[], result path[]   NUL-terminated each
//
// A model with its inputs and outputs in the arena has one block and the one
// argument {0, 0}. With --io=pointers every input and output is a block of its
// own (inputs with THIMBLE_JOB_BLOCK_CONSTANT), and the arguments list the
// arena, the inputs and the outputs in the order of the model's signature.
//
// The state of a streaming model is a block with THIMBLE_JOB_BLOCK_STATE, and
// the last argument points to it. Before the first vector the runner fills it
// with the poison word and calls the model's reset with it.
//
// For every vector the runner fills all other blocks with the poison word,
// reads the inputs one after the other from the input file, calls the model and
// appends the outputs, then the dumped ranges, to the output file. Both files
// are plain concatenations over all vectors. Paths are relative to the
// emulator's working directory. The exit code of the emulator is one of
// THIMBLE_EXIT_*.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_JOB_H
#define THIMBLE_RT_JOB_H

#include <stdint.h>

#define THIMBLE_JOB_MAGIC 0x4A424854u    /* "THBJ" */
#define THIMBLE_RESULT_MAGIC 0x52424854u /* "THBR" */
#define THIMBLE_JOB_VERSION 1u

/// Most pointers that can be passed to the model, the arena included.
#define THIMBLE_JOB_MAX_ARGUMENTS 8u
/// Bytes of guard on either side of every block, beyond what its alignment
/// pads.
#define THIMBLE_JOB_GUARD_BYTES 64u
/// Longest job file path in bytes, with its terminator.
#define THIMBLE_JOB_MAX_PATH 1024u

struct thimble_job {
  uint32_t magic;
  uint32_t version;
  uint32_t vector_count;
  /// Written to all words of all blocks before each call (a block's last bytes
  /// get its low bytes). Two runs with different words must agree.
  uint32_t poison;
  uint32_t block_count;
  uint32_t argument_count;
  uint32_t input_count;
  uint32_t output_count;
  uint32_t dump_count;
  /// Bytes of each path, its terminator included.
  uint32_t input_path_bytes;
  uint32_t output_path_bytes;
  uint32_t result_path_bytes;
};

/// The model must leave the bytes of this block as they were at the call.
#define THIMBLE_JOB_BLOCK_CONSTANT 1u

/// The block is kept from vector to vector.
#define THIMBLE_JOB_BLOCK_STATE 2u

struct thimble_job_block {
  uint32_t bytes;
  uint32_t alignment; /* a power of two */
  uint32_t flags;
};

/// A pointer `offset` bytes into a block.
struct thimble_job_argument {
  uint32_t block;
  uint32_t offset;
};

/// `bytes` bytes from `offset` bytes into a block.
struct thimble_job_range {
  uint32_t block;
  uint32_t offset;
  uint32_t bytes;
};

/// Status of a result. Everything but OK ends the run: the outputs of the
/// vector it happened in are written, those of later vectors are not.
enum thimble_status {
  THIMBLE_STATUS_OK = 0,
  /// Written before the first call: what is found if the model never returned
  /// (a fault, or the emulator was stopped).
  THIMBLE_STATUS_UNFINISHED = 1,
  /// The job contradicts this file.
  THIMBLE_STATUS_BAD_JOB = 2,
  /// The blocks don't fit: see memory_needed and memory_available.
  THIMBLE_STATUS_NO_MEMORY = 3,
  /// A file could not be opened, read or written: see io_error.
  THIMBLE_STATUS_IO_ERROR = 4,
  /// The model wrote outside a block: see block and offset.
  THIMBLE_STATUS_GUARD_OVERWRITTEN = 5,
  /// The model wrote to a constant block: see block.
  THIMBLE_STATUS_CONSTANT_OVERWRITTEN = 6,
  /// The model did not preserve a register: see registers.
  THIMBLE_STATUS_REGISTERS_CHANGED = 7
};

struct thimble_result {
  uint32_t magic;
  uint32_t version;
  uint32_t status; /* enum thimble_status */
  /// Vectors whose outputs are in the output file.
  uint32_t vectors_done;
  /// High-water mark of the model's stack in bytes: the stack pointer at its
  /// entry minus the lowest address written, most of all vectors. Nothing of
  /// the runner is in it.
  uint32_t stack_bytes;
  /// Callee-saved registers the model changed. Bits 4 to 11 are r4 to r11, bit
  /// 13 is sp, bits 16 to 31 are s16 to s31.
  uint32_t registers;
  /// Where a guard was overwritten: bytes from the start of the block, negative
  /// before it; the violation nearest to the block.
  uint32_t block;
  int32_t offset;
  uint32_t memory_needed;
  uint32_t memory_available;
  /// The host's errno, where it is known.
  uint32_t io_error;
};

/// The run reached its end and its status is OK.
#define THIMBLE_EXIT_OK 0
/// The result file says what went wrong.
#define THIMBLE_EXIT_STATUS 1
/// No result file could be written; a line on the console says why.
#define THIMBLE_EXIT_NO_RESULT 2
/// The core took a fault; a line on the console says which and where.
#define THIMBLE_EXIT_FAULT 3

#endif // THIMBLE_RT_JOB_H
