# elementwise.py - Random element-wise operators
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arithmetic, activations and changes of type, each put behind a tensor."""

from __future__ import annotations

from typing import Callable, Optional, Sequence, Tuple

from thimble.tflite import Quantization, Tensor

from sampler import NotApplicable, Sampler, spread_of

Second = Callable[[Sampler, Tensor], Tensor]


def _broadcast_shape(s: Sampler, shape: Sequence[int]) -> Tuple[int, ...]:
    """A shape that broadcasts to or from ``shape``."""
    other = [1 if s.chance(0.4) else d for d in shape]
    if s.chance(0.3):
        other = other[s.integer(0, len(other) - 1) :]
    if s.chance(0.3):
        # The other way round: where x has size 1, this operand may be larger.
        other = [
            s.choice((1, 2, 3)) if d == 1 and shape[i - len(other)] == 1 else d
            for i, d in enumerate(other)
        ]
    return tuple(other)


def second_operand(
    s: Sampler, x: Tensor, others: Sequence[Tensor]
) -> Tuple[Tensor, Tensor]:
    """Two operands, one of which is x."""
    matching = [t for t in others if t.shape == x.shape and t.type == x.type]
    draw = s.rng.random()
    if matching and draw < 0.6:
        y = s.choice(matching)
    elif draw < 0.75:
        shape = x.shape if s.chance(0.4) else _broadcast_shape(s, x.shape)
        y = s.constant_like(x, shape)
    else:
        shape = x.shape if s.chance(0.5) else _broadcast_shape(s, x.shape)
        if not s.gives(x):
            raise NotApplicable("an input of the other kind")
        y = s.input(shape)
    return (y, x) if s.chance(0.3) else (x, y)


def add(s: Sampler, x: Tensor, others: Sequence[Tensor]) -> Tensor:
    a, b = second_operand(s, x, others)
    activation = s.activation()
    spread = spread_of(a) + spread_of(b)
    out = s.output_quantization(x, spread, activation)
    return s.graph.add(a, b, out, activation)


def sub(s: Sampler, x: Tensor, others: Sequence[Tensor]) -> Tensor:
    a, b = second_operand(s, x, others)
    activation = s.activation()
    spread = spread_of(a) + spread_of(b)
    out = s.output_quantization(x, spread, activation)
    return s.graph.sub(a, b, out, activation)


def mul(s: Sampler, x: Tensor, others: Sequence[Tensor]) -> Tensor:
    a, b = second_operand(s, x, others)
    activation = s.activation()
    spread = spread_of(a) * spread_of(b)
    out = s.output_quantization(x, spread, activation)
    return s.graph.mul(a, b, out, activation)


def _activation_out(s: Sampler, x: Tensor) -> Optional[Quantization]:
    """The same quantization as x, or another in which the result is seen."""
    if x.is_float or s.chance(0.3):
        return x.quantization
    return Quantization.per_tensor(x.scale * s.log_uniform(0.2, 3), s.zero_point())


def relu(s: Sampler, x: Tensor) -> Tensor:
    return s.graph.relu(x, _activation_out(s, x))


def relu6(s: Sampler, x: Tensor) -> Tensor:
    return s.graph.relu6(x)


def leaky_relu(s: Sampler, x: Tensor) -> Tensor:
    alpha = s.choice((0.01, 0.1, 0.2, 0.3, 0.5, 1.0, 1.5))
    return s.graph.leaky_relu(x, alpha, _activation_out(s, x))


def hard_swish(s: Sampler, x: Tensor) -> Tensor:
    if x.is_int16:
        raise NotApplicable("the reference has no form for int16")
    return s.graph.hard_swish(x, _activation_out(s, x))


def _require_shift(x: Tensor) -> None:
    # Beyond, the reference shifts a 32-bit number by more than 31 bits, which
    # means nothing; the compiler refuses it.
    highest = 2.6 if x.is_int16 else 16.0
    if not x.is_float and not 2.0**-28 <= x.scale < highest:
        raise NotApplicable("no shift for this input scale")


def logistic(s: Sampler, x: Tensor) -> Tensor:
    _require_shift(x)
    return s.graph.logistic(x)


def tanh(s: Sampler, x: Tensor) -> Tensor:
    _require_shift(x)
    return s.graph.tanh(x)


def softmax(s: Sampler, x: Tensor) -> Tensor:
    beta = s.choice((1.0, 1.0, 0.5, 2.0))
    if x.is_int16 and x.scale * beta > 2.4:
        raise NotApplicable("differences beyond the table")
    return s.graph.softmax(x, beta)


def quantize(s: Sampler, x: Tensor) -> Tensor:
    if x.is_float:
        scale = s.log_uniform(2**-8, 0.2)
    else:
        scale = x.scale * s.log_uniform(0.1, 10)
    return s.requantize(x, scale)


def dequantize(s: Sampler, x: Tensor) -> Tensor:
    if x.is_float:
        raise NotApplicable("is float already")
    return s.graph.dequantize(x)
