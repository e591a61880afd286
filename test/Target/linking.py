#!/usr/bin/env python3
# linking.py - tests that objects link into any firmware and run there
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: linking.py <thimble-compile-net> [unittest arguments]
#
# Compiles the lowered models beside this file for every core that the emulator
# knows, links them into firmware of each float ABI made by GCC and Clang with
# GNU ld and ld.lld, warnings being errors, and runs what was linked.

import itertools
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOOL = None  # set by main
GCC = "arm-none-eabi-gcc"
CLANG = "clang-22"
LLD = "ld.lld-22"
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror"]
LANGUAGES = {"c99": ["-x", "c", "-std=c99"], "c++17": ["-x", "c++", "-std=c++17"]}

# core: (emulated machine, flash, RAM, has an FPU)
CORES = {
    "cortex-m0plus": ("mps2-an385", 0, 0x20000000, False),
    "cortex-m3": ("mps2-an385", 0, 0x20000000, False),
    "cortex-m4": ("mps2-an386", 0, 0x20000000, True),
    "cortex-m7": ("mps2-an500", 0, 0x20000000, True),
    "cortex-m33": ("mps2-an505", 0x10000000, 0x38000000, True),
    "cortex-m55": ("mps3-an547", 0, 0x20000000, True),
}
INPUT = [1, -2, 3, -4, 5, -6, 7, -8, 127, -128, 100, -100, 50, -50, 25, -25]

SCRIPT = """
MEMORY
{{
  FLASH (rx) : ORIGIN = {flash:#x}, LENGTH = 64K
  RAM (rw)   : ORIGIN = {ram:#x}, LENGTH = 64K
}}
ENTRY(test_reset)
SECTIONS
{{
  .text : {{ KEEP(*(.vectors)) *(.text .text.*) *(.rodata .rodata.*) }} > FLASH
  .ARM.exidx : {{ *(.ARM.exidx*) *(.ARM.extab*) }} > FLASH
  .bss (NOLOAD) : {{ *(.bss .bss.*) }} > RAM
  test_stack_top = {ram:#x} + 64K;
  /DISCARD/ : {{ *(.comment) *(.note.GNU-stack) }}
}}
"""


