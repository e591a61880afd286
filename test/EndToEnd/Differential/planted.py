# planted.py - Random int8 networks with channels that need not be there
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Networks in which channels are constant or not read, by construction.

Weights of whole output channels, of whole input channels and of the rim of
windows are zero; biases reach the ends of int32 and pin channels to the ends of
a clamp; residual sums and joins put such channels next to live ones.
"""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

import numpy as np

from thimble.tflite import Quantization, Tensor

import elementwise as ew
import rearranging as ra
import windowed as wi
from sampler import MAX_ELEMENTS, NotApplicable, Sampler, spread_of

#: Biases that decide a channel whatever it reads, and those that may overflow.
_PINS = (-(2**31), 2**31 - 1, -(10**7), 10**7, -(10**5), 10**5, 0, 0)


class PlantedSampler(Sampler):
    """Draws weights with zeros in whole channels and biases that pin."""

    def weights(
        self, name: str, shape: Sequence[int], axis: int, x: Tensor
    ) -> Tensor:
        tensor = super().weights(name, shape, axis, x)
        values = tensor.data
        assert values is not None
        outputs = np.moveaxis(values, axis, 0)
        share = self.choice((0.0, 0.3, 0.6, 0.9, 1.0))
        outputs[self.rng.random(shape[axis]) < share] = 0
        if axis == 0 and self.chance(0.7):
            share = self.choice((0.2, 0.5, 0.8, 1.0))
            values[..., self.rng.random(shape[-1]) < share] = 0
        if len(shape) == 4 and min(shape[1:3]) > 1 and self.chance(0.3):
            # Nothing but the middle: taps on padding have no weight.
            middle = values[:, 1:-1, 1:-1].copy()
            values[...] = 0
            values[:, 1:-1, 1:-1] = middle
        return tensor

    def bias(
        self, name: str, count: int, x: Tensor, weights: Tensor
    ) -> Optional[Tensor]:
        tensor = super().bias(name, count, x, weights)
        if tensor is not None and self.chance(0.6):
            assert tensor.data is not None
            pinned = self.rng.random(count) < self.choice((0.2, 0.5, 0.9))
            pins = self.rng.choice(_PINS, size=count).astype(np.int32)
            tensor.data[pinned] = pins[pinned]
        return tensor

    def zero_point(self) -> int:
        # The end of the range is what a ReLU leaves of most networks.
        return -128 if self.chance(0.3) else super().zero_point()

    def activation(self) -> str:
        return "RELU" if self.chance(0.4) else super().activation()


def _pointwise(
    s: Sampler, x: Tensor, channels: int, out: Optional[Quantization] = None
) -> Tensor:
    """A 1x1 convolution with so many outputs."""
    n = len(s.graph.operators)
    weights = s.weights(f"weights_{n}", (channels, 1, 1, x.shape[3]), 0, x)
    bias = s.bias(f"bias_{n}", channels, x, weights)
    activation = s.activation()
    assert weights.quantization is not None
    spread = spread_of(x) * 74.0 * float(weights.quantization.scales[0])
    out = out or s.output_quantization(x, spread, activation)
    return s.graph.conv_2d(x, weights, bias, out, activation=activation)


def residual(s: Sampler, x: Tensor) -> Tensor:
    """The sum (or difference, or product) of two branches, or of one and x."""
    channels = x.shape[3]
    a = _pointwise(s, x, channels)
    b = x if s.chance(0.5) else _pointwise(s, x, channels)
    if s.chance(0.3):
        a = wi.max_pool_2d(s, a) if a.shape == x.shape else a
    if a.shape != b.shape:
        raise NotApplicable("another shape")
    spread = spread_of(a) + spread_of(b)
    activation = s.activation()
    out = s.output_quantization(x, spread, activation)
    join: Callable[..., Tensor] = s.choice(
        (s.graph.add, s.graph.add, s.graph.sub, s.graph.mul)
    )
    return join(*((a, b) if s.chance(0.5) else (b, a)), out, activation)


def join(s: Sampler, x: Tensor) -> Tensor:
    """Branches side by side, along the channels or another dimension."""
    axis = 3 if s.chance(0.7) else s.integer(0, 2)
    parts = [x] if s.chance(0.4) else []
    out = x.quantization
    while len(parts) < 2 or s.chance(0.3):
        channels = x.shape[3] if axis != 3 else s.choice((1, 2, 3, 5, 8))
        parts.append(_pointwise(s, x, channels, out))
    if sum(int(np.prod(p.shape)) for p in parts) > MAX_ELEMENTS:
        raise NotApplicable("too large")
    order = s.rng.permutation(len(parts))
    return s.graph.concatenation([parts[i] for i in order], axis)


def channel_slice(s: Sampler, x: Tensor) -> Tensor:
    """Some consecutive channels."""
    if x.shape[3] < 2:
        raise NotApplicable("one channel")
    first = s.integer(0, x.shape[3] - 2)
    last = s.integer(first + 1, x.shape[3])
    return s.graph.strided_slice(
        x, [0, 0, 0, first], [*x.shape[:3], last], [1, 1, 1, 1], 0, 0, 0
    )


def scale_by_constant(s: Sampler, x: Tensor) -> Tensor:
    """A constant a channel is added or multiplied."""
    y = s.constant_like(x, (x.shape[3],))
    activation = s.activation()
    add = s.chance(0.5)
    spread = spread_of(x) + spread_of(y) if add else spread_of(x) * spread_of(y)
    out = s.output_quantization(x, spread, activation)
    return (s.graph.add if add else s.graph.mul)(x, y, out, activation)


def flat(s: Sampler, x: Tensor) -> Tensor:
    """A vector, and what follows from it."""
    y = s.graph.reshape(x, (x.shape[0], int(np.prod(x.shape[1:]))))
    return wi.fully_connected(s, y)


#: Blocks that follow an image; those that are drawn more often stand twice.
_BLOCKS: List[Callable[..., Any]] = [
    wi.conv_2d, wi.conv_2d, wi.conv_2d, wi.depthwise_conv_2d,
    wi.depthwise_conv_2d, residual, residual, join, join, channel_slice,
    scale_by_constant, wi.average_pool_2d, wi.max_pool_2d, ew.relu, ew.relu6,
    ew.leaky_relu, ew.tanh, ew.quantize, ra.pad,
]  # fmt: skip
_ENDS: List[Callable[..., Any]] = [
    flat, wi.fully_connected, wi.mean, ra.transpose, ra.reshape, wi.conv_2d,
]  # fmt: skip


def network(s: PlantedSampler) -> List[Tensor]:
    """Fills the graph; gives its tensors, the input first."""
    live = [s.input(s.image_shape())]
    length = s.integer(2, 6)
    for _ in range(40):
        if len(live) > length:
            break
        x = live[-1] if s.chance(0.85) else s.choice(live)
        _follow(s, s.choice(_BLOCKS), x, live)
    for _ in range(10):
        if _follow(s, s.choice(_ENDS), live[-1], live):
            break
    if len(live) < 3:
        raise NotApplicable("nothing fits")
    return live


def _follow(
    s: Sampler, block: Callable[..., Tensor], x: Tensor, live: List[Tensor]
) -> bool:
    """Puts a block behind x; leaves the graph as it was if it cannot."""
    graph = s.graph
    before = (len(graph.tensors), len(graph.operators), len(graph.inputs))
    try:
        if len(x.shape) != 4:
            raise NotApplicable("needs NHWC")
        live.append(block(s, x))
    except (NotApplicable, ValueError):
        del graph.tensors[before[0] :]
        del graph.operators[before[1] :]
        del graph.inputs[before[2] :]
        return False
    return True
