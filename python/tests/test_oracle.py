# test_oracle.py - The oracle against golden vectors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whole networks: the oracle gives their recorded outputs bit for bit."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from thimble.testing.oracle import VERSION, Oracle
from conftest import needs_oracle, shared_models

FOLDERS = sorted(p.parent for p in shared_models().glob("*/meta.json"))


@needs_oracle
def test_version_is_the_pinned_one() -> None:
    assert metadata.version("tflite-micro") == VERSION


@needs_oracle
@pytest.mark.skipif(not FOLDERS, reason="no golden vectors here")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_golden_vectors(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    oracle = Oracle((folder / "model.tflite").read_bytes())
    assert [op.name for op in oracle.operators] == meta["op_sequence"]
    for vector in meta["vectors"]:
        k = vector["index"]
        inputs = [
            np.fromfile(folder / f"input_{k}_{i}.bin", dtype=info["dtype"])
            for i, info in enumerate(meta["inputs"])
        ]
        for i, found in enumerate(oracle.run_outputs(inputs)):
            expected = np.fromfile(
                folder / f"output_{k}_{i}.bin", dtype=found.dtype
            )
            np.testing.assert_array_equal(found.reshape(-1), expected)
