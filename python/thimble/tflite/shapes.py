# shapes.py - What operators do to shapes
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Output shapes of the operators, as TensorFlow Lite defines them."""

from __future__ import annotations

from typing import List, Sequence, Tuple

from .schema import Padding, Shape

Pair = Tuple[int, int]


def window_output(
    size: int, window: int, stride: int, dilation: int, padding: Padding
) -> int:
    """Outputs of a window of ``window`` taps along a dimension of ``size``."""
    extent = (window - 1) * dilation + 1
    if padding == Padding.SAME:
        return -(-size // stride)
    return max(0, -(-(size - extent + 1) // stride))


def windowed(
    shape: Shape,
    channels: int,
    window: Pair,
    strides: Pair,
    dilation: Pair,
    padding: Padding,
) -> Shape:
    """Shape after a 2-D window over an NHWC tensor."""
    height, width = (
        window_output(shape[1 + i], window[i], strides[i], dilation[i], padding)
        for i in range(2)
    )
    if height <= 0 or width <= 0:
        raise ValueError(f"window {window} does not fit into {shape}")
    return (shape[0], height, width, channels)


def broadcast(left: Shape, right: Shape) -> Shape:
    """Shape of an element-wise operation with broadcasting."""
    rank = max(len(left), len(right))
    padded = [(1,) * (rank - len(s)) + tuple(s) for s in (left, right)]
    out: List[int] = []
    for a, b in zip(*padded):
        if a != b and 1 not in (a, b):
            raise ValueError(f"{left} and {right} do not broadcast")
        out.append(max(a, b))
    return tuple(out)


def reduced(shape: Shape, axes: Sequence[int], keep_dims: bool) -> Shape:
    """Shape after a reduction over ``axes``."""
    gone = {axis % len(shape) for axis in axes}
    if keep_dims:
        return tuple(1 if i in gone else d for i, d in enumerate(shape))
    return tuple(d for i, d in enumerate(shape) if i not in gone)


def _slice_bounds(
    size: int, begin: int, end: int, stride: int, free_begin: bool, free_end: bool
) -> range:
    return range(size)[
        slice(None if free_begin else begin, None if free_end else end, stride)
    ]


def strided_slice(
    shape: Shape,
    begin: Sequence[int],
    end: Sequence[int],
    strides: Sequence[int],
    begin_mask: int = 0,
    end_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Shape:
    """Shape of a strided slice (ellipsis and new axes are not supported)."""
    out: List[int] = []
    for i, size in enumerate(shape):
        if shrink_axis_mask >> i & 1:
            continue
        bounds = _slice_bounds(
            size,
            begin[i],
            end[i],
            strides[i],
            bool(begin_mask >> i & 1),
            bool(end_mask >> i & 1),
        )
        out.append(len(bounds))
    return tuple(out)


def same_padding_before(
    size: int, window: int, stride: int, dilation: int = 1
) -> int:
    """Taps of a SAME window that lie before index 0 (the smaller half)."""
    extent = (window - 1) * dilation + 1
    outputs = -(-size // stride)
    return max(0, (outputs - 1) * stride + extent - size) // 2
