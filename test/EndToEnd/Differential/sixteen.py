# sixteen.py - Draws networks with activations of 16 bits
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""int16 activations of zero point 0, int8 weights, int64 biases (16x8).

Now and then a convolution or product has an int32 bias, whose sums are rounded
in another way, or a tensor is int8 for a while.
"""

from __future__ import annotations

from typing import Optional, Sequence

import numpy as np

from thimble.tflite import Quantization, Tensor, TensorType

from sampler import Sampler


class Int16Sampler(Sampler):
    """A random source of int16 graphs."""

    stored_type = "int16"

    def zero_point(self) -> int:
        return 0

    def activation_quantization(self) -> Quantization:
        return Quantization.per_tensor(self.log_uniform(2**-16, 2**-7), 0)

    def gives(self, x: Tensor) -> bool:
        return x.is_int16

    def int16_array(self, shape: Sequence[int]) -> np.ndarray:
        """int16 values, now and then all at an end of the range."""
        draw = self.rng.random()
        if draw < 0.06:
            values = np.full(shape, self.choice((-32768, -32767, 32767, 0)))
        elif draw < 0.14:
            values = self.rng.choice([-32768, 32767], size=shape)
        elif draw < 0.2:
            values = self.rng.integers(-2, 3, size=shape)
        else:
            values = self.rng.integers(-32768, 32768, size=shape)
        return values.astype(np.int16)

    def stored_array(self, shape: Sequence[int], x: Tensor) -> np.ndarray:
        if x.is_int16:
            return self.int16_array(shape)
        return super().stored_array(shape, x)

    def bias(
        self, name: str, count: int, x: Tensor, weights: Tensor
    ) -> Optional[Tensor]:
        if not x.is_int16:
            return super().bias(name, count, x, weights)
        if self.chance(0.1):
            return None
        # The largest does not fit 32 bits.
        reach = int(self.choice((0, 2**15, 2**20, 2**24, 2**36)))
        values = self.rng.integers(-reach, reach + 1, size=count)
        # The depthwise kernel reads 64 bits, whatever the type.
        is_depthwise = weights.shape[0] == 1 and len(weights.shape) == 4
        narrow = reach < 2**30 and not is_depthwise and self.chance(0.2)
        dtype = np.int32 if narrow else np.int64
        return self.graph.bias(name, values, x, weights, dtype)

    def requantize(self, x: Tensor, scale: float) -> Tensor:
        """To int8, or to int16 and half the time back."""
        if x.is_int16 and self.chance(0.3):
            out = Quantization.per_tensor(scale * 256, super().zero_point())
            return self.graph.quantize(x, out)
        if x.type == TensorType.INT8:
            scale /= 256
        out = Quantization.per_tensor(scale, 0)
        return self.graph.quantize(x, out, dtype="int16")
