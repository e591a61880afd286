# arithmetic.py - Tensors, and the operators that compute
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The part of the builder that adds tensors and the computing operators."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Union

import numpy as np

from . import shapes
from .model import Graph, Quantization, Tensor
from .schema import (
    NUMPY_NAME,
    Activation,
    BuiltinOperator,
    Padding,
    Shape,
)
from .shapes import Pair

Op = BuiltinOperator
Out = Optional[Quantization]

#: What the format asks of the outputs of these operators on int8.
LOGISTIC_OUTPUT = Quantization.per_tensor(1.0 / 256.0, -128)
SOFTMAX_OUTPUT = Quantization.per_tensor(1.0 / 256.0, -128)
TANH_OUTPUT = Quantization.per_tensor(1.0 / 128.0, 0)
#: The same of all three on int16.
INT16_FRACTION = Quantization.per_tensor(1.0 / 32768.0, 0)


def _fraction(x: Tensor, int8_output: Quantization) -> Out:
    """What an operator that gives fractions writes."""
    if x.is_float:
        return None
    return INT16_FRACTION if x.is_int16 else int8_output


def _operands(x: Tensor, weights: Tensor, bias: Optional[Tensor]) -> List[Tensor]:
    """A convolution without bias has two operands, not an empty third one."""
    return [x, weights] if bias is None else [x, weights, bias]


def _pair(value: Union[int, Pair]) -> Pair:
    return (value, value) if isinstance(value, int) else value


