# builder.py - Builds a graph, one method an operator
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A :class:`GraphBuilder` adds operators and infers their output shapes.

    g = GraphBuilder("net")
    x = g.input("image", (1, 8, 8, 1), "int8", Quantization.per_tensor(0.5, -3))
    w = g.weights("w", np.ones((4, 3, 3, 1), np.int8), scales=[0.1] * 4, axis=0)
    y = g.conv_2d(x, w, g.bias("b", np.zeros(4), x, w),
                  out=Quantization.per_tensor(0.2, 1), padding="SAME")
    g.output(y)
    open("net.tflite", "wb").write(g.to_bytes())

Operators whose output must have the quantization of their input take it from
there; the others take it as ``out`` (None for float tensors).
"""

from __future__ import annotations

from typing import Any, Optional, Sequence

import numpy as np

from . import shapes
from .arithmetic import ArithmeticBuilder, Op, Out
from .model import Tensor
from .schema import Shape, TensorType


class GraphBuilder(ArithmeticBuilder):
    """A graph with one method an operator; here those that rearrange."""

    def _int32(self, role: str, values: Any) -> Tensor:
        name = f"{role}_{len(self.operators)}"
        return self.constant(name, np.asarray(values, np.int32))

    def _rearranged(
        self, op: Op, x: Tensor, shape: Shape, name: Optional[str]
    ) -> Tensor:
        return self.result(op, shape, x, x.quantization, name)

    def reshape(
        self,
        x: Tensor,
        shape: Sequence[int],
        shape_tensor: Optional[Tensor] = None,
        name: Optional[str] = None,
    ) -> Tensor:
        """The same elements in another shape, in which one size may be -1.

        The new shape is also an operand: ``shape_tensor``, or a constant.
        """
        count = int(np.prod(x.shape))
        known = int(np.prod([d for d in shape if d != -1]))
        full = tuple(count // known if d == -1 else int(d) for d in shape)
        y = self._rearranged(Op.RESHAPE, x, full, name)
        operand = shape_tensor or self._int32("new_shape", list(shape))
        options = {} if shape_tensor else {"new_shape": list(shape)}
        self.add_operator(Op.RESHAPE, [x, operand], [y], **options)
        return y

    def squeeze(
        self, x: Tensor, dims: Sequence[int] = (), name: Optional[str] = None
    ) -> Tensor:
        """Drops dimensions of size 1: ``dims``, or all of them."""
        gone = {d % len(x.shape) for d in dims} or {
            i for i, d in enumerate(x.shape) if d == 1
        }
        shape = tuple(d for i, d in enumerate(x.shape) if i not in gone)
        y = self._rearranged(Op.SQUEEZE, x, shape, name)
        self.add_operator(Op.SQUEEZE, [x], [y], squeeze_dims=list(dims))
        return y

    def expand_dims(
        self, x: Tensor, axis: int, name: Optional[str] = None
    ) -> Tensor:
        """Inserts a dimension of size 1."""
        at = axis % (len(x.shape) + 1)
        shape = x.shape[:at] + (1,) + x.shape[at:]
        y = self._rearranged(Op.EXPAND_DIMS, x, shape, name)
        self.add_operator(
            Op.EXPAND_DIMS, [x, self._int32("axis", [axis])], [y]
        )
        return y

    def shape(self, x: Tensor, name: Optional[str] = None) -> Tensor:
        """The shape of x as an int32 vector."""
        name = name or f"shape_{len(self.operators)}"
        y = self.add_tensor(name, (len(x.shape),), "int32")
        self.add_operator(Op.SHAPE, [x], [y], out_type=TensorType.INT32)
        return y

    def pack(
        self, values: Sequence[Tensor], axis: int = 0, name: Optional[str] = None
    ) -> Tensor:
        """Joins tensors of one shape along a new dimension."""
        first = values[0].shape
        at = axis % (len(first) + 1)
        shape = first[:at] + (len(values),) + first[at:]
        y = self._rearranged(Op.PACK, values[0], shape, name)
        self.add_operator(
            Op.PACK, values, [y], values_count=len(values), axis=axis
        )
        return y

    def pad(
        self,
        x: Tensor,
        paddings: Sequence[Sequence[int]],
        name: Optional[str] = None,
    ) -> Tensor:
        """Pads with real 0: (before, after) for each dimension."""
        shape = tuple(d + a + b for d, (a, b) in zip(x.shape, paddings))
        y = self._rearranged(Op.PAD, x, shape, name)
        self.add_operator(Op.PAD, [x, self._int32("paddings", paddings)], [y])
        return y

    def concatenation(
        self, values: Sequence[Tensor], axis: int, name: Optional[str] = None
    ) -> Tensor:
        """Joins tensors along a dimension; all have one quantization."""
        at = axis % len(values[0].shape)
        shape = list(values[0].shape)
        shape[at] = sum(v.shape[at] for v in values)
        y = self._rearranged(Op.CONCATENATION, values[0], tuple(shape), name)
        self.add_operator(Op.CONCATENATION, values, [y], axis=axis)
        return y

    def mean(
        self,
        x: Tensor,
        axes: Sequence[int],
        keep_dims: bool = False,
        out: Out = None,
        name: Optional[str] = None,
    ) -> Tensor:
        """Mean over ``axes``."""
        shape = shapes.reduced(x.shape, axes, keep_dims)
        y = self.result(Op.MEAN, shape, x, out or x.quantization, name)
        self.add_operator(
            Op.MEAN, [x, self._int32("axes", list(axes))], [y],
            keep_dims=keep_dims,
        )
        return y

    def strided_slice(
        self,
        x: Tensor,
        begin: Sequence[int],
        end: Sequence[int],
        strides: Sequence[int],
        begin_mask: int = 0,
        end_mask: int = 0,
        shrink_axis_mask: int = 0,
        name: Optional[str] = None,
    ) -> Tensor:
        """Every stride-th element of [begin, end) in each dimension."""
        masks = {
            "begin_mask": begin_mask,
            "end_mask": end_mask,
            "shrink_axis_mask": shrink_axis_mask,
        }
        shape = shapes.strided_slice(x.shape, begin, end, strides, **masks)
        if 0 in shape:
            raise ValueError(f"the slice of {x.shape} is empty")
        y = self._rearranged(Op.STRIDED_SLICE, x, shape, name)
        operands = [
            self._int32(role, values)
            for role, values in
            (("begin", begin), ("end", end), ("strides", strides))
        ]
        self.add_operator(Op.STRIDED_SLICE, [x, *operands], [y], **masks)
        return y

    def transpose(
        self, x: Tensor, permutation: Sequence[int], name: Optional[str] = None
    ) -> Tensor:
        """Dimension i of the output is dimension permutation[i] of x."""
        shape = tuple(x.shape[i] for i in permutation)
        y = self._rearranged(Op.TRANSPOSE, x, shape, name)
        operand = self._int32("permutation", list(permutation))
        self.add_operator(Op.TRANSPOSE, [x, operand], [y])
        return y
