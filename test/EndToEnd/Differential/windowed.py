# windowed.py - Random convolutions, pools and matrix products
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operators with windows or weights, each put behind a given tensor."""

from __future__ import annotations

from typing import Optional, Tuple

import numpy as np

from thimble.tflite import Quantization, Tensor

from sampler import (
    INT8_DEVIATION,
    MAX_MACS,
    MAX_ELEMENTS,
    NotApplicable,
    Sampler,
    fineness,
)

Pair = Tuple[int, int]


def _require_image(x: Tensor) -> None:
    if len(x.shape) != 4:
        raise NotApplicable("needs NHWC")


def _window(s: Sampler, x: Tensor) -> Tuple[str, Pair, Pair, Pair]:
    """Padding, window, strides, dilation that fit over x."""
    padding = s.choice(("SAME", "VALID"))
    sizes = (1, 1, 2, 3, 3, 3, 4, 5, 7)
    window = (s.choice(sizes), s.choice(sizes))
    if s.chance(0.3):
        window = (window[0], window[0])
    dilation = (1, 1)
    if s.chance(0.25):
        dilation = (s.choice((1, 2, 3)), s.choice((1, 2, 3)))
    strides = (s.choice((1, 1, 2, 3)), s.choice((1, 1, 2, 3)))
    if padding == "VALID":
        window = (min(window[0], x.shape[1]), min(window[1], x.shape[2]))
        dilation = tuple(  # type: ignore[assignment]
            1 if (w - 1) * d + 1 > size else d
            for w, d, size in zip(window, dilation, x.shape[1:3])
        )
    return padding, window, strides, dilation


def _spread(x: Tensor, weights: Tensor, taps: int) -> float:
    """About how far sums of ``taps`` products lie from 0, as real numbers."""
    if x.is_float:
        return 1.0
    assert weights.quantization is not None and weights.data is not None
    values = weights.data.astype(np.float64)
    deviation = INT8_DEVIATION * fineness(x)
    noise = deviation * float(np.sqrt(taps * np.mean(values**2)))
    offset = taps * float(np.mean(values)) * x.zero_point
    scale = x.scale * float(np.median(weights.quantization.scales))
    return scale * max(1.0, float(np.hypot(noise, offset)))


def _result(
    s: Sampler, x: Tensor, weights: Tensor, taps: int, activation: str
) -> Optional[Quantization]:
    """The quantization of sums of ``taps`` products."""
    out = s.output_quantization(x, _spread(x, weights, taps), activation)
    if out and x.is_int16:
        assert weights.quantization is not None
        largest = x.scale * max(weights.quantization.scales) / out.scale
        # The reference asserts it.
        if largest >= 128:
            raise NotApplicable("a multiplier above 2^7")
    return out


def _check_size(shape: Tuple[int, ...], taps: int) -> None:
    elements = int(np.prod(shape))
    if elements > MAX_ELEMENTS or elements * taps > MAX_MACS:
        raise NotApplicable("too large")


def conv_2d(s: Sampler, x: Tensor) -> Tensor:
    _require_image(x)
    padding, window, strides, dilation = _window(s, x)
    outputs = s.channels()
    taps = window[0] * window[1] * x.shape[3]
    rows = -(-x.shape[1] // strides[0]) * -(-x.shape[2] // strides[1])
    _check_size((x.shape[0], rows, outputs), taps)
    n = len(s.graph.operators)
    weights = s.weights(f"weights_{n}", (outputs, *window, x.shape[3]), 0, x)
    bias = s.bias(f"bias_{n}", outputs, x, weights)
    activation = s.activation()
    return s.graph.conv_2d(
        x,
        weights,
        bias,
        _result(s, x, weights, taps, activation),
        padding,
        strides,
        dilation,
        activation,
    )


def depthwise_conv_2d(s: Sampler, x: Tensor) -> Tensor:
    _require_image(x)
    padding, window, strides, dilation = _window(s, x)
    outputs = x.shape[3] * s.choice((1, 1, 1, 2, 3, 4))
    taps = window[0] * window[1]
    rows = -(-x.shape[1] // strides[0]) * -(-x.shape[2] // strides[1])
    _check_size((x.shape[0], rows, outputs), taps)
    n = len(s.graph.operators)
    weights = s.weights(f"weights_{n}", (1, *window, outputs), 3, x)
    bias = s.bias(f"bias_{n}", outputs, x, weights)
    activation = s.activation()
    return s.graph.depthwise_conv_2d(
        x,
        weights,
        bias,
        _result(s, x, weights, taps, activation),
        padding,
        strides,
        dilation,
        activation,
    )


def fully_connected(s: Sampler, x: Tensor) -> Tensor:
    if len(x.shape) < 2:
        raise NotApplicable("needs rows")
    depth = x.shape[-1]
    keep = s.chance(0.3)
    if not keep and s.chance(0.4):
        # Flattens: a row may be the whole image.
        depth = int(np.prod(x.shape[1:]))
    units = s.channels()
    _check_size((int(np.prod(x.shape)) // depth, units), depth)
    n = len(s.graph.operators)
    weights = s.weights(f"weights_{n}", (units, depth), 0, x)
    bias = s.bias(f"bias_{n}", units, x, weights)
    activation = s.activation()
    return s.graph.fully_connected(
        x,
        weights,
        bias,
        _result(s, x, weights, depth, activation),
        activation,
        keep_num_dims=keep,
    )


def average_pool_2d(s: Sampler, x: Tensor) -> Tensor:
    _require_image(x)
    padding, window, strides, _ = _window(s, x)
    if s.chance(0.2):
        padding, window = "VALID", (x.shape[1], x.shape[2])
    return s.graph.average_pool_2d(
        x, window, strides, padding, s.activation()
    )


def max_pool_2d(s: Sampler, x: Tensor) -> Tensor:
    _require_image(x)
    padding, window, strides, _ = _window(s, x)
    return s.graph.max_pool_2d(
        x, window, strides, padding, s.activation()
    )


def mean(s: Sampler, x: Tensor) -> Tensor:
    rank = len(x.shape)
    axes = sorted(
        int(a) for a in s.rng.permutation(rank)[: s.integer(1, rank)]
    )
    if rank == 4 and s.chance(0.5):
        axes = [1, 2]
    if s.chance(0.2):
        axes = [a - rank for a in axes]
    keep = s.chance(0.5)
    if len(axes) == rank and not keep:
        raise NotApplicable("gives a scalar")
    out = x.quantization
    if not x.is_float and s.chance(0.5):
        out = Quantization.per_tensor(
            x.scale * s.log_uniform(0.1, 2), s.zero_point()
        )
    return s.graph.mean(x, axes, keep, out)
