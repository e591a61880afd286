# oracle.py - Runs a .tflite file by TensorFlow Lite Micro
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The definition of what a network computes: every tensor of a ``.tflite``.

The package ``tflite-micro`` is TensorFlow Lite Micro with its reference
kernels. Its interpreter keeps every inner tensor when asked to, so a difference
can be traced to the first operator that shows it.
"""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from typing import Dict, List, Sequence, Tuple

import numpy as np

from thimble.tflite.schema import NUMPY_NAME, BuiltinOperator, TensorType

#: The version that expected outputs were made with.
VERSION = "0.dev20261023182759"

# Arena beside the tensors themselves: the interpreter's own records. It zeroes
# all of it, so a far too generous arena would cost most of a small run's time.
_RECORD_BYTES = 256 << 10
_RECORD_BYTES_PER_OPERATOR = 4 << 10


class OracleError(Exception):
    """The interpreter refused the model."""


def is_available() -> bool:
    """Whether the packages that the oracle needs are installed."""
    try:
        from tflite_micro.python.tflite_micro import runtime  # noqa: F401
        from tflite_micro.tensorflow.lite.micro.python import (  # noqa: F401
            schema_py_generated,
        )
    except ImportError:
        return False
    return True


@dataclass(frozen=True)
class TensorInfo:
    """A tensor as the file declares it."""

    index: int
    name: str
    shape: Tuple[int, ...]
    dtype: str
    is_constant: bool


@dataclass(frozen=True)
class OperatorInfo:
    """An operator as the file declares it."""

    index: int
    name: str
    inputs: Tuple[int, ...]
    outputs: Tuple[int, ...]


class Oracle:
    """A loaded model."""

    def __init__(self, model: bytes) -> None:
        from tflite_micro.python.tflite_micro import runtime

        self.tensors, self.operators, self.inputs, self.outputs = _read(model)
        try:
            self._interpreter = runtime.Interpreter.from_bytes(
                model,
                arena_size=self._arena_bytes(),
                intrepreter_config=runtime.InterpreterConfig.kPreserveAllTensors,
            )
        except RuntimeError as error:
            raise OracleError(str(error)) from error

    def run(self, inputs: Sequence[np.ndarray]) -> Dict[int, np.ndarray]:
        """Runs once; values of all tensors that are not constants, by index."""
        if len(inputs) != len(self.inputs):
            raise ValueError(
                f"the model has {len(self.inputs)} inputs, not {len(inputs)}"
            )
        try:
            self._interpreter.reset()
            for i, (array, index) in enumerate(zip(inputs, self.inputs)):
                info = self.tensors[index]
                value = np.ascontiguousarray(array, dtype=info.dtype)
                self._interpreter.set_input(value.reshape(info.shape), i)
            self._interpreter.invoke()
        except RuntimeError as error:
            raise OracleError(str(error)) from error
        written = [*self.inputs, *(o for op in self.operators for o in op.outputs)]
        return {index: self._tensor(index) for index in written}

    def run_outputs(self, inputs: Sequence[np.ndarray]) -> List[np.ndarray]:
        """Runs once; the outputs of the graph."""
        tensors = self.run(inputs)
        return [tensors[index] for index in self.outputs]

    def _arena_bytes(self) -> int:
        """Enough for all tensors at once, for alignment and for scratch."""
        tensors = sum(
            int(np.prod(info.shape)) * np.dtype(info.dtype).itemsize + 64
            for info in self.tensors
            if not info.is_constant
        )
        records = _RECORD_BYTES_PER_OPERATOR * len(self.operators)
        return _RECORD_BYTES + records + 3 * tensors

    def _tensor(self, index: int) -> np.ndarray:
        info = self.tensors[index]
        value = np.array(self._interpreter.GetTensor(index, 0)["tensor_data"])
        return value.reshape(info.shape)


def run_isolated(
    model: bytes, inputs: Sequence[np.ndarray]
) -> Dict[int, np.ndarray]:
    """``Oracle(model).run(inputs)`` in a process of its own.

    The interpreter trusts its models: some that it does not support end the
    process. Here that is an :class:`OracleError` as any other refusal.
    """
    # Imported here so that the child need not do it each time.
    is_available()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _answer(writer, model, inputs)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        answer = stream.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        raise OracleError(f"ended by signal {os.WTERMSIG(status)}")
    result = pickle.loads(answer)
    if isinstance(result, str):
        raise OracleError(result)
    tensors: Dict[int, np.ndarray] = result
    return tensors


def _answer(writer: int, model: bytes, inputs: Sequence[np.ndarray]) -> None:
    """The child of :func:`run_isolated`; does not return."""
    # The interpreter prints why it refuses; the caller counts refusals.
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    result: object
    try:
        result = Oracle(model).run(inputs)
    except Exception as error:  # This process must not live on as its parent.
        result = str(error) or type(error).__name__
    with os.fdopen(writer, "wb") as stream:
        pickle.dump(result, stream, protocol=pickle.HIGHEST_PROTOCOL)
    os._exit(0)


def _decode_name(name: object) -> str:
    return name.decode() if isinstance(name, bytes) else str(name or "")


def _read(
    model: bytes,
) -> Tuple[List[TensorInfo], List[OperatorInfo], List[int], List[int]]:
    """The tensors and operators of the first subgraph.

    Reads by the package's own schema rather than by ours, so that a wrong
    number in our writer cannot hide.
    """
    from tflite_micro.tensorflow.lite.micro.python import (
        schema_py_generated as schema,
    )

    parsed = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    graph = parsed.subgraphs[0]
    tensors = [
        TensorInfo(
            i,
            _decode_name(t.name),
            tuple(int(d) for d in (t.shape if t.shape is not None else ())),
            NUMPY_NAME[TensorType(t.type)],
            parsed.buffers[t.buffer].data is not None,
        )
        for i, t in enumerate(graph.tensors)
    ]
    operators = []
    for i, op in enumerate(graph.operators or []):
        code = parsed.operatorCodes[op.opcodeIndex]
        number = max(code.builtinCode, code.deprecatedBuiltinCode)
        operators.append(
            OperatorInfo(
                i,
                BuiltinOperator(number).name,
                tuple(int(x) for x in op.inputs),
                tuple(int(x) for x in op.outputs),
            )
        )
    return tensors, operators, list(graph.inputs), list(graph.outputs)