def run(*command, **options):
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, **options
    )
    if done.returncode:
        line = " ".join(map(str, command))
        raise AssertionError(
            f"{line}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def round_to_float(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def two_layers(values):
    """What two_layers.mlir computes."""
    source = (HERE / "two_layers.mlir").read_text()
    tables = [
        [int(number) for number in re.findall(r"-?\d+", table)]
        for table in re.findall(r"dense<\[([^]]*)\]>", source)
    ]
    outputs = []
    for c, multiplier in enumerate(tables[1]):
        total = sum(x * w for x, w in zip(values, tables[0][16 * c :]))
        real = float((total * multiplier + (1 << 34)) >> 35)
        whole = int(round_to_float(round_to_float(real * 1.5) + real))
        outputs.append(max(-128, min(127, whole)))
    return outputs


def initializer(values):
    return "{" + ",".join(map(str, values)) + "}"


def undefined_symbols(path):
    listing = run("arm-none-eabi-nm", "-u", path)
    return {line.split()[1] for line in listing.splitlines()}


class Firmware:
    """One core, float ABI, compiler and language of the firmware."""

    def __init__(self, folder, core, abi, compiler, language="c99", pointers=False):
        self.folder, self.core = folder, core
        self.machine, self.flash, self.ram, self.has_fpu = CORES[core]
        self.target = [f"-mcpu={core}", "-mthumb", f"-mfloat-abi={abi}"]
        if abi != "soft" and compiler == CLANG and core == "cortex-m4":
            self.target.append("-mfpu=fpv4-sp-d16")
        expected = [0] * 8 + INPUT if pointers else two_layers(INPUT)
        defines = {
            "TEST_INPUT": initializer(INPUT),
            "TEST_EXPECTED": initializer(expected),
            # With no call outside the object the bound is what is used.
            "TEST_STACK_SLACK": 40 if undefined_symbols(folder / "net.o") else 0,
            **({"TEST_POINTERS": 1} if pointers else {}),
            **({"TEST_FLOAT_ABI_HARD": 1} if abi == "hard" else {}),
            **({"TEST_FPU": 1} if self.has_fpu else {}),
        }
        # The enumerations of libgcc are short.
        clang = ["--target=arm-none-eabi", "-fshort-enums"] if compiler == CLANG else []
        # Clang's objects speak of an executable stack, newlib's do not.
        self.link_options = ["-z", "noexecstack"] if clang else []
        self.main = folder / "main.o"
        run(compiler, *clang, *self.target, *LANGUAGES[language], *STRICT,
            "-Os", "-ffreestanding", "-fno-exceptions", "-I", folder,
            *(f"-D{key}={value}" for key, value in defines.items()),
            "-c", HERE / "firmware.c", "-o", self.main)  # fmt: skip

    def link(self, linker):
        script = self.folder / "link.ld"
        script.write_text(SCRIPT.format(flash=self.flash, ram=self.ram))
        image = self.folder / "firmware.elf"
        flags = [word for word in self.target if not word.startswith("-mfpu")]
        libraries = [
            run(GCC, *flags, f"-print-file-name={name}").strip()
            for name in ("libc_nano.a", "libgcc.a")
        ]
        run(linker, "-T", script, "--fatal-warnings", "--gc-sections", self.main,
            self.folder / "net.o", "--start-group", *libraries, "--end-group",
            *self.link_options, "-o", image)  # fmt: skip
        return image

    def execute(self, image):
        run("qemu-system-arm", "-M", self.machine, "-kernel", image, "-display",
            "none", "-semihosting-config", "enable=on,target=native",
            timeout=60)  # fmt: skip


def compile_net(folder, core, *options, source="two_layers.mlir"):
    return run(TOOL, HERE / source, f"--mcpu={core}", "-o", folder / "net.o", *options)


def float_abis(core):
    return ("soft", "softfp", "hard") if CORES[core][3] else ("soft",)


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class Linking(Case):
    def test_every_float_abi_compiler_and_linker(self):
        for core in CORES:
            compile_net(self.folder, core)
            for abi, compiler in itertools.product(float_abis(core), (GCC, CLANG)):
                firmware = Firmware(self.folder, core, abi, compiler)
                for linker in ("arm-none-eabi-ld", LLD):
                    with self.subTest(
                        core=core, abi=abi, compiler=compiler, linker=linker
                    ):
                        firmware.execute(firmware.link(linker))

    def test_every_level(self):
        for core, level in itertools.product(CORES, ("-O0", "-O2", "-O3", "-Os")):
            with self.subTest(core=core, level=level):
                compile_net(self.folder, core, level)
                firmware = Firmware(self.folder, core, "soft", GCC)
                firmware.execute(firmware.link(LLD))

    def test_pointers(self):
        for core in CORES:
            with self.subTest(core=core):
                compile_net(self.folder, core, "--pointers", source="pointers.mlir")
                firmware = Firmware(self.folder, core, "soft", GCC, pointers=True)
                firmware.execute(firmware.link("arm-none-eabi-ld"))


class Header(Case):
    def test_is_pedantic_c99_and_cxx17(self):
        for pointers in (False, True):
            options = ["--pointers"] if pointers else []
            source = "pointers.mlir" if pointers else "two_layers.mlir"
            compile_net(self.folder, "cortex-m4", *options, source=source)
            for compiler, language in itertools.product((GCC, CLANG), LANGUAGES):
                with self.subTest(
                    pointers=pointers, compiler=compiler, language=language
                ):
                    Firmware(
                        self.folder, "cortex-m4", "soft", compiler, language, pointers
                    )

    def test_includes_only_stdint(self):
        compile_net(self.folder, "cortex-m4")
        includes = re.findall(r"#\s*include.*", (self.folder / "net.h").read_text())
        self.assertEqual(includes, ["#include <stdint.h>"])

    def test_name_survives_escaping(self):
        compile_net(self.folder, "cortex-m4")
        program = self.folder / "name.c"
        program.write_text(
            '#include <stdio.h>\n#include "net.h"\n'
            "int main(void) { return puts(NET_OUTPUT_0_NAME) < 0; }\n"
        )
        run(CLANG, "-std=c99", *STRICT, program, "-o", self.folder / "name")
        self.assertEqual(run(self.folder / "name"), 'dense/"Relu"??/\\\n\u00e90\n')


class Host(Case):
    def test_runs(self):
        for level in ("-O0", "-O2", "-O3", "-Os"):
            compile_net(self.folder, "host", level)
            program = self.folder / "run.c"
            program.write_text(
                '#include <stdio.h>\n#include <string.h>\n#include "net.h"\n'
                "int main(void) {\n"
                "  static uint64_t arena[(NET_ARENA_BYTES + 7) / 8];\n"
                f"  static const int8_t input[] = {initializer(INPUT)};\n"
                "  memcpy(net_input_0(arena), input, NET_INPUT_0_BYTES);\n"
                "  net_invoke(arena);\n"
                "  for (uint32_t i = 0; i < NET_OUTPUT_0_BYTES; ++i)\n"
                '    printf("%d ", net_output_0(arena)[i]);\n'
                "  return 0;\n}\n"
            )
            run(CLANG, "-std=c99", *STRICT, program, self.folder / "net.o", "-o",
                self.folder / "run")  # fmt: skip
            outputs = [int(word) for word in run(self.folder / "run").split()]
            self.assertEqual(outputs, two_layers(INPUT), level)


class Objects(Case):
    def test_same_bytes_in_another_folder(self):
        other = self.folder / "another" / "folder"
        other.mkdir(parents=True)
        copy = other / "copy.mlir"
        copy.write_bytes((HERE / "two_layers.mlir").read_bytes())
        for core in CORES:
            compile_net(self.folder, core)
            run(TOOL, copy.name, f"--mcpu={core}", "-o", "net.o", cwd=other,
                env={**os.environ, "TZ": "Asia/Tokyo", "LC_ALL": "C"})  # fmt: skip
            for file in ("net.o", "net.h", "net.json"):
                with self.subTest(core=core, file=file):
                    self.assertEqual(
                        (self.folder / file).read_bytes(), (other / file).read_bytes()
                    )

    def undefined(self, core, *options, **source):
        compile_net(self.folder, core, *options, **source)
        return undefined_symbols(self.folder / "net.o")

    def test_undefined_symbols(self):
        floats = {"__aeabi_fadd", "__aeabi_fmul", "__aeabi_i2f", "__aeabi_f2iz"}
        self.assertEqual(self.undefined("cortex-m0plus"), floats | {"__aeabi_lmul"})
        self.assertEqual(self.undefined("cortex-m3"), floats)
        for core in ("cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"):
            self.assertEqual(self.undefined(core), set(), core)

    def test_undefined_memory_functions(self):
        for core in CORES:
            self.assertEqual(
                self.undefined(core, "--pointers", source="pointers.mlir"),
                {"__aeabi_memclr", "__aeabi_memmove"},
                core,
            )

    def test_float_abi_is_compatible_with_both(self):
        for core in CORES:
            compile_net(self.folder, core)
            text = run("arm-none-eabi-readelf", "-A", self.folder / "net.o")
            self.assertIn("Tag_ABI_VFP_args: compatible", text, core)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: linking.py <thimble-compile-net> [unittest arguments]")
    TOOL = Path(sys.argv.pop(1)).resolve()
    unittest.main()
