# test_differential.py - The differential test finds what it should
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A differential test that never fails proves nothing: here it must."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conftest import needs_oracle, needs_tools

pytest.importorskip("flatbuffers")

import comparison  # noqa: E402
import differential  # noqa: E402
import graphs  # noqa: E402
from sampler import NotApplicable  # noqa: E402
from thimble.tflite import GraphBuilder, Quantization  # noqa: E402


def chain() -> GraphBuilder:
    """int8: relu, tanh, dequantize; then a float logistic and a quantize."""
    g = GraphBuilder()
    x = g.input("x", (2, 3), "int8", Quantization.per_tensor(0.05, 0))
    y = g.dequantize(g.tanh(g.relu(x)))
    g.output(g.quantize(g.logistic(y), Quantization.per_tensor(0.01, 0)))
    return g


def results() -> "dict[int, np.ndarray]":
    small = np.array([[1, 2, 3], [4, 5, 6]])
    kinds = (np.int8, np.int8, np.float32, np.float32, np.int8)
    return {i + 1: small.astype(kind) for i, kind in enumerate(kinds)}


def test_seed_decides_the_graph() -> None:
    for seed in (1, 2, 77):
        a, b = graphs.draw(seed), graphs.draw(seed)
        assert a.model == b.model
        for x, y in zip(a.inputs, b.inputs):
            np.testing.assert_array_equal(x, y)
    assert graphs.draw(1).model != graphs.draw(2).model


def test_planted_networks_have_constant_channels() -> None:
    constant = 0
    for seed in range(20):
        case = graphs.draw_planted(seed)
        assert case.model == graphs.draw_planted(seed).model
        for op in case.graph.operators:
            if op.code.name == "CONV_2D":
                data = case.graph.tensors[op.inputs[1]].data
                assert data is not None
                constant += int((data.reshape(len(data), -1) == 0).all(1).sum())
    assert constant > 20


@pytest.mark.parametrize("name", graphs.ALL_OPERATORS)
def test_each_operator_can_be_drawn(name: str) -> None:
    for seed in range(3):
        codes = {op.code.name for op in graphs.draw(seed, [name]).graph.operators}
        assert codes & {name, "RESHAPE"} if name == "FLATTEN" else codes == {name}


def test_int16_graphs_have_int16_activations() -> None:
    kinds = set()
    for seed in range(40):
        case = graphs.draw(seed, int16=True)
        assert case.model == graphs.draw(seed, int16=True).model
        kinds |= {x.dtype.name for x in case.inputs}
        for op in case.graph.operators:
            operands = [case.graph.tensors[i] for i in op.inputs if i >= 0]
            weighted = op.code.name in ("CONV_2D", "FULLY_CONNECTED")
            if weighted and operands[0].is_int16:
                kinds |= {
                    f"{role} {tensor.data.dtype}"
                    for role, tensor in zip(("weights", "bias"), operands[1:])
                    if tensor.data is not None
                }
    assert kinds == {"int16", "weights int8", "bias int64", "bias int32"}
    with pytest.raises(NotApplicable):
        graphs.draw(1, ["HARD_SWISH"], int16=True)


def test_same_results_do_not_differ() -> None:
    assert comparison.first_difference(chain(), results(), results()) is None
    assert comparison.identical(chain(), results(), results()) is None


def test_first_operator_is_named_with_its_element() -> None:
    found = results()
    found[2][1, 0] = 9
    found[3][0, 0] = 9
    difference = comparison.first_difference(chain(), found, results())
    assert difference is not None
    assert (difference.operator, difference.code) == (1, "TANH")
    assert str(difference) == (
        "op 1 TANH ('tanh_1'): element [1, 0] is 9, expected 4 "
        "(1 of 6 elements differ)"
    )


def test_missing_and_misshapen_results_differ() -> None:
    found = results()
    del found[2]
    difference = comparison.first_difference(chain(), found, results())
    assert difference is not None and difference.found == "none"
    found = results()
    found[1] = found[1][:1]
    difference = comparison.first_difference(chain(), found, results())
    assert difference is not None and difference.found == "int8[1, 3]"


def test_floats_have_a_tolerance_and_their_integers_none() -> None:
    found = results()
    found[3] = found[3] * np.float32(1 + 1e-5)
    found[4] = found[4] * np.float32(1 + 1e-5)
    found[5][0, 0] = 2  # computed from an inexact float: not comparable
    assert comparison.first_difference(chain(), found, results()) is None
    assert comparison.identical(chain(), found, results()) is not None
    found[3] = found[3] * np.float32(1 + 1e-4)
    difference = comparison.first_difference(chain(), found, results())
    assert difference is not None and difference.code == "DEQUANTIZE"
    exact = results()
    exact[5][0, 0] = 2
    difference = comparison.first_difference(chain(), exact, results())
    assert difference is not None and difference.code == "QUANTIZE"


def test_not_a_number_differs() -> None:
    found = results()
    found[3][0, 0] = np.nan
    difference = comparison.first_difference(chain(), found, results())
    assert difference is not None and difference.code == "DEQUANTIZE"


def test_folded_shapes_may_be_missing() -> None:
    graph = graphs.draw(0, ["FLATTEN"]).graph
    folded = comparison.foldable(graph)
    codes = {graph.operators[i].code.name for i in folded}
    assert codes == {"SHAPE", "STRIDED_SLICE", "PACK"}


@needs_oracle
def test_passes_where_nothing_differs(
    stand_ins: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert differential.main(["--count=4", "--cpus=cortex-m4"]) == 0
    assert "4 passed, 0 failed, 0 skipped" in capsys.readouterr().out


@needs_oracle
@pytest.mark.parametrize("core", ["host", "cortex-m4"])
def test_fault_is_found_and_kept(
    core: str,
    stand_ins: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("THIMBLE_FAULT", f"{core}:relu6_0")
    seed = next(
        s
        for s in range(100)
        if [op.code.name for op in graphs.draw(s, ["RELU6"]).graph.operators]
        == ["RELU6"]
        and not graphs.draw(s, ["RELU6"]).graph.tensors[0].is_float
    )
    arguments = [f"--seed={seed}", "--count=1", "--ops=RELU6"]
    arguments += ["--cpus=cortex-m4", f"--keep={tmp_path}", "--jobs=1"]
    assert differential.main(arguments) == 1
    said = capsys.readouterr().out
    assert "op 0 RELU6" in said and f"seed {seed}: failed" in said
    kept = tmp_path / f"seed-{seed}"
    assert (kept / "model.tflite").is_file()
    assert (kept / "tensor_relu6_0.npy").is_file()


@needs_oracle
@needs_tools
def test_real_tools() -> None:
    assert differential.main(["--count=20"]) == 0
    assert differential.main(["--planted", "--count=10"]) == 0
