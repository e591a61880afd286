# test_golden.py - networks give the expected outputs on every core
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The project's own networks, with outputs that the reference computed, and
the whole networks of $THIMBLE_SHARED where they are. Integers are compared bit
for bit; the stack that was used is within the bound.

Without --full each small network runs on the host and on two of the cores, in
turn, so that every core runs a third of them.
"""

from pathlib import Path

import pytest
from emulation import CORES, FULL, MODELS, SHARED, needs_core, run_model

NETWORKS = sorted(file.parent.name for file in MODELS.glob("*/model.tflite"))
WHOLE = (
    sorted(file.parent.name for file in SHARED.glob("*/model.tflite"))
    if SHARED.is_dir()
    else []
)
LEVELS = ["0", "s", "2", "3"]
#: Cores without floating-point instructions take minutes on whole networks.
SOFT_FLOAT = {"cortex-m0plus", "cortex-m3"}


def own_cases():
    for number, name in enumerate(NETWORKS):
        cores = CORES if FULL else [CORES[number % 6], CORES[(number + 2) % 6]]
        levels = LEVELS if FULL else [LEVELS[number % 4]]
        for core in [None, *cores]:
            for level in levels:
                yield pytest.param(name, core, level, id=f"{name}-{core or 'host'}-O{level}")


def whole_cases():
    for name in WHOLE:
        is_float = name.endswith("_f32")
        for core in [None, *CORES]:
            heavy = is_float and (core in SOFT_FLOAT or core not in (None, "cortex-m4"))
            if heavy and not FULL:
                continue
            for level in LEVELS if FULL and not heavy else ["2"]:
                yield pytest.param(name, core, level, id=f"{name}-{core or 'host'}-O{level}")


def numbered(folder: Path, stem: str):
    """stem.npy, stem_1.npy, stem_2.npy, ..."""
    files = [folder / f"{stem}.npy"]
    while (folder / f"{stem}_{len(files)}.npy").exists():
        files.append(folder / f"{stem}_{len(files)}.npy")
    return files


@pytest.mark.parametrize("name, core, level", list(own_cases()))
def test_own_network(name, core, level):
    needs_core(core)
    folder = MODELS / name
    inputs = [f"--input={file}" for file in numbered(folder, "input")]
    outputs = [f"--compare={file}" for file in numbered(folder, "expected")]
    stack = ["--stack"] if core else []
    run_model(folder / "model.tflite", core, level, *inputs, *outputs, *stack)


@pytest.mark.skipif(not WHOLE, reason="needs the networks of $THIMBLE_SHARED")
@pytest.mark.parametrize("name, core, level", list(whole_cases()))
def test_whole_network(name, core, level, tmp_path):
    needs_core(core)
    vectors = range(10 if FULL or core is None else 2)
    for kind in ("input", "output"):
        parts = [SHARED / name / f"{kind}_{i}_0.bin" for i in vectors]
        (tmp_path / f"{kind}.bin").write_bytes(b"".join(p.read_bytes() for p in parts))
    stack = ["--stack"] if core else []
    run_model(
        SHARED / name / "model.tflite", core, level, "--name=model",
        f"--input={tmp_path / 'input.bin'}",
        f"--compare={tmp_path / 'output.bin'}", *stack,
    )  # fmt: skip
