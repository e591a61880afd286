# bench_growth.py - how compile time grows with the network
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles chains of layers that test/EndToEnd/Models/generate.py makes. Wall
time is noise on a shared machine, so instructions of the compiler are counted
as well, by perf or else by callgrind where there is one of them."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LAYERS = (125, 250, 500, 1000)


def count_instructions(command, folder):
    """Instructions that the command executes, or None."""
    if shutil.which("perf"):
        counted = subprocess.run(
            ["perf", "stat", "-x,", "-e", "instructions:u"] + command,
            capture_output=True,
            text=True,
        )
        match = re.search(r"^(\d+),", counted.stderr, re.M)
        if match:
            return int(match.group(1))
    if shutil.which("valgrind"):
        output = folder / "callgrind"
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}"]
            + command,
            capture_output=True,
            check=True,
        )
        match = re.search(r"^(?:summary|totals): (\d+)", output.read_text(), re.M)
        return int(match.group(1))
    return None


def interpreter(build):
    """The Python that has what generate.py imports."""
    own = build / "venv" / "bin" / "python"
    return own if own.exists() else sys.executable


def measure_growth(root, build):
    compiler = build / "bin" / "thimblec"
    script = root / "test" / "EndToEnd" / "Models" / "generate.py"
    print("| layers | model B | compile s | ms per layer | M instructions | per layer |")
    print("|--:|--:|--:|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for layers in LAYERS:
            model = folder / f"chain_{layers}.tflite"
            subprocess.run(
                [interpreter(build), script, f"--chain={layers}", f"--output={model}"],
                check=True,
            )
            command = [str(compiler), str(model), "--mcpu=cortex-m4", "--quiet",
                       "-o", str(folder / "chain.o")]  # fmt: skip
            start = time.monotonic()
            subprocess.run(command, check=True)
            seconds = time.monotonic() - start
            count = count_instructions(command, folder)
            millions = count / 1e6 if count else None
            print(
                f"| {layers} | {model.stat().st_size:,} | {seconds:.2f} | "
                f"{1000 * seconds / layers:.2f} | "
                f"{f'{millions:,.0f}' if count else ''} | "
                f"{f'{millions / layers:.2f}' if count else ''} |",
                flush=True,
            )
    return 0