class ArithmeticBuilder(Graph):
    """A graph with one method a computing operator."""

    # Tensors.

    def input(
        self, name: str, shape: Sequence[int], dtype: Any, quantization: Out = None
    ) -> Tensor:
        """Adds an input of the graph."""
        tensor = self.add_tensor(name, shape, dtype, quantization)
        self.inputs.append(tensor.index)
        return tensor

    def output(self, *tensors: Tensor) -> None:
        """Makes tensors outputs of the graph."""
        self.outputs.extend(t.index for t in tensors)

    def constant(
        self, name: str, array: Any, quantization: Out = None
    ) -> Tensor:
        """Adds a constant with the type and shape of ``array``."""
        data = np.asarray(array)
        return self.add_tensor(name, data.shape, data.dtype, quantization, data)

    def weights(
        self, name: str, array: Any, scales: Sequence[float] = (), axis: int = 0
    ) -> Tensor:
        """Weights with zero point 0: int8 with scales, or float without."""
        quantization = None
        if len(scales) == 1:
            quantization = Quantization.per_tensor(scales[0])
        elif scales:
            quantization = Quantization.per_axis(scales, axis)
        return self.constant(name, array, quantization)

    def bias(
        self,
        name: str,
        array: Any,
        x: Tensor,
        weights: Tensor,
        dtype: Any = None,
    ) -> Tensor:
        """A bias: integers at the scale of the products, or float32.

        ``dtype`` is int64 for int16 (where it may also be int32), else int32.
        """
        if x.is_float:
            return self.constant(name, np.asarray(array, np.float32))
        assert weights.quantization is not None
        scales = [
            float(np.float32(x.scale) * np.float32(s))
            for s in weights.quantization.scales
        ]
        dtype = dtype or (np.int64 if x.is_int16 else np.int32)
        return self.weights(name, np.asarray(array, dtype), scales, 0)

    def result(
        self, op: Op, shape: Shape, like: Tensor, out: Out, name: Optional[str]
    ) -> Tensor:
        """Adds the tensor that an operator writes, of the type of ``like``."""
        name = name or f"{op.name.lower()}_{len(self.operators)}"
        return self.add_tensor(name, shape, NUMPY_NAME[like.type], out)

    # Convolutions and their kin.

    def conv_2d(
        self,
        x: Tensor,
        weights: Tensor,
        bias: Optional[Tensor],
        out: Out = None,
        padding: str = "SAME",
        strides: Union[int, Pair] = 1,
        dilation: Union[int, Pair] = 1,
        activation: str = "NONE",
        name: Optional[str] = None,
    ) -> Tensor:
        """Convolution of NHWC by weights (outputs, height, width, inputs)."""
        s, d, p = _pair(strides), _pair(dilation), Padding[padding]
        window = (weights.shape[1], weights.shape[2])
        shape = shapes.windowed(x.shape, weights.shape[0], window, s, d, p)
        y = self.result(Op.CONV_2D, shape, x, out, name)
        self.add_operator(
            Op.CONV_2D,
            _operands(x, weights, bias),
            [y],
            padding=p,
            stride_h=s[0],
            stride_w=s[1],
            dilation_h_factor=d[0],
            dilation_w_factor=d[1],
            fused_activation_function=Activation[activation],
        )
        return y

    def depthwise_conv_2d(
        self,
        x: Tensor,
        weights: Tensor,
        bias: Optional[Tensor],
        out: Out = None,
        padding: str = "SAME",
        strides: Union[int, Pair] = 1,
        dilation: Union[int, Pair] = 1,
        activation: str = "NONE",
        name: Optional[str] = None,
    ) -> Tensor:
        """Depthwise convolution by weights (1, height, width, channels)."""
        s, d, p = _pair(strides), _pair(dilation), Padding[padding]
        window = (weights.shape[1], weights.shape[2])
        channels = weights.shape[3]
        shape = shapes.windowed(x.shape, channels, window, s, d, p)
        y = self.result(Op.DEPTHWISE_CONV_2D, shape, x, out, name)
        self.add_operator(
            Op.DEPTHWISE_CONV_2D,
            _operands(x, weights, bias),
            [y],
            padding=p,
            stride_h=s[0],
            stride_w=s[1],
            depth_multiplier=channels // x.shape[3],
            dilation_h_factor=d[0],
            dilation_w_factor=d[1],
            fused_activation_function=Activation[activation],
        )
        return y

    def fully_connected(
        self,
        x: Tensor,
        weights: Tensor,
        bias: Optional[Tensor],
        out: Out = None,
        activation: str = "NONE",
        keep_num_dims: bool = False,
        name: Optional[str] = None,
    ) -> Tensor:
        """Product with weights (outputs, inputs) over the last dimension."""
        units, depth = weights.shape
        shape: Shape = (int(np.prod(x.shape)) // depth, units)
        if keep_num_dims:
            shape = x.shape[:-1] + (units,)
        y = self.result(Op.FULLY_CONNECTED, shape, x, out, name)
        self.add_operator(
            Op.FULLY_CONNECTED,
            [x, weights, bias],
            [y],
            fused_activation_function=Activation[activation],
            keep_num_dims=keep_num_dims,
        )
        return y

    def _pool(
        self,
        op: Op,
        x: Tensor,
        window: Union[int, Pair],
        strides: Union[int, Pair],
        padding: str,
        activation: str,
        name: Optional[str],
    ) -> Tensor:
        w, s, p = _pair(window), _pair(strides), Padding[padding]
        shape = shapes.windowed(x.shape, x.shape[3], w, s, (1, 1), p)
        y = self.result(op, shape, x, x.quantization, name)
        self.add_operator(
            op,
            [x],
            [y],
            padding=p,
            stride_h=s[0],
            stride_w=s[1],
            filter_height=w[0],
            filter_width=w[1],
            fused_activation_function=Activation[activation],
        )
        return y

    def average_pool_2d(
        self,
        x: Tensor,
        window: Union[int, Pair] = 2,
        strides: Union[int, Pair] = 2,
        padding: str = "VALID",
        activation: str = "NONE",
        name: Optional[str] = None,
    ) -> Tensor:
        """Mean over windows; the divisor counts the taps inside."""
        return self._pool(
            Op.AVERAGE_POOL_2D, x, window, strides, padding, activation, name
        )

    def max_pool_2d(
        self,
        x: Tensor,
        window: Union[int, Pair] = 2,
        strides: Union[int, Pair] = 2,
        padding: str = "VALID",
        activation: str = "NONE",
        name: Optional[str] = None,
    ) -> Tensor:
        """Maximum over windows."""
        return self._pool(
            Op.MAX_POOL_2D, x, window, strides, padding, activation, name
        )

    # Element-wise operators.

    def _binary(
        self,
        op: Op,
        left: Tensor,
        right: Tensor,
        out: Out,
        activation: str,
        name: Optional[str],
    ) -> Tensor:
        shape = shapes.broadcast(left.shape, right.shape)
        y = self.result(op, shape, left, out, name)
        self.add_operator(
            op,
            [left, right],
            [y],
            fused_activation_function=Activation[activation],
        )
        return y

    def add(
        self,
        left: Tensor,
        right: Tensor,
        out: Out = None,
        activation: str = "NONE",
        name: Optional[str] = None,
    ) -> Tensor:
        """Sum with broadcasting."""
        return self._binary(Op.ADD, left, right, out, activation, name)

    def sub(
        self,
        left: Tensor,
        right: Tensor,
        out: Out = None,
        activation: str = "NONE",
        name: Optional[str] = None,
    ) -> Tensor:
        """Difference with broadcasting."""
        return self._binary(Op.SUB, left, right, out, activation, name)

    def mul(
        self,
        left: Tensor,
        right: Tensor,
        out: Out = None,
        activation: str = "NONE",
        name: Optional[str] = None,
    ) -> Tensor:
        """Product with broadcasting."""
        return self._binary(Op.MUL, left, right, out, activation, name)

    def _unary(
        self, op: Op, x: Tensor, out: Out, name: Optional[str], **options: Any
    ) -> Tensor:
        y = self.result(op, x.shape, x, out, name)
        self.add_operator(op, [x], [y], **options)
        return y

    def relu(
        self, x: Tensor, out: Out = None, name: Optional[str] = None
    ) -> Tensor:
        """max(x, 0)."""
        return self._unary(Op.RELU, x, out or x.quantization, name)

    def relu6(self, x: Tensor, name: Optional[str] = None) -> Tensor:
        """min(max(x, 0), 6); cannot requantize."""
        return self._unary(Op.RELU6, x, x.quantization, name)

    def leaky_relu(
        self, x: Tensor, alpha: float, out: Out = None, name: Optional[str] = None
    ) -> Tensor:
        """x where positive, alpha * x elsewhere."""
        y = out or x.quantization
        return self._unary(Op.LEAKY_RELU, x, y, name, alpha=alpha)

    def hard_swish(
        self, x: Tensor, out: Out = None, name: Optional[str] = None
    ) -> Tensor:
        """x * relu6(x + 3) / 6."""
        return self._unary(Op.HARD_SWISH, x, out or x.quantization, name)

    def logistic(self, x: Tensor, name: Optional[str] = None) -> Tensor:
        """1 / (1 + exp(-x)); int8 output has scale 1/256, zero point -128."""
        return self._unary(Op.LOGISTIC, x, _fraction(x, LOGISTIC_OUTPUT), name)

    def tanh(self, x: Tensor, name: Optional[str] = None) -> Tensor:
        """tanh(x); int8 output has scale 1/128, zero point 0."""
        return self._unary(Op.TANH, x, _fraction(x, TANH_OUTPUT), name)

    def softmax(
        self, x: Tensor, beta: float = 1.0, name: Optional[str] = None
    ) -> Tensor:
        """Softmax over the last dimension; int8 output as for logistic."""
        out = _fraction(x, SOFTMAX_OUTPUT)
        return self._unary(Op.SOFTMAX, x, out, name, beta=beta)

    def quantize(
        self,
        x: Tensor,
        out: Quantization,
        name: Optional[str] = None,
        dtype: Any = "int8",
    ) -> Tensor:
        """Float or integers to int8 or int16 with another scale."""
        name = name or f"quantize_{len(self.operators)}"
        y = self.add_tensor(name, x.shape, dtype, out)
        self.add_operator(Op.QUANTIZE, [x], [y])
        return y

    def dequantize(self, x: Tensor, name: Optional[str] = None) -> Tensor:
        """int8 or int16 to float32."""
        name = name or f"dequantize_{len(self.operators)}"
        y = self.add_tensor(name, x.shape, "float32")
        self.add_operator(Op.DEQUANTIZE, [x], [y])
        return y
