# test_dead_channels.py - a network of which most weights are zero shrinks
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""vww was trained so that batch normalization turned most channels off: 82.8 %
of its weights are zero. What is left of them and of the work is bounded here;
that the outputs stay the same is a matter of test_golden.py at the default
level, and of the other levels here.
"""

import json
import re
import subprocess

import pytest
from emulation import BIN, SHARED, needs_core, run_model

VWW = SHARED / "vww"
MODEL = VWW / "model.tflite"
pytestmark = pytest.mark.skipif(
    not MODEL.is_file(), reason="needs the networks of $THIMBLE_SHARED"
)
WEIGHT_BYTES = 29_286
MACS = 3_740_000


def compile_model(*arguments):
    needs_core(None)
    command = [BIN / "thimblec", MODEL, "--mcpu=cortex-m4", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def weight_bytes(graph):
    """Elements of all int8 constants in the text of a graph."""
    shapes = re.findall(r"thimble\.constant .* : tensor<([0-9x]+)xi8> :", graph)
    assert shapes
    total = 0
    for shape in shapes:
        size = 1
        for extent in shape.split("x"):
            size *= int(extent)
        total += size
    return total


def test_weights(tmp_path):
    compile_model("--emit=graph", "-o", tmp_path / "vww.mlir")
    assert weight_bytes((tmp_path / "vww.mlir").read_text()) <= WEIGHT_BYTES


def test_macs(tmp_path):
    report = tmp_path / "vww.json"
    compile_model("-o", tmp_path / "vww.o", f"--report={report}", "--quiet")
    layers = json.loads(report.read_text())["layers"]
    assert 0 < sum(layer["macs"] for layer in layers) <= MACS


@pytest.mark.parametrize("level", ["s", "2", "3"])
@pytest.mark.parametrize("core", [None, "cortex-m4"])
def test_outputs(core, level, tmp_path):
    needs_core(core)
    for kind in ("input", "output"):
        parts = [VWW / f"{kind}_{i}_0.bin" for i in range(2 if core else 10)]
        data = b"".join(part.read_bytes() for part in parts)
        (tmp_path / f"{kind}.bin").write_bytes(data)
    run_model(
        MODEL, core, level, "--name=model", f"--input={tmp_path / 'input.bin'}",
        f"--compare={tmp_path / 'output.bin'}",
    )  # fmt: skip
