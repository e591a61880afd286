# test_models.py - The committed models of the end-to-end tests
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Committed files are what their generator writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conftest import MODELS, needs_oracle

pytest.importorskip("flatbuffers")

import generate  # noqa: E402
from layers import Network  # noqa: E402

NETWORKS = {network.name: network for network in generate.all_networks()}


def test_every_folder_has_a_network() -> None:
    committed = {path.parent.name for path in MODELS.glob("*/model.tflite")}
    assert committed == set(NETWORKS)


def test_operators_are_covered() -> None:
    from thimble.tflite import BuiltinOperator

    used = {op.code for n in NETWORKS.values() for op in n.operators}
    assert used == set(BuiltinOperator)


@pytest.mark.parametrize("name", NETWORKS)
def test_model_and_inputs_are_the_same_bytes(name: str, tmp_path: Path) -> None:
    network: Network = NETWORKS[name]
    model = (MODELS / name / "model.tflite").read_bytes()
    assert network.to_bytes() == model
    assert len(model) <= generate.MAX_MODEL_BYTES
    first = generate.inputs_of(network)[0]
    np.save(tmp_path / "input.npy", first)
    assert (tmp_path / "input.npy").read_bytes() == (
        MODELS / name / "input.npy"
    ).read_bytes()


@needs_oracle
@pytest.mark.parametrize("name", NETWORKS)
def test_expected_outputs_are_the_oracle_s(name: str) -> None:
    built = next(n for n in generate.all_networks() if n.name == name)
    for file, content in generate.files(built).items():
        if not file.startswith("expected"):
            continue
        committed = np.load(MODELS / name / file)
        assert committed.dtype == np.asarray(content).dtype
        if committed.dtype == np.float32:
            np.testing.assert_allclose(committed, np.asarray(content), rtol=1e-6, atol=1e-7)
        else:
            np.testing.assert_array_equal(committed, content)


def test_chain_has_as_many_layers_as_asked() -> None:
    short, long = generate.chain(10), generate.chain(40)
    assert 3.5 < len(long) / len(short) < 4.5
