# emulation.py - finds the tools, boards and models that end-to-end tests run
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the tests of this folder have in common."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("THIMBLE_BIN", ROOT / "build" / "bin"))
MODELS = ROOT / "test" / "EndToEnd" / "Models"
SHARED = Path(os.environ.get("THIMBLE_SHARED", ROOT.parent / "shared")) / "models"
CORES = [
    "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33",
    "cortex-m55",
]  # fmt: skip
#: Set by `check --full`.
FULL = os.environ.get("THIMBLE_FULL", "") == "1"


def needs_core(core: str | None) -> None:
    """Skips the test if there is no way to run on `core` (None: the host)."""
    if not (BIN / "thimble-run").exists():
        pytest.skip("needs thimble-run")
    if core is None:
        return
    board = BIN.parent / "share" / "thimble" / "boards" / core
    if not board.is_dir() or not shutil.which("qemu-system-arm"):
        pytest.skip(f"needs the emulator and the board of {core}")


def run_model(model: Path, core: str | None, level: str, *arguments: object) -> None:
    """Runs thimble-run and fails with what it says if it does."""
    command: list[str] = [str(BIN / "thimble-run"), str(model), f"-O{level}"]
    if core:
        command.append(f"--mcpu={core}")
    command += [str(argument) for argument in arguments]
    result = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=600
    )
    assert result.returncode == 0, " ".join(command) + "\n" + result.stderr + result.stdout
