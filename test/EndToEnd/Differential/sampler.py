# sampler.py - Draws numbers that find mistakes
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random shapes, scales, zero points and constants.

Uniform draws rarely hit what goes wrong, so extremes have a share of their own:
zero points at the ends of the range, weights that are all -128, multipliers
above 1 (a left shift) and so small that everything rounds to zero, sizes of 1
and sizes just off a multiple of 4.
"""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

import numpy as np

from thimble.tflite import GraphBuilder, Quantization, Tensor, TensorType

#: Fused activations with how often they are drawn, and the largest value that
#: each lets pass.
ACTIVATIONS = {"NONE": 0.5, "RELU": 0.25, "RELU6": 0.15, "RELU_N1_TO_1": 0.1}
CEILINGS = {"RELU6": 6.0, "RELU_N1_TO_1": 1.0}

#: Standard deviation of stored int8 values that are drawn uniformly.
INT8_DEVIATION = 74.0


def fineness(x: Tensor) -> int:
    """Steps of a tensor's numbers in one of int8."""
    return 256 if x.is_int16 else 1

# Bounds that keep one graph cheap on an emulated core.
MAX_ELEMENTS = 4096
MAX_MACS = 150_000


class NotApplicable(Exception):
    """The operator cannot follow this tensor."""


class Sampler:
    """A random source, and the graph that it fills."""

    def __init__(self, rng: np.random.Generator, is_float: bool) -> None:
        self.rng = rng
        self.is_float = is_float
        self.graph = GraphBuilder("main")

    # Plain draws.

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def choice(self, values: Sequence[Any]) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def integer(self, low: int, high: int) -> int:
        """From low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def log_uniform(self, low: float, high: float) -> float:
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    # Shapes.

    def extent(self) -> int:
        """A height or width."""
        if self.chance(0.05):
            return int(self.choice((16, 20, 25, 49)))
        return int(self.choice((1, 2, 3, 4, 5, 5, 6, 7, 8, 9, 11, 13)))

    def channels(self) -> int:
        if self.chance(0.05):
            return int(self.choice((32, 40, 63, 64)))
        return int(
            self.choice((1, 2, 3, 4, 4, 5, 7, 8, 8, 9, 12, 16, 17, 24, 33))
        )

    def image_shape(self) -> Tuple[int, ...]:
        batch = self.choice((1, 1, 1, 1, 2, 3))
        height, width = self.extent(), self.extent()
        if self.chance(0.2):
            height = 1
        channels = self.channels()
        while batch * height * width * channels > MAX_ELEMENTS:
            channels = max(1, channels // 2)
            height = max(1, height - 1)
        return (batch, height, width, channels)

    def any_shape(self, max_rank: int = 4, min_rank: int = 1) -> Tuple[int, ...]:
        rank = self.integer(min_rank, max_rank)
        if rank == 4:
            return self.image_shape()
        shape = [self.extent() for _ in range(rank - 1)] + [self.channels()]
        if rank > 1 and self.chance(0.5):
            shape[0] = 1
        return tuple(shape)

    # Quantization.

    def zero_point(self) -> int:
        if self.chance(0.25):
            return int(self.choice((-128, 127, 0, -127, -1, 126)))
        return self.integer(-128, 127)

    #: Of the inputs of graphs that are not float.
    stored_type = "int8"

    def activation_quantization(self) -> Quantization:
        return Quantization.per_tensor(
            self.log_uniform(2**-8, 0.5), self.zero_point()
        )

    def activation(self) -> str:
        return str(
            self.rng.choice(list(ACTIVATIONS), p=list(ACTIVATIONS.values()))
        )

    def output_quantization(
        self, x: Tensor, spread: float, activation: str = "NONE"
    ) -> Optional[Quantization]:
        """For results computed from ``x`` that spread about ``spread`` around
        0 before ``activation``, as real numbers."""
        if x.is_float:
            return None
        spread = min(spread, 2 * CEILINGS.get(activation, spread))
        steps = self.log_uniform(8, 100)
        draw = self.rng.random()
        if draw < 0.06:
            steps = self.log_uniform(2**8, 2**14)
        elif draw < 0.09:
            steps = self.log_uniform(2**-30, 1)
        steps *= fineness(x)
        zero_point = self.zero_point()
        if activation != "NONE" and self.chance(0.8):
            zero_point = self.integer(-128, 0)
        if x.is_int16:
            zero_point = 0
        return Quantization.per_tensor(spread / steps, zero_point)

    # Constants.

    def input(
        self, shape: Sequence[int], quantization: Optional[Quantization] = None
    ) -> Tensor:
        name = f"input_{len(self.graph.inputs)}"
        if self.is_float:
            return self.graph.input(name, shape, "float32")
        quantization = quantization or self.activation_quantization()
        return self.graph.input(name, shape, self.stored_type, quantization)

    def int8_array(self, shape: Sequence[int]) -> np.ndarray:
        """int8 values, now and then all at an end of the range."""
        draw = self.rng.random()
        if draw < 0.06:
            values = np.full(shape, self.choice((-128, -127, 127, 0)))
        elif draw < 0.12:
            values = self.rng.choice([-128, 127], size=shape)
        elif draw < 0.2:
            values = self.rng.integers(-2, 3, size=shape)
        else:
            values = self.rng.integers(-127, 128, size=shape)
        return values.astype(np.int8)

    def float_array(self, shape: Sequence[int]) -> np.ndarray:
        scale = 40.0 if self.chance(0.1) else self.log_uniform(0.05, 3.0)
        return (self.rng.standard_normal(shape) * scale).astype(np.float32)

    def weights(
        self, name: str, shape: Sequence[int], axis: int, x: Tensor
    ) -> Tensor:
        """Weights for ``x``, per channel of ``axis`` or per tensor."""
        channels = shape[axis]
        if x.is_float:
            # Sums stay near 1, where the tolerance bounds rounding errors
            # whatever the order of summation.
            taps = int(np.prod(shape)) // channels
            values = self.rng.standard_normal(shape) / np.sqrt(taps)
            return self.graph.weights(name, values.astype(np.float32))
        if self.chance(0.25):
            scales: List[float] = [self.log_uniform(2**-9, 0.1)]
        else:
            base = self.log_uniform(2**-9, 0.1)
            scales = [base * self.log_uniform(0.25, 4) for _ in range(channels)]
            if self.chance(0.1):
                scales[self.integer(0, channels - 1)] *= 2**-24
        return self.graph.weights(name, self.int8_array(shape), scales, axis)

    def bias(
        self, name: str, count: int, x: Tensor, weights: Tensor
    ) -> Optional[Tensor]:
        """A bias, or none at all."""
        if self.chance(0.1):
            return None
        if x.is_float:
            return self.graph.bias(name, self.float_array((count,)), x, weights)
        reach = int(self.choice((0, 100, 5_000, 50_000)))
        values = self.rng.integers(-reach, reach + 1, size=count)
        return self.graph.bias(name, values * fineness(x), x, weights)

    def stored_array(self, shape: Sequence[int], x: Tensor) -> np.ndarray:
        """Numbers of the type of ``x``."""
        return self.float_array(shape) if x.is_float else self.int8_array(shape)

    def constant_like(self, x: Tensor, shape: Sequence[int]) -> Tensor:
        """A constant operand of the kind of ``x``, of another scale."""
        name = f"constant_{len(self.graph.tensors)}"
        values = self.stored_array(shape, x)
        if x.is_float:
            return self.graph.constant(name, values)
        return self.graph.constant(name, values, self.activation_quantization())

    def gives(self, x: Tensor) -> bool:
        """Whether an input of the graph is of the type of ``x``."""
        return x.is_float if self.is_float else x.type == TensorType.INT8

    def requantize(self, x: Tensor, scale: float) -> Tensor:
        """``x`` quantized to about this scale of int8."""
        out = Quantization.per_tensor(scale, self.zero_point())
        return self.graph.quantize(x, out)

    def input_values(self, tensor: Tensor) -> np.ndarray:
        """Values to run the graph on."""
        return self.stored_array(tensor.shape, tensor)


def spread_of(x: Tensor) -> float:
    """About how far the values of a tensor lie from 0, as real numbers."""
    if x.is_float:
        return 1.0
    deviation = INT8_DEVIATION * fineness(x)
    return x.scale * float(np.hypot(deviation, x.zero_point))
