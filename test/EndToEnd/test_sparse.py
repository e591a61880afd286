# test_sparse.py - layers that skip blocks of zeros, in the emulator
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The same bits as the dense layer, and fewer instructions."""

import pytest
from emulation import FULL, needs_core, run_model
from sparse_models import Layer, count, two_of_four, weights, write

CORES = ["cortex-m0plus", "cortex-m4", "cortex-m55"]
# A layer, a scheme, the shape of its blocks, the part of them that is zero.
CASES = [
    (Layer(3, 8, 8, 6), "block<4x2>", (4, 2), 0.5),
    (Layer(3, 8, 6, 5), "block<2x4>", (2, 4), 0.7),
    (Layer(1, 24, 12, 5), "block<4x2>", (4, 2), 0.6),
    (Layer(0, 64, 20), "block<4x4>", (4, 4), 0.5),
    (Layer(0, 60, 9, 3), "bitmap", (1, 1), 0.7),
    (Layer(3, 8, 8, 5), "n_m<2:4>", None, 0.5),
    (Layer(3, 24, 8, 40), "block<4x2>", (4, 2), 0.8),  # through a tap table
]


def filters_of(layer, block, zeros):
    return weights(layer, block, zeros, 7) if block else two_of_four(layer, 7)


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("case", CASES if FULL else CASES[:5], ids=lambda c: c[0].name)
def test_same_bits_as_dense(case, core, tmp_path):
    needs_core(core)
    layer, scheme, block, zeros = case
    path, given = write(tmp_path, layer, filters_of(layer, block, zeros))
    expected = tmp_path / "y.npy"
    run_model(path, None, "0", f"--input={given}", f"--output={expected}")
    options = [f"--encoding={scheme}", f"--input={given}", f"--compare={expected}"]
    run_model(path, core, "3", *options)


def test_half_zero_blocks_pay_on_m4(tmp_path):
    needs_core("cortex-m4")
    layer = Layer(3, 16, 16, 8)
    path, _ = write(tmp_path, layer, weights(layer, (4, 2), 0.5, 1))
    dense = count(path, "cortex-m4", "-O0")
    # Chosen by the cost model, nothing is forced.
    sparse = count(path, "cortex-m4", "-O3")
    assert dense["instructions"] / sparse["instructions"] > 1.3
