# networks.py - The networks of the end-to-end tests
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A network for each operator, and small networks of the usual kinds.

Each function fills a network of either kind; those in ``INT8_ONLY`` and
``FLOAT_ONLY`` make sense in one, those in ``INT16`` with int16, too (operators
that only move elements do the same there). Shapes are small and odd on purpose: strides
that leave a rest, padding that is not symmetric, channels that are no multiple
of four.
"""

from __future__ import annotations

from typing import Callable, Dict

import numpy as np

from thimble.tflite import Quantization

from layers import Network

Build = Callable[[Network], None]


def conv_2d(n: Network) -> None:
    x = n.source((1, 7, 6, 3))
    n.output(n.conv(x, 5, (3, 2), strides=(2, 1), activation="RELU"))


def conv_2d_dilated(n: Network) -> None:
    x = n.source((1, 9, 8, 2))
    n.output(n.conv(x, 4, 3, dilation=(2, 3), activation="RELU6"))


def conv_2d_valid(n: Network) -> None:
    x = n.source((2, 5, 5, 8), zero_point=-128)
    n.output(n.conv(x, 6, 3, padding="VALID", per_axis=False))


def conv_2d_pointwise(n: Network) -> None:
    x = n.source((1, 4, 5, 13), zero_point=127)
    n.output(n.conv(x, 7, 1))


def depthwise_conv_2d(n: Network) -> None:
    x = n.source((1, 8, 7, 6))
    n.output(n.depthwise(x, 3, strides=2, activation="RELU"))


def depthwise_conv_2d_multiplier(n: Network) -> None:
    x = n.source((1, 5, 6, 3), zero_point=11)
    n.output(n.depthwise(x, (2, 4), multiplier=3))


def depthwise_conv_2d_dilated(n: Network) -> None:
    x = n.source((1, 9, 9, 5))
    n.output(n.depthwise(x, 3, dilation=2, padding="VALID"))


def fully_connected(n: Network) -> None:
    n.output(n.dense(n.source((1, 37)), 10, activation="RELU"))


def fully_connected_rows(n: Network) -> None:
    n.output(n.dense(n.source((3, 4, 9)), 6, keep_num_dims=True))


def average_pool_2d(n: Network) -> None:
    x = n.source((1, 7, 5, 4))
    n.output(n.average_pool_2d(x, (3, 2), 2, "SAME"))


def max_pool_2d(n: Network) -> None:
    x = n.source((1, 6, 7, 5))
    n.output(n.max_pool_2d(x, (2, 3), (2, 2), "SAME"))


def add(n: Network) -> None:
    x = n.source((1, 4, 3, 5))
    y = n.source((1, 4, 3, 5), 0.02, 17)
    n.output(n.add(x, y, n.activation(0.06, -1), activation="RELU"))


def add_broadcast(n: Network) -> None:
    x = n.source((1, 4, 3, 5))
    n.output(n.add(n.operand((5,)), x, n.activation(0.07, 3)))


def sub(n: Network) -> None:
    x = n.source((2, 3, 6))
    y = n.source((2, 1, 6), 0.03, -40)
    n.output(n.sub(x, y, n.activation(0.06, 9)))


def mul(n: Network) -> None:
    x = n.source((1, 3, 4, 6))
    y = n.source((1, 1, 1, 6), 0.02, 100)
    n.output(n.mul(x, y, n.activation(0.08, -20)))


def mul_constant(n: Network) -> None:
    x = n.source((1, 3, 4, 6))
    n.output(n.mul(x, n.operand((1, 3, 1, 6)), n.activation(0.1, 0)))


def relu(n: Network) -> None:
    n.output(n.relu(n.source((1, 5, 7)), n.activation(0.03, -128)))


def relu6(n: Network) -> None:
    n.output(n.relu6(n.source((1, 5, 7), 0.07, -30)))


def leaky_relu(n: Network) -> None:
    n.output(n.leaky_relu(n.source((1, 5, 7)), 0.2, n.activation(0.04, -60)))


def hard_swish(n: Network) -> None:
    n.output(n.hard_swish(n.source((1, 5, 7)), n.activation(0.04, -80)))


def logistic(n: Network) -> None:
    n.output(n.logistic(n.source((1, 5, 9), 0.06, 4)))


def tanh(n: Network) -> None:
    n.output(n.tanh(n.source((1, 5, 9), 0.03, 4)))


def softmax(n: Network) -> None:
    n.output(n.softmax(n.source((3, 11), 0.1, 0)))


def reshape(n: Network) -> None:
    n.output(n.reshape(n.source((1, 4, 3, 5)), (2, -1)))


def flatten(n: Network) -> None:
    """SHAPE, STRIDED_SLICE and PACK, which must fold, and a RESHAPE."""
    x = n.source((1, 4, 3, 2))
    batch = n.strided_slice(n.shape(x), [0], [1], [1], shrink_axis_mask=1)
    rest = n.constant("rest", np.asarray(-1, np.int32))
    n.output(n.reshape(x, (1, -1), shape_tensor=n.pack([batch, rest])))


def squeeze(n: Network) -> None:
    n.output(n.squeeze(n.source((1, 4, 1, 5)), (2,)))


def expand_dims(n: Network) -> None:
    n.output(n.expand_dims(n.source((4, 5)), 1))


def pad(n: Network) -> None:
    n.output(n.pad(n.source((1, 3, 4, 2)), [(0, 0), (1, 2), (0, 3), (1, 0)]))


def concatenation(n: Network) -> None:
    x, y = n.source((1, 3, 4, 2)), n.source((1, 3, 4, 3))
    n.output(n.concatenation([x, y, x], 3))


def concatenation_rows(n: Network) -> None:
    n.output(n.concatenation([n.source((2, 3, 4)), n.source((2, 5, 4))], 1))


def mean(n: Network) -> None:
    x = n.source((1, 5, 4, 6))
    n.output(n.mean(x, (1, 2), out=n.activation(0.02, 7)))


def mean_keep_dims(n: Network) -> None:
    n.output(n.mean(n.source((2, 5, 3)), (-1,), keep_dims=True))


def quantize(n: Network) -> None:
    """Float in, int8 out."""
    n.output(n.quantize(n.source((1, 5, 8)), Quantization.per_tensor(0.02, -9)))


def requantize(n: Network) -> None:
    n.output(n.quantize(n.source((1, 5, 8)), Quantization.per_tensor(0.07, 30)))


def dequantize(n: Network) -> None:
    n.output(n.dequantize(n.source((1, 5, 8))))


def strided_slice(n: Network) -> None:
    x = n.source((1, 6, 5, 4))
    n.output(
        n.strided_slice(x, [0, 1, 4, 0], [1, 6, 0, 3], [1, 2, -2, 1], 0, 8)
    )


def transpose(n: Network) -> None:
    n.output(n.transpose(n.source((2, 3, 4, 5)), (0, 3, 1, 2)))


def two_outputs(n: Network) -> None:
    """An output that is also read further on."""
    x = n.conv(n.source((1, 4, 4, 2)), 3, 3)
    n.output(n.relu(x), x)


def conv_chain(n: Network) -> None:
    x = n.source((1, 12, 10, 1), zero_point=-128, name="image")
    x = n.conv(x, 6, 3, strides=2, activation="RELU", zero_point=-128)
    x = n.max_pool_2d(x, 2, 1, "SAME")
    x = n.conv(x, 8, 3, activation="RELU", zero_point=-128)
    x = n.average_pool_2d(x, (6, 5), 1)
    x = n.dense(n.reshape(x, (1, -1)), 4, gain=3.0)
    n.output(n.softmax(x, name="scores"))


def residual(n: Network) -> None:
    x = n.source((1, 8, 8, 3), name="image")
    x = n.conv(x, 4, 3, activation="RELU", zero_point=-128)
    y = n.conv(x, 4, 3, activation="RELU", zero_point=-128)
    y = n.conv(y, 4, 3)
    x = n.add(x, y, n.activation(0.12, -128), activation="RELU")
    y = n.conv(x, 6, 3, strides=2)
    x = n.add(y, n.conv(x, 6, 1, strides=2), n.activation(0.25, 3))
    x = n.mean(x, (1, 2))
    n.output(n.dense(x, 3, gain=6.0, name="scores"))


def depthwise_separable(n: Network) -> None:
    x = n.source((1, 10, 9, 2), zero_point=-128, name="image")
    x = n.conv(x, 5, (4, 3), strides=(2, 1), activation="RELU6")
    for _ in range(2):
        x = n.depthwise(x, 3, activation="RELU", zero_point=-128)
        x = n.conv(x, 7, 1, activation="RELU", zero_point=-128)
    x = n.average_pool_2d(x, (5, 9), 1)
    x = n.dense(n.squeeze(x, (1, 2)), 4, gain=12.0)
    n.output(n.softmax(x, name="scores"))


#: Every network by its name.
NETWORKS: Dict[str, Build] = {
    name: value
    for name, value in list(globals().items())
    if callable(value)
    and getattr(value, "__module__", "") == __name__
    and not name.startswith("_")
}

INT8_ONLY = frozenset({"dequantize", "requantize"})
FLOAT_ONLY = frozenset({"quantize"})
INT16 = frozenset(
    {
        "add",
        "add_broadcast",
        "average_pool_2d",
        "concatenation",
        "conv_2d",
        "conv_2d_dilated",
        "conv_2d_pointwise",
        "conv_2d_valid",
        "conv_chain",
        "depthwise_conv_2d",
        "depthwise_conv_2d_multiplier",
        "depthwise_separable",
        "dequantize",
        "fully_connected",
        "leaky_relu",
        "logistic",
        "max_pool_2d",
        "mean",
        "mul",
        "mul_constant",
        "pad",
        "relu",
        "relu6",
        "requantize",
        "residual",
        "softmax",
        "sub",
        "tanh",
    }
)
