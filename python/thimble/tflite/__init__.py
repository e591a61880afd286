# __init__.py - Describes networks and writes them as .tflite files
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Describes networks and writes them as ``.tflite`` files.

Writing (:meth:`Graph.to_bytes`) needs the package ``flatbuffers``, which
``pip install thimble[tflite]`` brings along; describing needs only numpy.
"""

from .arithmetic import LOGISTIC_OUTPUT, SOFTMAX_OUTPUT, TANH_OUTPUT
from .builder import GraphBuilder
from .model import Graph, Operator, Quantization, Tensor
from .schema import Activation, BuiltinOperator, Padding, TensorType
from .shapes import same_padding_before

__all__ = [
    "Activation",
    "BuiltinOperator",
    "Graph",
    "GraphBuilder",
    "LOGISTIC_OUTPUT",
    "Operator",
    "Padding",
    "Quantization",
    "SOFTMAX_OUTPUT",
    "TANH_OUTPUT",
    "Tensor",
    "TensorType",
    "same_padding_before",
]
