# schema.py - Numbers of the TensorFlow Lite file format
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Field, enumerator and union numbers of the ``.tflite`` FlatBuffers schema.

The format (file identifier ``TFL3``, version 3) is public; only the part that
Thimble reads is here. A table's fields are numbered from 0 in the order of the
schema; unions and enumerations never change a number once published, which is
why plain numbers are enough to write a file that every reader understands.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Dict, NamedTuple, Tuple, Union

FILE_IDENTIFIER = b"TFL3"
VERSION = 3

#: Alignment of a buffer's bytes within the file, as the format asks.
BUFFER_ALIGNMENT = 16


class BuiltinOperator(IntEnum):
    """Operators by their number in the format."""

    ADD = 0
    AVERAGE_POOL_2D = 1
    CONCATENATION = 2
    CONV_2D = 3
    DEPTHWISE_CONV_2D = 4
    DEQUANTIZE = 6
    FULLY_CONNECTED = 9
    LOGISTIC = 14
    MAX_POOL_2D = 17
    MUL = 18
    RELU = 19
    RELU6 = 21
    RESHAPE = 22
    SOFTMAX = 25
    TANH = 28
    PAD = 34
    TRANSPOSE = 39
    MEAN = 40
    SUB = 41
    SQUEEZE = 43
    STRIDED_SLICE = 45
    EXPAND_DIMS = 70
    SHAPE = 77
    PACK = 83
    LEAKY_RELU = 98
    QUANTIZE = 114
    HARD_SWISH = 117


class TensorType(IntEnum):
    """Element types that the writer knows."""

    FLOAT32 = 0
    INT32 = 2
    INT64 = 4
    BOOL = 6
    INT16 = 7
    INT8 = 9


#: numpy's name of an element type.
NUMPY_NAME: Dict[TensorType, str] = {
    TensorType.FLOAT32: "float32",
    TensorType.INT32: "int32",
    TensorType.INT64: "int64",
    TensorType.BOOL: "bool",
    TensorType.INT16: "int16",
    TensorType.INT8: "int8",
}

TYPE_OF_NUMPY_NAME: Dict[str, TensorType] = {
    name: kind for kind, name in NUMPY_NAME.items()
}


class Padding(IntEnum):
    """How a window goes over the border."""

    SAME = 0
    VALID = 1


class Activation(IntEnum):
    """Activations that an operator may have fused into it."""

    NONE = 0
    RELU = 1
    RELU_N1_TO_1 = 2
    RELU6 = 3


class Field(NamedTuple):
    """One field of an options table.

    ``kind`` is one of ``int8``, ``int32``, ``float32``, ``bool`` and
    ``vector`` (of int32); ``default`` is what a reader assumes of a field that
    is not in the file.
    """

    slot: int
    kind: str
    default: Union[int, float, bool, None]


class OptionsTable(NamedTuple):
    """An options table: its number in the union, and its fields by name."""

    union_type: int
    fields: Dict[str, Field]


_ACTIVATION_ONLY: Dict[str, Field] = {
    "fused_activation_function": Field(0, "int8", 0)
}

_POOL = OptionsTable(
    5,
    {
        "padding": Field(0, "int8", 0),
        "stride_w": Field(1, "int32", 0),
        "stride_h": Field(2, "int32", 0),
        "filter_width": Field(3, "int32", 0),
        "filter_height": Field(4, "int32", 0),
        "fused_activation_function": Field(5, "int8", 0),
    },
)

