# model.py - What a network is, before it is written to a file
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Plain descriptions of tensors, operators and graphs.

They know nothing of how a file is laid out (``writer.py``) nor of what an
operator does to a shape (``builder.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from .schema import BuiltinOperator, Shape, TensorType, TYPE_OF_NUMPY_NAME


@dataclass(frozen=True)
class Quantization:
    """Affine quantization: real = scale * (stored - zero_point).

    One scale and zero point for the whole tensor, or one per index of
    dimension ``axis``. Scales are rounded to float32, as the file stores them.
    """

    scales: Tuple[float, ...]
    zero_points: Tuple[int, ...]
    axis: int = 0

    @staticmethod
    def per_tensor(scale: float, zero_point: int = 0) -> "Quantization":
        return Quantization((float(np.float32(scale)),), (int(zero_point),))

    @staticmethod
    def per_axis(
        scales: Sequence[float], axis: int, zero_points: Sequence[int] = ()
    ) -> "Quantization":
        rounded = tuple(float(np.float32(s)) for s in scales)
        zeros = tuple(int(z) for z in zero_points) or (0,) * len(rounded)
        return Quantization(rounded, zeros, axis)

    @property
    def scale(self) -> float:
        """The scale of a tensor that has one."""
        assert len(self.scales) == 1, "the tensor has a scale per channel"
        return self.scales[0]

    @property
    def zero_point(self) -> int:
        """The zero point of a tensor that has one."""
        assert len(self.zero_points) == 1, "the tensor has several zero points"
        return self.zero_points[0]


@dataclass
class Tensor:
    """A tensor of a graph; a constant if it has data."""

    index: int
    name: str
    shape: Shape
    type: TensorType
    quantization: Optional[Quantization] = None
    data: Optional[np.ndarray] = None

    @property
    def scale(self) -> float:
        assert self.quantization is not None, f"{self.name} is not quantized"
        return self.quantization.scale

    @property
    def zero_point(self) -> int:
        assert self.quantization is not None, f"{self.name} is not quantized"
        return self.quantization.zero_point

    @property
    def is_float(self) -> bool:
        return self.type == TensorType.FLOAT32

    @property
    def is_int16(self) -> bool:
        return self.type == TensorType.INT16


OptionValue = Union[int, float, bool, Sequence[int]]


@dataclass
class Operator:
    """An operator: tensor indices in and out (-1: operand left out)."""

    code: BuiltinOperator
    inputs: List[int]
    outputs: List[int]
    options: Dict[str, OptionValue] = field(default_factory=dict)


class Graph:
    """Tensors and operators in the order of the file."""

    def __init__(self, name: str = "main") -> None:
        self.name = name
        self.tensors: List[Tensor] = []
        self.operators: List[Operator] = []
        self.inputs: List[int] = []
        self.outputs: List[int] = []

    def add_tensor(
        self,
        name: str,
        shape: Sequence[int],
        dtype: Any,
        quantization: Optional[Quantization] = None,
        data: Optional[np.ndarray] = None,
    ) -> Tensor:
        """Adds a tensor; ``dtype`` is anything that numpy takes for one."""
        kind = TYPE_OF_NUMPY_NAME.get(np.dtype(dtype).name)
        if kind is None:
            raise ValueError(f"{name}: no tensors of type {dtype} are written")
        tensor = Tensor(
            len(self.tensors),
            name,
            tuple(int(d) for d in shape),
            kind,
            quantization,
            data,
        )
        self.tensors.append(tensor)
        return tensor

    def add_operator(
        self,
        code: BuiltinOperator,
        inputs: Sequence[Optional[Tensor]],
        outputs: Sequence[Tensor],
        **options: OptionValue,
    ) -> Operator:
        """Adds an operator; an input of None is an operand left out."""
        operator = Operator(
            code,
            [-1 if t is None else t.index for t in inputs],
            [t.index for t in outputs],
            dict(options),
        )
        self.operators.append(operator)
        return operator

    def to_bytes(self) -> bytes:
        """The graph as the bytes of a ``.tflite`` file.

        Needs the package ``flatbuffers``. The same graph always gives the same
        bytes.
        """
        from .writer import write_graph

        return write_graph(self)
