# rearranging.py - Random operators that move, cut or join tensors
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reshapes, slices, transposes and joins, each put behind a tensor."""

from __future__ import annotations

from typing import List, Sequence

import numpy as np

from thimble.tflite import Tensor

from sampler import MAX_ELEMENTS, NotApplicable, Sampler


def _factorization(s: Sampler, count: int, rank: int) -> List[int]:
    """``rank`` sizes whose product is ``count``."""
    sizes = []
    for _ in range(rank - 1):
        divisors = [d for d in range(1, count + 1) if count % d == 0]
        size = s.choice(divisors)
        sizes.append(size)
        count //= size
    return sizes + [count]


def reshape(s: Sampler, x: Tensor) -> Tensor:
    shape = _factorization(s, int(np.prod(x.shape)), s.integer(1, 4))
    if s.chance(0.3):
        shape[s.integer(0, len(shape) - 1)] = -1
    return s.graph.reshape(x, shape)


def flatten_by_shape(s: Sampler, x: Tensor) -> Tensor:
    """What Keras makes of Flatten: SHAPE, STRIDED_SLICE, PACK, RESHAPE."""
    g = s.graph
    batch = g.strided_slice(
        g.shape(x), [0], [1], [1], shrink_axis_mask=1, name=None
    )
    rest = g.constant(f"rest_{len(g.tensors)}", np.asarray(-1, np.int32))
    target = g.pack([batch, rest])
    return g.reshape(x, (x.shape[0], -1), shape_tensor=target)


def squeeze(s: Sampler, x: Tensor) -> Tensor:
    ones = [i for i, d in enumerate(x.shape) if d == 1]
    if not ones or len(ones) == len(x.shape):
        raise NotApplicable("nothing to squeeze")
    dims = [d for d in ones if s.chance(0.6)]
    return s.graph.squeeze(x, dims)


def expand_dims(s: Sampler, x: Tensor) -> Tensor:
    rank = len(x.shape)
    if rank >= 4:
        raise NotApplicable("rank would pass 4")
    return s.graph.expand_dims(x, s.integer(-rank - 1, rank))


def pack(s: Sampler, x: Tensor, others: Sequence[Tensor]) -> Tensor:
    rank = len(x.shape)
    if rank >= 4:
        raise NotApplicable("rank would pass 4")
    values = _alike(s, x, others, s.integer(1, 3), whole_shape=True)
    _check_elements(sum(int(np.prod(v.shape)) for v in values))
    return s.graph.pack(values, s.integer(-rank - 1, rank))


def pad(s: Sampler, x: Tensor) -> Tensor:
    paddings = [
        (s.choice((0, 0, 1, 2)), s.choice((0, 0, 1, 3))) for _ in x.shape
    ]
    if len(x.shape) == 4 and s.chance(0.6):
        paddings[0] = paddings[3] = (0, 0)
    _check_elements(
        int(np.prod([d + a + b for d, (a, b) in zip(x.shape, paddings)]))
    )
    return s.graph.pad(x, paddings)


def concatenation(s: Sampler, x: Tensor, others: Sequence[Tensor]) -> Tensor:
    axis = s.integer(0, len(x.shape) - 1)
    if s.chance(0.4):
        axis = len(x.shape) - 1
    values = _alike(s, x, others, s.integer(2, 4), False, axis)
    _check_elements(sum(int(np.prod(v.shape)) for v in values))
    at = axis - len(x.shape) if s.chance(0.3) else axis
    return s.graph.concatenation(values, at)


def _alike(
    s: Sampler,
    x: Tensor,
    others: Sequence[Tensor],
    count: int,
    whole_shape: bool,
    axis: int = 0,
) -> List[Tensor]:
    """Tensors of the quantization of x and its shape, but for ``axis``."""

    def fits(t: Tensor) -> bool:
        if t.type != x.type or t.quantization != x.quantization:
            return False
        if len(t.shape) != len(x.shape):
            return False
        return all(
            a == b or (i == axis and not whole_shape)
            for i, (a, b) in enumerate(zip(t.shape, x.shape))
        )

    values = [x]
    matching = [t for t in others if fits(t)]
    while len(values) < count:
        shape = list(x.shape)
        if not whole_shape:
            shape[axis] = s.choice((1, 2, 3, 5, x.shape[axis]))
        draw = s.rng.random()
        if matching and draw < 0.7:
            values.append(s.choice(matching))
        elif draw < 0.8:
            name = f"constant_{len(s.graph.tensors)}"
            array = s.stored_array(shape, x)
            values.append(s.graph.constant(name, array, x.quantization))
        elif s.gives(x):
            values.append(s.input(shape, x.quantization))
        else:
            values.append(x)
    order = s.rng.permutation(len(values))
    return [values[i] for i in order]


def _check_elements(count: int) -> None:
    if count > MAX_ELEMENTS:
        raise NotApplicable("too large")


def strided_slice(s: Sampler, x: Tensor) -> Tensor:
    begin, end, strides = [], [], []
    begin_mask = end_mask = shrink = 0
    for i, size in enumerate(x.shape):
        first = s.integer(0, size - 1)
        last = s.integer(first, size - 1)
        stride = s.choice((1, 1, 1, 2, 3))
        stop = last + 1
        if s.chance(0.15):
            # Backwards; the element before the first is not expressible by a
            # number that is not negative, so its end is left open.
            first, stride, stop = last, -s.choice((1, 2)), 0
            end_mask |= 1 << i
        if s.chance(0.2):
            begin_mask |= 1 << i
        if s.chance(0.2):
            end_mask |= 1 << i
        if s.chance(0.2) and stop == size:
            stop = size + s.integer(0, 3)
        if s.chance(0.2):
            first -= size
        begin.append(first)
        end.append(stop)
        strides.append(stride)
    if len(x.shape) > 1 and s.chance(0.2):
        axis = s.integer(0, len(x.shape) - 1)
        shrink = 1 << axis
        begin_mask &= ~shrink
        end_mask &= ~shrink
        begin[axis] = s.integer(0, x.shape[axis] - 1)
        end[axis], strides[axis] = begin[axis] + 1, 1
    return s.graph.strided_slice(
        x, begin, end, strides, begin_mask, end_mask, shrink
    )


def transpose(s: Sampler, x: Tensor) -> Tensor:
    if len(x.shape) < 2:
        raise NotApplicable("one dimension")
    order = [int(i) for i in s.rng.permutation(len(x.shape))]
    return s.graph.transpose(x, order)
