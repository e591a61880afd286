# test_streams.py - networks that compute row by row give the same outputs
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The project's own networks with little RAM, and fed row by row; the whole
networks of $THIMBLE_SHARED in the least RAM that they are known to run in, and
between that and all they would take. Outputs are those of the reference.
"""

import re
import subprocess

import pytest
from emulation import BIN, CORES, FULL, MODELS, SHARED, needs_core, run_model
from test_golden import NETWORKS, numbered

#: Bytes of arena: with the input in it, and with its rows pushed.
#: On a Cortex-M4; on others what it takes from there on.
LEAST = {
    "ad": (800, 800),
    "ic": (12000, 10500),
    "kws": (4200, 3900),
    "sww": (3600, 3100),
    "vww": (28300, 12200),
}
#: What they take at -O2, about.
USUAL = {"ad": 800, "ic": 34100, "kws": 8800, "sww": 3800, "vww": 37700}


def arena_bytes(model, io):
    """What `model` takes without a budget, or None if it isn't compiled."""
    result = subprocess.run(
        [BIN / "thimblec", model, "--mcpu=host", f"--io={io}", "--emit=planned", "-o", "-"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    found = re.search(r"thimble.arena_bytes = (\d+)", result.stdout)
    return int(found.group(1)) if found else None


def missing_ram(model, *arguments):
    """What the model is said to need if no plan keeps to the budget, or None."""
    result = subprocess.run(
        [BIN / "thimblec", model, *arguments, "--emit=planned", "-o", "-"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if result.returncode == 0:
        return None
    needed = re.search(r"needs (?:at least )?(\d+) bytes.*--max-ram", result.stderr)
    assert needed, result.stderr
    return int(needed.group(1))


def least_ram(model, core, io, known):
    """The least budget from `known` on; nests of some cores take more scratch."""
    least = known
    while needed := missing_ram(model, f"--mcpu={core}", io, f"--max-ram={least}"):
        assert needed > least
        least = needed
    return least


@pytest.mark.parametrize("name", NETWORKS)
def test_own_network(name):
    needs_core(None)
    folder = MODELS / name
    model = folder / "model.tflite"
    files = [f"--input={file}" for file in numbered(folder, "input")]
    files += [f"--compare={file}" for file in numbered(folder, "expected")]
    number = NETWORKS.index(name)
    core = CORES[number % 6]
    run_model(model, None, "2", "--io=rows", *files)
    usual = arena_bytes(model, "rows" if number % 2 else "arena")
    io = "--io=rows" if number % 2 else "--io=arena"
    for part in (0.5, 0.7, 0.9):
        budget = f"--max-ram={int(usual * part)}"
        if missing_ram(model, "--mcpu=cortex-m4", io, budget):
            continue
        needs_core(core)
        run_model(model, core, "2", io, budget, "--stack", *files)
        break


def whole_cases():
    for number, name in enumerate(LEAST):
        for core in [None, *(CORES if FULL else [CORES[number % 6], "cortex-m4"])]:
            for io in ("arena", "rows"):
                yield pytest.param(name, core, io, id=f"{name}-{core or 'host'}-{io}")


@pytest.mark.parametrize("name, core, io", list(whole_cases()))
def test_whole_network(name, core, io):
    needs_core(core)
    folder = SHARED / name
    if not (folder / "model.tflite").exists():
        pytest.skip("needs the networks of $THIMBLE_SHARED")
    least = LEAST[name][io == "rows"]
    # Pointers of the host are twice as large.
    least += 300 if core is None else 0
    if core not in (None, "cortex-m4"):
        least = least_ram(folder / "model.tflite", core, f"--io={io}", least)
    budgets = [least]
    if FULL:
        budgets += [least + (USUAL[name] - least) * i // 3 for i in (1, 2)]
    for budget in budgets:
        run_model(
            folder / "model.tflite", core, "2", f"--io={io}", f"--max-ram={budget}",
            f"--input={folder / 'input_1_0.bin'}",
            f"--compare={folder / 'output_1_0.bin'}", "--name=model",
            *(["--stack"] if core else []),
        )  # fmt: skip
