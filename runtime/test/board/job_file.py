# job_file.py - Writes job files and reads result files
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A transcription of thimble_rt/job.h for the tests: if the two differ, the
# runner refuses the job.

import dataclasses
import struct

JOB_MAGIC = int.from_bytes(b"THBJ", "little")
RESULT_MAGIC = int.from_bytes(b"THBR", "little")
VERSION = 1
CONSTANT = 1
STATE = 2

OK, UNFINISHED, BAD_JOB, NO_MEMORY, IO_ERROR, GUARD, CONSTANT_WRITTEN, \
    REGISTERS = range(8)
EXIT_OK, EXIT_STATUS, EXIT_NO_RESULT, EXIT_FAULT = range(4)


@dataclasses.dataclass
class Job:
    """What thimble_job and its tables say; tuples in the order of the fields."""

    input: str
    output: str
    result: str
    vectors: int = 1
    poison: int = 0xA5A5A5A5
    blocks: tuple = ((64, 8, 0),)
    arguments: tuple = ((0, 0),)
    inputs: tuple = ((0, 0, 4),)
    outputs: tuple = ((0, 0, 4),)
    dumps: tuple = ()
    magic: int = JOB_MAGIC
    version: int = VERSION

    def encode(self) -> bytes:
        paths = [path.encode() + b"\0"
                 for path in (self.input, self.output, self.result)]
        tables = (self.blocks, self.arguments, self.inputs, self.outputs,
                  self.dumps)
        words = [self.magic, self.version, self.vectors, self.poison]
        words += [len(table) for table in tables]
        words += [len(path) for path in paths]
        words += [word for table in tables for entry in table
                  for word in entry]
        return struct.pack(f"<{len(words)}I", *words) + b"".join(paths)


@dataclasses.dataclass
class Result:
    status: int
    vectors_done: int
    stack_bytes: int
    registers: int
    block: int
    offset: int
    memory_needed: int
    memory_available: int
    io_error: int

    @staticmethod
    def decode(content: bytes) -> "Result":
        magic, version, *fields = struct.unpack("<7Ii3I", content)
        assert (magic, version) == (RESULT_MAGIC, VERSION), (magic, version)
        return Result(*fields)
