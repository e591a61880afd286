# test_row_streams.py - whole networks computed row by row
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The networks of $THIMBLE_SHARED in the least RAM that is promised for them,
and in two budgets above it: outputs are those of the reference, bit for bit.
"""

import pytest
from emulation import CORES, FULL, SHARED, needs_core, run_model

#: Bytes of RAM, input resident and fed by rows, on a Cortex-M4. Other cores
#: have kernels of more scratch.
BUDGETS = {
    "kws": (4200, 3900),
    "vww": (28300, 12200),
    "ic": (12000, 10500),
    "ad": (800, None),
    "sww": (3600, 3100),
}
SCRATCH_OF_OTHERS = 1500


def cases():
    for name, (resident, fed) in BUDGETS.items():
        for core in [None, *CORES] if FULL else [None, "cortex-m4"]:
            more = 0 if core == "cortex-m4" else SCRATCH_OF_OTHERS
            for budget in [resident, 3 * resident // 2, 2 * resident]:
                if budget == resident or core is None or FULL:
                    yield pytest.param(name, core, budget + more, "arena")
            if fed:
                yield pytest.param(name, core, fed + more, "rows")


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the networks of $THIMBLE_SHARED")
@pytest.mark.parametrize("name, core, budget, io", list(cases()))
def test_streamed_network(name, core, budget, io, tmp_path):
    needs_core(core)
    for kind in ("input", "output"):
        parts = [SHARED / name / f"{kind}_{i}_0.bin" for i in range(10 if FULL else 2)]
        (tmp_path / f"{kind}.bin").write_bytes(b"".join(p.read_bytes() for p in parts))
    run_model(
        SHARED / name / "model.tflite", core, "2", "--name=model",
        f"--max-ram={budget}", f"--io={io}", f"--input={tmp_path / 'input.bin'}",
        f"--compare={tmp_path / 'output.bin'}",
    )  # fmt: skip