#: The options of each operator; operators that have none are not in it.
OPTIONS: Dict[BuiltinOperator, OptionsTable] = {
    BuiltinOperator.CONV_2D: OptionsTable(
        1,
        {
            "padding": Field(0, "int8", 0),
            "stride_w": Field(1, "int32", 0),
            "stride_h": Field(2, "int32", 0),
            "fused_activation_function": Field(3, "int8", 0),
            "dilation_w_factor": Field(4, "int32", 1),
            "dilation_h_factor": Field(5, "int32", 1),
        },
    ),
    BuiltinOperator.DEPTHWISE_CONV_2D: OptionsTable(
        2,
        {
            "padding": Field(0, "int8", 0),
            "stride_w": Field(1, "int32", 0),
            "stride_h": Field(2, "int32", 0),
            "depth_multiplier": Field(3, "int32", 0),
            "fused_activation_function": Field(4, "int8", 0),
            "dilation_w_factor": Field(5, "int32", 1),
            "dilation_h_factor": Field(6, "int32", 1),
        },
    ),
    BuiltinOperator.AVERAGE_POOL_2D: _POOL,
    BuiltinOperator.MAX_POOL_2D: _POOL,
    BuiltinOperator.FULLY_CONNECTED: OptionsTable(
        8,
        {
            "fused_activation_function": Field(0, "int8", 0),
            "weights_format": Field(1, "int8", 0),
            "keep_num_dims": Field(2, "bool", False),
        },
    ),
    BuiltinOperator.SOFTMAX: OptionsTable(
        9, {"beta": Field(0, "float32", 0.0)}
    ),
    BuiltinOperator.CONCATENATION: OptionsTable(
        10,
        {
            "axis": Field(0, "int32", 0),
            "fused_activation_function": Field(1, "int8", 0),
        },
    ),
    BuiltinOperator.ADD: OptionsTable(11, _ACTIVATION_ONLY),
    BuiltinOperator.RESHAPE: OptionsTable(
        17, {"new_shape": Field(0, "vector", None)}
    ),
    BuiltinOperator.MUL: OptionsTable(21, _ACTIVATION_ONLY),
    BuiltinOperator.PAD: OptionsTable(22, {}),
    BuiltinOperator.TRANSPOSE: OptionsTable(26, {}),
    BuiltinOperator.MEAN: OptionsTable(
        27, {"keep_dims": Field(0, "bool", False)}
    ),
    BuiltinOperator.SUB: OptionsTable(28, _ACTIVATION_ONLY),
    BuiltinOperator.SQUEEZE: OptionsTable(
        30, {"squeeze_dims": Field(0, "vector", None)}
    ),
    BuiltinOperator.STRIDED_SLICE: OptionsTable(
        32,
        {
            "begin_mask": Field(0, "int32", 0),
            "end_mask": Field(1, "int32", 0),
            "ellipsis_mask": Field(2, "int32", 0),
            "new_axis_mask": Field(3, "int32", 0),
            "shrink_axis_mask": Field(4, "int32", 0),
        },
    ),
    BuiltinOperator.DEQUANTIZE: OptionsTable(38, {}),
    BuiltinOperator.EXPAND_DIMS: OptionsTable(52, {}),
    BuiltinOperator.SHAPE: OptionsTable(55, {"out_type": Field(0, "int8", 0)}),
    BuiltinOperator.PACK: OptionsTable(
        59,
        {"values_count": Field(0, "int32", 0), "axis": Field(1, "int32", 0)},
    ),
    BuiltinOperator.LEAKY_RELU: OptionsTable(
        75, {"alpha": Field(0, "float32", 0.0)}
    ),
    BuiltinOperator.QUANTIZE: OptionsTable(89, {}),
    BuiltinOperator.HARD_SWISH: OptionsTable(91, {}),
}


class Slots:
    """Fields of the tables that make up a model: name to (slot, count)."""

    MODEL_COUNT = 5
    MODEL_VERSION = 0
    MODEL_OPERATOR_CODES = 1
    MODEL_SUBGRAPHS = 2
    MODEL_DESCRIPTION = 3
    MODEL_BUFFERS = 4

    OPERATOR_CODE_COUNT = 4
    OPERATOR_CODE_DEPRECATED = 0
    OPERATOR_CODE_VERSION = 2
    OPERATOR_CODE_BUILTIN = 3

    SUBGRAPH_COUNT = 5
    SUBGRAPH_TENSORS = 0
    SUBGRAPH_INPUTS = 1
    SUBGRAPH_OUTPUTS = 2
    SUBGRAPH_OPERATORS = 3
    SUBGRAPH_NAME = 4

    TENSOR_COUNT = 5
    TENSOR_SHAPE = 0
    TENSOR_TYPE = 1
    TENSOR_BUFFER = 2
    TENSOR_NAME = 3
    TENSOR_QUANTIZATION = 4

    QUANTIZATION_COUNT = 7
    QUANTIZATION_SCALE = 2
    QUANTIZATION_ZERO_POINT = 3
    QUANTIZATION_DIMENSION = 6

    OPERATOR_COUNT = 5
    OPERATOR_CODE_INDEX = 0
    OPERATOR_INPUTS = 1
    OPERATOR_OUTPUTS = 2
    OPERATOR_OPTIONS_TYPE = 3
    OPERATOR_OPTIONS = 4


Shape = Tuple[int, ...]
