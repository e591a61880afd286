# comparison.py - Finds the first operator whose result differs
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares the tensors of a graph, operator by operator in file order.

Integers are compared bit for bit. Floats are compared with the tolerance of the
project; where an operator's operands already differ within it, the error they
carry is relative to the largest value of the tensor, since sums cancel. An
integer computed from such a float may be off by one and makes everything behind
it incomparable, so those tensors are left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Set, Tuple

import numpy as np

from thimble.tflite import BuiltinOperator, Graph

TOLERANCE = 2e-5


@dataclass(frozen=True)
class Difference:
    """The first element of the first operator that differs."""

    operator: int
    code: str
    tensor: str
    element: Tuple[int, ...]
    expected: object
    found: object
    count: int
    size: int

    def __str__(self) -> str:
        place = f"op {self.operator} {self.code} ('{self.tensor}')"
        if not self.size:
            return f"{place}: expected {self.expected}, found {self.found}"
        return (
            f"{place}: element {list(self.element)} is {self.found}, expected "
            f"{self.expected} ({self.count} of {self.size} elements differ)"
        )


def foldable(graph: Graph) -> Set[int]:
    """Operators whose results are known when compiling.

    SHAPE is, whatever it reads, since all shapes are static.
    """
    known = {t.index for t in graph.tensors if t.data is not None}
    result: Set[int] = set()
    for i, op in enumerate(graph.operators):
        operands = [x for x in op.inputs if x >= 0]
        if op.code == BuiltinOperator.SHAPE or known.issuperset(operands):
            known.update(op.outputs)
            result.add(i)
    return result


def mismatches(
    found: np.ndarray, expected: np.ndarray, loose: bool
) -> np.ndarray:
    """Which elements differ by more than they may."""
    if expected.dtype.kind != "f":
        return np.asarray(found != expected)
    magnitude = np.abs(expected.astype(np.float64))
    if loose and magnitude.size:
        magnitude = np.full_like(magnitude, magnitude.max())
    difference = np.abs(found.astype(np.float64) - expected.astype(np.float64))
    within = difference <= TOLERANCE * np.maximum(1.0, magnitude)
    return np.asarray(~within & (found != expected))


def _describe(
    graph: Graph,
    index: int,
    found: Optional[np.ndarray],
    expected: np.ndarray,
    loose: bool,
) -> Optional[Difference]:
    """How the result of one operator differs, if it does."""
    op = graph.operators[index]
    name = graph.tensors[op.outputs[0]].name
    code = op.code.name
    if found is None:
        return Difference(index, code, name, (), "a result", "none", 0, 0)
    if found.size != expected.size or found.dtype != expected.dtype:
        return Difference(
            index,
            code,
            name,
            (),
            f"{expected.dtype}{list(expected.shape)}",
            f"{found.dtype}{list(found.shape)}",
            0,
            0,
        )
    found = found.reshape(expected.shape)
    wrong = mismatches(found, expected, loose)
    if not wrong.any():
        return None
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    return Difference(
        index,
        code,
        name,
        first,
        expected[first],
        found[first],
        int(wrong.sum()),
        int(wrong.size),
    )


def first_difference(
    graph: Graph,
    found: Dict[int, np.ndarray],
    expected: Dict[int, np.ndarray],
) -> Optional[Difference]:
    """The first operator whose result in ``found`` is not as ``expected``.

    Both hold results by tensor index; ``found`` may lack operators that are
    folded, and must hold all others.
    """
    folded = foldable(graph)
    inexact: Set[int] = set()
    incomparable: Set[int] = set()
    for i, op in enumerate(graph.operators):
        output = op.outputs[0]
        operands = set(op.inputs)
        result = found.get(output)
        if result is None and i in folded:
            continue
        is_float = expected[output].dtype.kind == "f"
        if operands & incomparable or (not is_float and operands & inexact):
            incomparable.add(output)
            continue
        loose = bool(operands & inexact)
        difference = _describe(graph, i, result, expected[output], loose)
        if difference:
            return difference
        assert result is not None
        if not np.array_equal(result.reshape(-1), expected[output].reshape(-1)):
            inexact.add(output)
    return None


def identical(
    graph: Graph, found: Dict[int, np.ndarray], expected: Dict[int, np.ndarray]
) -> Optional[Difference]:
    """The first operator whose result is not the same bit for bit."""
    for i, op in enumerate(graph.operators):
        output = op.outputs[0]
        if output not in found and output not in expected:
            continue
        wanted = expected.get(output, np.empty(0))
        result = found.get(output)
        bits = None if result is None else _bits(result)
        difference = _describe(graph, i, bits, _bits(wanted), False)
        if difference:
            return difference
    return None


def _bits(array: np.ndarray) -> np.ndarray:
    """A float array as integers, so that NaN and the sign of 0 count."""
    flat = np.ascontiguousarray(array)
    return flat.view(np.uint32) if flat.dtype == np.float32 else flat


def by_tensor(
    graph: Graph, tensors: Dict[str, np.ndarray]
) -> Dict[int, np.ndarray]:
    """Dumped tensors by tensor index rather than by ``thimble.id``.

    An id ends with the operator's index in the file; what is before it is the
    compiler's name for what the operator does (a squeeze is a reshape).
    """
    result: Dict[int, np.ndarray] = {}
    for identifier, array in tensors.items():
        index = int(identifier.rpartition("_")[2])
        result[graph.operators[index].outputs[0]] = array
    return result
