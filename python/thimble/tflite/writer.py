# writer.py - Writes a graph as a .tflite file
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Turns a :class:`~thimble.tflite.model.Graph` into FlatBuffers bytes.

FlatBuffers are written back to front: children first, then the table that
refers to them. Everything is emitted in index order, so the same graph always
gives the same bytes.
"""

from __future__ import annotations

from typing import Callable, Dict, List, Sequence, Tuple

import flatbuffers
import numpy as np

from .model import Graph, Operator, Quantization, Tensor
from .schema import (
    BUFFER_ALIGNMENT,
    FILE_IDENTIFIER,
    OPTIONS,
    VERSION,
    BuiltinOperator,
    Slots,
)

# Operators up to this number also fit the one-byte field of old readers; later
# ones put this number there.
_LAST_DEPRECATED_CODE = 127


def write_graph(graph: Graph) -> bytes:
    """The bytes of a ``.tflite`` file with ``graph`` as its only subgraph."""
    builder = flatbuffers.Builder(4096)
    buffers, buffer_of = _collect_buffers(graph)
    codes = _collect_codes(graph)

    buffer_offsets = [_write_buffer(builder, data) for data in buffers]
    buffers_vector = _offset_vector(builder, buffer_offsets)
    code_offsets = [_write_code(builder, code) for code in codes]
    codes_vector = _offset_vector(builder, code_offsets)
    subgraph = _write_subgraph(builder, graph, buffer_of, codes)
    subgraphs_vector = _offset_vector(builder, [subgraph])
    description = builder.CreateString("Thimble")

    builder.StartObject(Slots.MODEL_COUNT)
    builder.PrependUint32Slot(Slots.MODEL_VERSION, VERSION, 0)
    _add_offset(builder, Slots.MODEL_OPERATOR_CODES, codes_vector)
    _add_offset(builder, Slots.MODEL_SUBGRAPHS, subgraphs_vector)
    _add_offset(builder, Slots.MODEL_DESCRIPTION, description)
    _add_offset(builder, Slots.MODEL_BUFFERS, buffers_vector)
    builder.Finish(builder.EndObject(), file_identifier=FILE_IDENTIFIER)
    return bytes(builder.Output())


def _collect_buffers(graph: Graph) -> Tuple[List[bytes], Dict[int, int]]:
    """Buffers of the file, and the buffer of each tensor that has data.

    Buffer 0 is empty by convention and belongs to every tensor without data.
    """
    buffers: List[bytes] = [b""]
    buffer_of: Dict[int, int] = {}
    for tensor in graph.tensors:
        if tensor.data is None:
            continue
        array = np.ascontiguousarray(tensor.data)
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        buffer_of[tensor.index] = len(buffers)
        buffers.append(little.tobytes())
    return buffers, buffer_of


def _collect_codes(graph: Graph) -> List[BuiltinOperator]:
    """The operators that the graph uses, in the order of first use."""
    return list(dict.fromkeys(operator.code for operator in graph.operators))


def _add_offset(builder: flatbuffers.Builder, slot: int, offset: int) -> None:
    builder.PrependUOffsetTRelativeSlot(slot, offset, 0)


def _offset_vector(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _scalar_vector(
    builder: flatbuffers.Builder,
    size: int,
    prepend: Callable[[float], None],
    values: Sequence[float],
) -> int:
    builder.StartVector(size, len(values), size)
    for value in reversed(values):
        prepend(value)
    return int(builder.EndVector())


def _int32_vector(builder: flatbuffers.Builder, values: Sequence[int]) -> int:
    return _scalar_vector(builder, 4, builder.PrependInt32, values)


def _write_buffer(builder: flatbuffers.Builder, data: bytes) -> int:
    vector = 0
    if data:
        builder.StartVector(1, len(data), BUFFER_ALIGNMENT)
        # The vector's bytes at once: one call per byte would take seconds.
        builder.head -= len(data)
        builder.Bytes[builder.head : builder.head + len(data)] = data
        vector = builder.EndVector()
    builder.StartObject(1)
    if data:
        _add_offset(builder, 0, vector)
    return int(builder.EndObject())


def _write_code(builder: flatbuffers.Builder, code: BuiltinOperator) -> int:
    builder.StartObject(Slots.OPERATOR_CODE_COUNT)
    builder.PrependInt8Slot(
        Slots.OPERATOR_CODE_DEPRECATED, min(int(code), _LAST_DEPRECATED_CODE), 0
    )
    builder.PrependInt32Slot(Slots.OPERATOR_CODE_VERSION, 1, 1)
    builder.PrependInt32Slot(Slots.OPERATOR_CODE_BUILTIN, int(code), 0)
    return int(builder.EndObject())


def _write_subgraph(
    builder: flatbuffers.Builder,
    graph: Graph,
    buffer_of: Dict[int, int],
    codes: List[BuiltinOperator],
) -> int:
    tensors = _offset_vector(
        builder,
        [
            _write_tensor(builder, tensor, buffer_of.get(tensor.index, 0))
            for tensor in graph.tensors
        ],
    )
    operators = _offset_vector(
        builder,
        [
            _write_operator(builder, operator, codes.index(operator.code))
            for operator in graph.operators
        ],
    )
    inputs = _int32_vector(builder, graph.inputs)
    outputs = _int32_vector(builder, graph.outputs)
    name = builder.CreateString(graph.name)
    builder.StartObject(Slots.SUBGRAPH_COUNT)
    _add_offset(builder, Slots.SUBGRAPH_TENSORS, tensors)
    _add_offset(builder, Slots.SUBGRAPH_INPUTS, inputs)
    _add_offset(builder, Slots.SUBGRAPH_OUTPUTS, outputs)
    _add_offset(builder, Slots.SUBGRAPH_OPERATORS, operators)
    _add_offset(builder, Slots.SUBGRAPH_NAME, name)
    return int(builder.EndObject())


def _write_quantization(
    builder: flatbuffers.Builder, quantization: Quantization
) -> int:
    scales = _scalar_vector(
        builder, 4, builder.PrependFloat32, quantization.scales
    )
    zeros = _scalar_vector(
        builder, 8, builder.PrependInt64, quantization.zero_points
    )
    builder.StartObject(Slots.QUANTIZATION_COUNT)
    _add_offset(builder, Slots.QUANTIZATION_SCALE, scales)
    _add_offset(builder, Slots.QUANTIZATION_ZERO_POINT, zeros)
    builder.PrependInt32Slot(
        Slots.QUANTIZATION_DIMENSION, quantization.axis, 0
    )
    return int(builder.EndObject())


def _write_tensor(
    builder: flatbuffers.Builder, tensor: Tensor, buffer: int
) -> int:
    quantization = 0
    if tensor.quantization is not None:
        quantization = _write_quantization(builder, tensor.quantization)
    shape = _int32_vector(builder, tensor.shape)
    name = builder.CreateString(tensor.name)
    builder.StartObject(Slots.TENSOR_COUNT)
    _add_offset(builder, Slots.TENSOR_SHAPE, shape)
    builder.PrependInt8Slot(Slots.TENSOR_TYPE, int(tensor.type), 0)
    builder.PrependUint32Slot(Slots.TENSOR_BUFFER, buffer, 0)
    _add_offset(builder, Slots.TENSOR_NAME, name)
    if tensor.quantization is not None:
        _add_offset(builder, Slots.TENSOR_QUANTIZATION, quantization)
    return int(builder.EndObject())


def _write_options(builder: flatbuffers.Builder, operator: Operator) -> int:
    """The options table; the operator must have one."""
    table = OPTIONS[operator.code]
    unknown = set(operator.options) - set(table.fields)
    if unknown:
        raise ValueError(f"{operator.code.name} has no option {unknown}")
    vectors = {
        name: _int32_vector(builder, list(operator.options[name]))  # type: ignore[arg-type]
        for name, field in table.fields.items()
        if field.kind == "vector" and name in operator.options
    }
    builder.StartObject(len(table.fields))
    for name, field in table.fields.items():
        if name not in operator.options:
            continue
        value = operator.options[name]
        if field.kind == "vector":
            _add_offset(builder, field.slot, vectors[name])
        elif field.kind == "float32":
            builder.PrependFloat32Slot(field.slot, value, field.default)
        elif field.kind == "bool":
            builder.PrependBoolSlot(field.slot, value, field.default)
        elif field.kind == "int8":
            builder.PrependInt8Slot(field.slot, int(value), field.default)  # type: ignore[arg-type]
        else:
            builder.PrependInt32Slot(field.slot, int(value), field.default)  # type: ignore[arg-type]
    return int(builder.EndObject())


def _write_operator(
    builder: flatbuffers.Builder, operator: Operator, code_index: int
) -> int:
    has_options = operator.code in OPTIONS
    options = _write_options(builder, operator) if has_options else 0
    inputs = _int32_vector(builder, operator.inputs)
    outputs = _int32_vector(builder, operator.outputs)
    builder.StartObject(Slots.OPERATOR_COUNT)
    builder.PrependUint32Slot(Slots.OPERATOR_CODE_INDEX, code_index, 0)
    _add_offset(builder, Slots.OPERATOR_INPUTS, inputs)
    _add_offset(builder, Slots.OPERATOR_OUTPUTS, outputs)
    if has_options:
        builder.PrependUint8Slot(
            Slots.OPERATOR_OPTIONS_TYPE, OPTIONS[operator.code].union_type, 0
        )
        _add_offset(builder, Slots.OPERATOR_OPTIONS, options)
    return int(builder.EndObject())
