# runner_test.py - The runner firmware in the emulator
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Links small models with a board's archive, as thimble-run does, runs them and
# checks what the runner reports. All paths come from CMakeLists.txt beside.

import argparse
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import unittest

import job_file
from job_file import Job, Result

CONFIG = None  # the command line


class RunnerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.board = json.loads((CONFIG.board / "board.json").read_text())
        cls.folder = tempfile.TemporaryDirectory()
        cls.firmware = {}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, name):
        return str(pathlib.Path(self.folder.name) / name)

    def link(self, model, objects=None):
        """The firmware for <model>_invoke; linked once."""
        if model not in self.firmware or objects:
            firmware = self.path(f"{model}.elf")
            options = [f"--defsym=thimble_run_invoke={model}_invoke"]
            if model == "counter":
                options.append("--defsym=thimble_run_reset=counter_reset")
            self.call_linker(firmware, objects or CONFIG.objects, *options,
                             "--gc-sections")
            self.firmware[model] = firmware
        return self.firmware[model]

    def call_linker(self, firmware, objects, *options):
        subprocess.run(
            [CONFIG.linker, "-T", CONFIG.board / "board.ld", *options,
             "--fatal-warnings", "-z", "noexecstack", "-o", firmware, *objects,
             CONFIG.board / self.board["archive"], self.board["libgcc"]],
            check=True)

    def emulate(self, firmware, argument):
        """Exit code and console of a run."""
        command = [CONFIG.qemu, "-machine", self.board["machine"],
                   "-display", "none", "-monitor", "none", "-serial", "none",
                   "-kernel", firmware, "-semihosting-config",
                   "enable=on,target=native,arg=" + argument.replace(",", ",,")]
        run = subprocess.run(command, capture_output=True, text=True,
                             timeout=100)
        return run.returncode, run.stdout + run.stderr

    def job(self, **fields):
        return Job(self.path("in put"), self.path("output"),
                   self.path("result"), **fields)

    def run_job(self, model, job, inputs=b"", exit_code=job_file.EXIT_OK):
        """Result, output bytes and console of a job."""
        pathlib.Path(job.input).write_bytes(inputs)
        for path in (job.output, job.result):
            pathlib.Path(path).unlink(missing_ok=True)
        path = self.path("a job, with comma")
        pathlib.Path(path).write_bytes(job.encode())
        code, console = self.emulate(self.link(model), path)
        self.assertEqual(code, exit_code, console)
        result = Result.decode(pathlib.Path(job.result).read_bytes())
        output = pathlib.Path(job.output)
        return result, output.read_bytes() if output.exists() else b"", console

    # What a model that behaves gets.

    def test_vectors_and_dumps(self):
        vectors = 5
        inputs = random.Random(1).randbytes(16 * vectors)
        job = self.job(vectors=vectors, blocks=((48, 16, 0),),
                       inputs=((0, 0, 10), (0, 10, 6)),
                       outputs=((0, 16, 16),), dumps=((0, 32, 16),))
        result, output, _ = self.run_job("affine", job, inputs)
        expected = b""
        for start in range(0, len(inputs), 16):
            vector = inputs[start:start + 16]
            expected += bytes((3 * x + 1) % 256 for x in vector)
            expected += bytes(2 * x % 256 for x in vector)
        self.assertEqual(output, expected)
        self.assertEqual(result.status, job_file.OK)
        self.assertEqual(result.vectors_done, vectors)
        self.assertEqual(result.registers, 0)

    def test_poison(self):
        # The arena is not a multiple of a word; the last bytes count too.
        job = self.job(vectors=2, poison=0x44332211, blocks=((11, 1, 0),),
                       inputs=((0, 0, 4),), outputs=((0, 0, 11),))
        _, output, _ = self.run_job("stack", job, bytes(8))
        self.assertEqual(output, 2 * (bytes(4) + b"\x11\x22\x33\x44\x11\x22\x33"))

    def test_state(self):
        # It is kept from vector to vector, and begun anew by every job.
        job = self.job(vectors=3, blocks=((8, 8, 0), (4, 4, job_file.STATE)),
                       arguments=((0, 0), (1, 0)), inputs=(),
                       outputs=((0, 0, 4), (1, 0, 4)))
        for _ in range(2):
            _, output, _ = self.run_job("counter", job)
            self.assertEqual(struct.unpack("<6I", output),
                             (41, 41, 42, 42, 43, 43))

    def test_pointers(self):
        values = [5, 70, 900, 11000]
        blocks = ((4, 8, 0),) + 4 * ((4, 8, job_file.CONSTANT),) \
            + 3 * ((4, 8, 0),)
        job = self.job(blocks=blocks, arguments=tuple((i, 0) for i in range(8)),
                       inputs=tuple((i, 0, 4) for i in range(1, 5)),
                       outputs=tuple((i, 0, 4) for i in range(5, 8)))
        result, output, _ = self.run_job("pointers", job,
                                         struct.pack("<4I", *values))
        self.assertEqual(struct.unpack("<3I", output), (145, 1870, 22900))
        self.assertEqual(result.status, job_file.OK)

    def test_alignment(self):
        # Were the second block misplaced, it would be within the guard.
        job = self.job(blocks=((12, 4, 0), (40, 4096, 0)),
                       arguments=((1, 0),), inputs=((1, 0, 4),),
                       outputs=((1, 0, 4),))
        result, _, _ = self.run_job("address", job, bytes(4))
        address, = struct.unpack("<I", pathlib.Path(job.output).read_bytes())
        self.assertEqual(address % 4096, 0)
        self.assertEqual(result.status, job_file.OK)

    def test_large(self):
        size = 400 * 1024
        job = self.job(blocks=((size, 64, 0),), inputs=(),
                       outputs=((0, size - 8, 8),))
        _, output, _ = self.run_job("large", job)
        self.assertEqual(struct.unpack("<2I", output), (0x0BADCAFE, 0x600DC0DE))

    def test_compiler_runtime(self):
        job = self.job(blocks=((48, 8, 0),), inputs=((0, 0, 16), (0, 24, 16)),
                       outputs=((0, 16, 8), (0, 40, 8)))
        inputs = struct.pack("<2Q2d", 10**18, 7**7, 1.25, 1e-9)
        _, output, _ = self.run_job("division", job, inputs)
        self.assertEqual(struct.unpack("<Qd", output),
                         (10**18 // 7**7, 1.25 + 1e-9))

    def test_float_abis(self):
        if not CONFIG.float_abis:
            self.skipTest("no FPU")
        job = self.job(blocks=((48, 8, 0),), outputs=((0, 16, 4),))
        for model in CONFIG.float_abis:
            self.link("affine", [model])
            _, output, _ = self.run_job("affine", job, bytes((0, 1, 2, 3)))
            self.assertEqual(output, bytes((1, 4, 7, 10)))

    def test_own_main(self):
        firmware = self.path("main.elf")
        self.call_linker(firmware, [CONFIG.own_main])
        text = self.path("text")
        pathlib.Path(text).write_text("12345")
        code, console = self.emulate(firmware, text)
        self.assertEqual((code, console), (7, "345"))

    # What the runner measures.

    def test_stack_bytes(self):
        for size in (0, 4, 200, 60000):
            job = self.job(vectors=1)
            result, _, _ = self.run_job("stack", job, struct.pack("<I", size))
            self.assertEqual(result.stack_bytes, size)
        job = self.job(vectors=3)
        result, _, _ = self.run_job("stack", job,
                                    struct.pack("<3I", 8, 264, 16))
        self.assertEqual(result.stack_bytes, 264)

    def test_stack_of_memory_functions(self):
        # What newlib's need, and the compiler's bound allows for.
        for function in range(7):
            job = self.job(blocks=((256, 8, 0),))
            result, _, _ = self.run_job("memory_stack", job,
                                        struct.pack("<I", function))
            self.assertLessEqual(result.stack_bytes, 24)

    # What it finds.

    def test_guards(self):
        for offset in (-64, -1, 30, 30 + 63):
            job = self.job(vectors=3, blocks=((30, 4, 0),))
            inputs = struct.pack("<3i", 5, offset, 5)
            result, output, _ = self.run_job("overrun", job, inputs,
                                             job_file.EXIT_STATUS)
            self.assertEqual(result.status, job_file.GUARD)
            self.assertEqual((result.block, result.offset), (0, offset))
            self.assertEqual(result.vectors_done, 2)
            self.assertEqual(len(output), 8)

    def test_guard_of_other_block(self):
        job = self.job(blocks=((32, 32, 0), (16, 32, 0)))
        # The first block, its guard, then the second's.
        result, _, _ = self.run_job("overrun", job,
                                    struct.pack("<i", 32 + 64 + 63),
                                    job_file.EXIT_STATUS)
        self.assertEqual(result.status, job_file.GUARD)
        self.assertEqual((result.block, result.offset), (1, -1))

    def test_constant(self):
        blocks = ((4, 8, 0),) + 4 * ((4, 8, job_file.CONSTANT),) \
            + 3 * ((4, 8, 0),)
        job = self.job(blocks=blocks, arguments=tuple((i, 0) for i in range(8)),
                       inputs=tuple((i, 0, 4) for i in range(1, 5)),
                       outputs=())
        result, _, _ = self.run_job("pointers", job,
                                    struct.pack("<4I", 0xBAD, 0, 0, 0),
                                    job_file.EXIT_STATUS)
        self.assertEqual(result.status, job_file.CONSTANT_WRITTEN)
        self.assertEqual(result.block, 1)

    def test_registers(self):
        for register in (4, 7, 8, 11, 13):
            result, _, _ = self.run_job("registers", self.job(),
                                        struct.pack("<I", register),
                                        job_file.EXIT_STATUS)
            self.assertEqual(result.status, job_file.REGISTERS)
            self.assertEqual(result.registers, 1 << register)

    def test_float_registers(self):
        if not CONFIG.float_abis:
            self.skipTest("no FPU")
        for register in (16, 31):
            result, _, _ = self.run_job("float_registers", self.job(),
                                        struct.pack("<I", register),
                                        job_file.EXIT_STATUS)
            self.assertEqual(result.registers, 1 << register)
        result, _, _ = self.run_job("float_registers", self.job(), bytes(4))
        self.assertEqual(result.registers, 0)

    # Faults.

    def test_unaligned(self):
        traps = self.board["core"] == "cortex-m0plus"
        inputs = struct.pack("<I", 1)
        job = self.job(blocks=((8, 8, 0),), outputs=((0, 4, 4),))
        result, _, console = self.run_job(
            "unaligned", job, inputs,
            job_file.EXIT_FAULT if traps else job_file.EXIT_OK)
        if traps:
            self.assertEqual(result.status, job_file.UNFINISHED)
            self.assertRegex(
                console, r"^thimble: UsageFault: unaligned access at pc "
                r"0x[0-9a-f]{8}, lr 0x[0-9a-f]{8}, cfsr 0x01000000\n$")

    def test_undefined_instruction(self):
        _, _, console = self.run_job("undefined", self.job(), bytes(4),
                                     job_file.EXIT_FAULT)
        self.assertIn("UsageFault: undefined instruction", console)

    def test_stack_overflow(self):
        _, _, console = self.run_job("stack", self.job(),
                                     struct.pack("<I", 65536),
                                     job_file.EXIT_FAULT)
        self.assertRegex(console, "(BusFault|MemManage): data access at pc")

    def test_push_below_stack(self):
        # Not even the exception frame can be written.
        _, _, console = self.run_job("recursion", self.job(), bytes(4),
                                     job_file.EXIT_FAULT)
        self.assertRegex(console, "(BusFault|MemManage): stack overflow, cfsr")

    # Jobs that cannot be run.

    def test_no_memory(self):
        for size in (5 << 20, 0xFFFFFFF0):
            job = self.job(blocks=((size, 8, 0),))
            result, _, _ = self.run_job("affine", job, bytes(4),
                                        job_file.EXIT_STATUS)
            self.assertEqual(result.status, job_file.NO_MEMORY)
            self.assertGreaterEqual(result.memory_needed, size)
            self.assertGreater(result.memory_available, 1 << 20)

    def test_bad_jobs(self):
        bad = (dict(inputs=((0, 61, 4),)), dict(outputs=((1, 0, 4),)),
               dict(dumps=((0, 0xFFFFFFFF, 4),)), dict(arguments=()),
               dict(arguments=9 * ((0, 0),)), dict(arguments=((0, 65),)),
               dict(blocks=((64, 3, 0),)), dict(blocks=((64, 8, 4),)),
               # A state of a model that has no reset.
               dict(blocks=((64, 8, job_file.STATE),)))
        for fields in bad:
            with self.subTest(**fields):
                result, _, _ = self.run_job("affine", self.job(**fields),
                                            bytes(4), job_file.EXIT_STATUS)
                self.assertEqual(result.status, job_file.BAD_JOB)

    def test_missing_input(self):
        job = self.job(vectors=2)
        result, _, _ = self.run_job("stack", job, bytes(7),
                                    job_file.EXIT_STATUS)
        self.assertEqual(result.status, job_file.IO_ERROR)
        self.assertEqual(result.vectors_done, 1)

    def test_unwritable_output(self):
        job = self.job()
        job.output = self.path("no such folder/output")
        result, _, _ = self.run_job("affine", job, bytes(4),
                                    job_file.EXIT_STATUS)
        self.assertEqual(result.status, job_file.IO_ERROR)
        self.assertEqual(result.io_error, 2)

    def test_unreadable_jobs(self):
        good = self.job().encode()
        wrong_version = self.job(version=2).encode()
        cases = ((b"", "shorter than its header"),
                 (good[:-1], "truncated"), (good[:60], "truncated"),
                 (wrong_version, "not a job file of this version"))
        path = self.path("bad")
        for content, message in cases:
            pathlib.Path(path).write_bytes(content)
            code, console = self.emulate(self.link("affine"), path)
            self.assertEqual(code, job_file.EXIT_NO_RESULT)
            self.assertIn(message, console)
        code, console = self.emulate(self.link("affine"), self.path("none"))
        self.assertEqual(code, job_file.EXIT_NO_RESULT)
        self.assertIn("cannot open the job file", console)

    # The memory functions against their definition.

    def test_memory_functions(self):
        numbers = random.Random(2)
        inputs, expected = b"", b""
        vectors = 1500
        for vector in range(vectors):
            function = vector % 15
            data = bytearray(numbers.randbytes(256))
            step = {4: 4, 5: 8, 7: 4, 8: 8, 10: 4, 11: 8, 13: 4, 14: 8}.get(
                function, 1)
            count = numbers.choice((numbers.randrange(0, 9),
                                    numbers.randrange(0, 100)))
            to = numbers.randrange(0, 256 - count + 1, step)
            source = numbers.randrange(0, 256 - count + 1, step)
            if function in (0, 3, 4, 5) and abs(to - source) < count:
                count = abs(to - source)
            inputs += struct.pack("<4I", function, 16 + to, 16 + source, count)
            inputs += data
            if function in (2, 9, 10, 11):
                data[to:to + count] = b"\x5A" * count
            elif function >= 12:
                data[to:to + count] = bytes(count)
            else:
                data[to:to + count] = data[source:source + count]
            expected += data
        job = self.job(vectors=vectors, blocks=((272, 8, 0),),
                       inputs=((0, 0, 272),), outputs=((0, 16, 256),))
        _, output, _ = self.run_job("memory", job, inputs)
        for vector in range(vectors):
            part = slice(256 * vector, 256 * vector + 256)
            self.assertEqual(output[part], expected[part], f"vector {vector}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--board", type=pathlib.Path, required=True,
                        help="folder with the board's archive")
    parser.add_argument("--linker", required=True)
    parser.add_argument("--qemu", required=True)
    parser.add_argument("--float-abis", nargs="*", default=[],
                        help="Affine.c for each float ABI of an FPU")
    parser.add_argument("--own-main", help="OwnMain.c")
    parser.add_argument("--objects", nargs="+", required=True)
    global CONFIG
    CONFIG, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
