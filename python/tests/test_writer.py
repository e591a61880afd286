# test_writer.py - Files that the package writes
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files are read back by the reference's own schema, and run by it."""

from __future__ import annotations

import numpy as np
import pytest

from thimble.testing.oracle import Oracle, OracleError, run_isolated
from thimble.tflite import GraphBuilder, Quantization, same_padding_before
from thimble.tflite.reader import count_outputs
from conftest import needs_oracle

pytest.importorskip("flatbuffers")


def small_graph() -> GraphBuilder:
    g = GraphBuilder("net")
    x = g.input("image", (1, 5, 4, 2), "int8", Quantization.per_tensor(0.5, -3))
    values = np.arange(36, dtype=np.int8).reshape(2, 3, 3, 2)
    w = g.weights("weights", values, scales=[0.25, 0.125], axis=0)
    y = g.conv_2d(
        x,
        w,
        g.bias("bias", [7, -7], x, w),
        Quantization.per_tensor(8.0, 1),
        padding="VALID",
        strides=(2, 1),
        activation="RELU",
        name="features",
    )
    g.output(g.reshape(y, (1, -1)), y)
    return g


def test_same_graph_same_bytes() -> None:
    assert small_graph().to_bytes() == small_graph().to_bytes()


def test_buffers_are_aligned() -> None:
    data = small_graph().to_bytes()
    weights = np.arange(36, dtype=np.int8).tobytes()
    assert data.index(weights) % 16 == 0
    assert data[4:8] == b"TFL3"


def test_outputs_are_counted_without_flatbuffers() -> None:
    assert count_outputs(small_graph().to_bytes()) == 2
    assert count_outputs(b"") == 1
    assert count_outputs(bytes(64)) == 1
    data = small_graph().to_bytes()
    for length in range(0, len(data), 37):
        assert count_outputs(data[:length]) >= 1


def test_unknown_option_is_refused() -> None:
    g = small_graph()
    g.operators[0].options["colour"] = 1
    with pytest.raises(ValueError, match="colour"):
        g.to_bytes()


def test_window_that_does_not_fit_is_refused() -> None:
    g = GraphBuilder()
    x = g.input("x", (1, 2, 2, 1), "float32")
    with pytest.raises(ValueError, match="does not fit"):
        g.max_pool_2d(x, 3)


@pytest.mark.parametrize(
    "size, window, stride, before", [(5, 3, 2, 1), (6, 3, 2, 0), (7, 4, 1, 1)]
)
def test_padding_before(size: int, window: int, stride: int, before: int) -> None:
    assert same_padding_before(size, window, stride) == before


@needs_oracle
def test_reference_reads_what_was_written() -> None:
    from tflite_micro.tensorflow.lite.micro.python import (
        schema_py_generated as schema,
    )

    model = schema.ModelT.InitFromObj(
        schema.Model.GetRootAsModel(small_graph().to_bytes(), 0)
    )
    graph = model.subgraphs[0]
    conv = graph.operators[0].builtinOptions
    assert (conv.strideH, conv.strideW) == (2, 1)
    assert conv.padding == schema.Padding.VALID
    assert conv.fusedActivationFunction == schema.ActivationFunctionType.RELU
    assert [t.name for t in graph.tensors[:3]] == [b"image", b"weights", b"bias"]
    weights = graph.tensors[1].quantization
    assert weights.scale.tolist() == [0.25, 0.125]
    assert weights.zeroPoint.tolist() == [0, 0]
    bias = graph.tensors[2].quantization
    assert bias.scale.tolist() == [0.125, 0.0625]
    assert model.version == 3 and len(model.buffers[0].data or b"") == 0


@needs_oracle
def test_reference_computes_a_convolution() -> None:
    graph = small_graph()
    rng = np.random.default_rng(3)
    x = rng.integers(-128, 128, (1, 5, 4, 2)).astype(np.int8)
    tensors = Oracle(graph.to_bytes()).run([x])
    weights, bias = graph.tensors[1].data, graph.tensors[2].data
    assert weights is not None and bias is not None
    real = np.zeros((2, 2, 2))
    for i in range(2):
        for j in range(2):
            patch = x[0, 2 * i : 2 * i + 3, j : j + 3].astype(int) + 3
            sums = (weights.astype(int) * patch).sum((1, 2, 3)) + bias
            real[i, j] = sums * 0.5 * np.array([0.25, 0.125])
    expected = np.clip(np.round(real / 8.0) + 1, 1, 127)
    found = tensors[graph.outputs[1]].reshape(2, 2, 2)
    assert np.abs(found - expected).max() <= 1
    assert (found == tensors[graph.outputs[0]].reshape(2, 2, 2)).all()
    assert len(np.unique(found)) > 2


@needs_oracle
def test_refusals_are_errors() -> None:
    g = GraphBuilder()
    x = g.input("x", (2, 3), "int8", Quantization.per_tensor(0.5, 0))
    y = g.input("y", (2, 3), "int8", Quantization.per_tensor(0.25, 0))
    g.output(g.concatenation([x, y], 1))
    array = np.zeros((2, 3), np.int8)
    with pytest.raises(OracleError):
        run_isolated(g.to_bytes(), [array, array])
    with pytest.raises(OracleError):
        run_isolated(b"no model", [array])
