# test_streaming.py - streaming models give what their window models give
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random models of a sliding window, and the streaming wake word network of
$THIMBLE_SHARED, as streaming models: call by call the same bits as the window
model run on all rows of its window, from the first call on."""

import json
import re
import subprocess

import numpy as np
import pytest
from emulation import BIN, CORES, FULL, SHARED, needs_core, run_model
from window_models import draw_model

COUNT = 400 if FULL else 60


#: Why a drawn model may have to stay a window model.
REFUSALS = ["slide alike", "all rows of its window", "keep some of theirs", "more than"]


def compile_model(model, *arguments):
    """What thimblec says: its exit code, and standard output and error."""
    result = subprocess.run(
        [BIN / "thimblec", model, *arguments], check=False, capture_output=True, text=True
    )
    return result.returncode, result.stdout, result.stderr


def input_rows(model, *arguments):
    """New rows of a call, or None if the model is refused."""
    code, text, error = compile_model(
        model, "--mcpu=host", "--emit=kernel", "-o", "-", *arguments
    )
    if code:
        assert any(reason in error for reason in REFUSALS), error
        return None
    return int(re.search(r"@model\(%arg0: tensor<1x(\d+)x", text).group(1))


def save(path, array):
    np.save(path, array)
    return path


@pytest.mark.parametrize("seed", range(COUNT))
def test_random_model(seed, tmp_path):
    needs_core(None)
    model = tmp_path / "model.mlir"
    window = draw_model(seed)
    model.write_text(window.text)
    least = input_rows(model, "--streaming")
    if least is None:
        # The window model stands, whatever became of the streaming one.
        assert input_rows(model) == (1 if window.lying else window.rows)
        return
    random = np.random.default_rng(seed)
    core = [None, *CORES][seed % 7]
    hop = least * int(random.integers(1, max(2, window.rows // least)))
    if input_rows(model, f"--streaming={hop}") is None:
        hop = least
    for rows, cpu, level in ((least, core, "2"), (hop, None, "0"), (hop, None, "s")):
        stream = random.integers(-128, 128, (12 * rows, *window.row_shape), np.int8)
        windows = save(tmp_path / "windows.npy", window.windows(stream, rows))
        fresh = stream.reshape(-1, 1, rows, *window.row_shape)
        expected = tmp_path / "expected.npy"
        run_model(model, None, "0", f"--input={windows}", f"--output={expected}")
        outputs = np.load(expected)
        shape = re.search(r"-> tensor<([\dx]+)x!q", window.text).group(1).split("x")
        rows_at = 2 if window.lying else 1
        if len(shape) == 4 and int(shape[rows_at]) > 1:
            # Of an output that slides only the new rows are given.
            axis = rows_at + 1
            first = outputs.shape[axis] - new_rows(model, rows, axis)
            outputs = np.split(outputs, [first], axis)[1]
        save(expected, outputs)
        needs_core(cpu)
        io = "--io=pointers" if seed % 5 == 0 else "--io=arena"
        options = [f"-O{level}", f"--streaming={rows}", io]
        options += budget(model, f"--mcpu={cpu or 'host'}", *options)
        run_model(
            model, cpu, level, *options[1:],
            f"--input={save(tmp_path / 'fresh.npy', fresh)}", f"--compare={expected}",
            *(["--stack"] if cpu else []),
        )  # fmt: skip


def budget(model, *arguments):
    """Less RAM than the model would take, if it can do with less."""
    if "--io=pointers" in arguments:
        return []
    arguments = [*arguments, "--emit=planned", "-o", "-"]
    _, text, _ = compile_model(model, *arguments)
    if "thimble.state_bytes" not in text:
        return []  # Nothing reaches further back than the new rows.
    state, arena = (
        int(re.search(rf"thimble.{name}_bytes = (\d+)", text).group(1))
        for name in ("state", "arena")
    )
    for part in (0.5, 0.7, 0.9):
        limit = f"--max-ram={state + int(arena * part)}"
        if compile_model(model, *arguments, limit)[0] == 0:
            return [limit]
    return []


def new_rows(model, rows, axis):
    """Rows of the output of a call."""
    _, text, _ = compile_model(
        model, "--mcpu=host", "--emit=kernel", f"--streaming={rows}", "-o", "-"
    )
    shape = re.search(r"return .* : tensor<([\dx]+)x!q", text).group(1).split("x")
    return int(shape[axis - 1])


@pytest.mark.parametrize("core", [None, *(CORES if FULL else ["cortex-m4", "cortex-m0plus"])])
def test_wake_word(core, tmp_path):
    needs_core(core)
    model = SHARED / "sww" / "model.tflite"
    if not model.exists():
        pytest.skip("needs the networks of $THIMBLE_SHARED")
    random = np.random.default_rng(7)
    # Rows of the network's own inputs, and noise.
    files = [SHARED / "sww" / f"input_{i}_0.bin" for i in range(5)]
    rows = [np.fromfile(file, np.int8).reshape(30, 1, 40) for file in files]
    stream = np.concatenate([*rows, random.integers(-128, 128, (50, 1, 40), np.int8)])
    longer = np.concatenate([np.full((30, 1, 40), -128, np.int8), stream])
    windows = np.stack([longer[None, end - 30 : end] for end in range(31, len(longer) + 1)])
    assert len(windows) == 200
    expected = tmp_path / "expected.npy"
    run_model(
        model, None, "2", f"--input={save(tmp_path / 'windows.npy', windows)}",
        f"--output={expected}",
    )  # fmt: skip
    run_model(
        model, core, "2", "--streaming", "--name=model",
        f"--input={save(tmp_path / 'rows.npy', stream[:, None, None])}",
        f"--compare={expected}", *(["--stack"] if core else []),
    )  # fmt: skip


def test_wake_word_costs(tmp_path):
    needs_core(None)
    model = SHARED / "sww" / "model.tflite"
    if not model.exists():
        pytest.skip("needs the networks of $THIMBLE_SHARED")
    report = tmp_path / "report.json"
    code, _, error = compile_model(
        model, "--mcpu=cortex-m4", "--streaming", "-o", tmp_path / "sww.o", f"--report={report}"
    )
    assert code == 0, error
    totals = json.loads(report.read_text())["totals"]
    assert totals["macs"] <= 47_000
    assert totals["ram_state"] <= 3_600
    assert totals["ram"] <= 4_200
