# layers.py - Layers with drawn weights and fitting scales
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One way to describe a small network that gives an int8, an int16 (with int8
weights) and a float model.

Weights come from numpy's legacy generator, whose numbers never change between
versions, so that a network's file is the same wherever it is generated. Output
scales are set from the spread that random operands lead to: results use the
range and touch its ends.
"""

from __future__ import annotations

import zlib
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np

from thimble.tflite import GraphBuilder, Quantization, Tensor

Size = Tuple[int, ...]

# Standard deviation of int8 values drawn uniformly.
_DEVIATION = 74.0


class Network(GraphBuilder):
    """A graph of one kind, int8, int16 or float32."""

    def __init__(self, name: str, dtype: str) -> None:
        super().__init__(name)
        self.dtype = dtype
        self.is_float = dtype == "float32"
        #: Steps of an activation in one of int8.
        self.fineness = 256 if dtype == "int16" else 1
        self.random = np.random.RandomState(zlib.crc32(name.encode()))

    # Operands.

    def activation(self, scale: float, zero_point: int) -> Optional[Quantization]:
        """The quantization of a tensor; none in a float network."""
        if self.is_float:
            return None
        if self.fineness > 1:
            zero_point = 0
        return Quantization.per_tensor(scale / self.fineness, zero_point)

    def source(
        self,
        shape: Sequence[int],
        scale: float = 0.05,
        zero_point: int = -3,
        name: Optional[str] = None,
    ) -> Tensor:
        """An input of the network."""
        name = name or f"input_{len(self.inputs)}"
        quantization = self.activation(scale, zero_point)
        return self.input(name, shape, self.dtype, quantization)

    def stored(self, shape: Sequence[int], low: int = -127) -> np.ndarray:
        return self.random.randint(low, 128, size=tuple(shape)).astype(np.int8)

    def stored_activations(self, shape: Sequence[int]) -> np.ndarray:
        """Numbers of the whole range."""
        if self.fineness == 1:
            return self.stored(shape, -128)
        values = self.random.randint(-32768, 32768, size=tuple(shape))
        return values.astype(np.int16)

    def operand(
        self, shape: Sequence[int], scale: float = 0.04, zero_point: int = 5
    ) -> Tensor:
        """A constant operand of an element-wise operator."""
        name = f"constant_{len(self.tensors)}"
        values = self.stored(shape)
        if self.is_float:
            real = (values.astype(np.float32) - zero_point) * np.float32(scale)
            return self.constant(name, real)
        if self.fineness > 1:
            values = self.stored_activations(shape)
        return self.constant(name, values, self.activation(scale, zero_point))

    def _weights(
        self,
        shape: Sequence[int],
        axis: int,
        taps: int,
        per_axis: bool = True,
        gain: float = 1.0,
    ) -> Tensor:
        """Weights that spread values ``gain`` times as far as before."""
        name = f"weights_{len(self.operators)}"
        values = self.stored(shape)
        gain /= _DEVIATION * float(np.sqrt(taps))
        if self.is_float:
            real = values.astype(np.float32) * np.float32(gain)
            return self.weights(name, real)
        count = shape[axis] if per_axis else 1
        scales = [gain * (0.7 + 0.15 * (i % 5)) for i in range(count)]
        return self.weights(name, values, scales, axis)

    def _bias(self, count: int, x: Tensor, weights: Tensor) -> Tensor:
        """A bias of up to a fifth of what the products' sums spread."""
        name = f"bias_{len(self.operators)}"
        values = self.random.randint(-1000, 1001, size=count) / 1000.0
        if self.is_float:
            return self.bias(name, values.astype(np.float32) / 4, x, weights)
        taps = weights.shape[1:] if weights.shape[0] > 1 else weights.shape[:3]
        reach = 0.2 * _DEVIATION**2 * float(np.sqrt(np.prod(taps)))
        reach *= self.fineness
        return self.bias(name, np.round(values * reach), x, weights)

    def _result(self, x: Tensor, zero_point: int) -> Optional[Quantization]:
        if self.is_float:
            return None
        zero_point = 0 if self.fineness > 1 else zero_point
        return Quantization.per_tensor(x.scale, zero_point)

    # Layers.

    def conv(
        self,
        x: Tensor,
        channels: int,
        window: Any = 3,
        zero_point: int = 4,
        per_axis: bool = True,
        **options: Any,
    ) -> Tensor:
        height, width = (window, window) if isinstance(window, int) else window
        shape = (channels, height, width, x.shape[3])
        taps = height * width * x.shape[3]
        weights = self._weights(shape, 0, taps, per_axis)
        out = self._result(x, zero_point)
        bias = self._bias(channels, x, weights)
        return self.conv_2d(x, weights, bias, out, **options)

    def depthwise(
        self,
        x: Tensor,
        window: Any = 3,
        multiplier: int = 1,
        zero_point: int = -6,
        **options: Any,
    ) -> Tensor:
        height, width = (window, window) if isinstance(window, int) else window
        channels = x.shape[3] * multiplier
        shape = (1, height, width, channels)
        weights = self._weights(shape, 3, height * width)
        out = self._result(x, zero_point)
        bias = self._bias(channels, x, weights)
        return self.depthwise_conv_2d(x, weights, bias, out, **options)

    def dense(
        self,
        x: Tensor,
        units: int,
        zero_point: int = 2,
        gain: float = 1.0,
        **options: Any,
    ) -> Tensor:
        depth = x.shape[-1]
        weights = self._weights((units, depth), 0, depth, False, gain)
        out = self._result(x, zero_point)
        bias = self._bias(units, x, weights)
        return self.fully_connected(x, weights, bias, out, **options)

    # Values to run the network on.

    def vectors(self, tensor: Tensor, count: int) -> np.ndarray:
        """``count`` vectors for an input: the two ends, then drawn ones."""
        arrays: List[np.ndarray] = []
        for i in range(count):
            values = self.stored_activations(tensor.shape)
            if i < 2:
                range_of = np.iinfo(values.dtype)
                end = range_of.max if i else range_of.min
                values = np.full(tensor.shape, end, values.dtype)
            if self.is_float:
                arrays.append(values.astype(np.float32) * np.float32(0.03125))
            else:
                arrays.append(values)
        return np.stack(arrays)
