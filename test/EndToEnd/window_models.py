# window_models.py - random models of a window that slides over rows
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draws networks of the GRAPH stage, as text, that look at the last rows of a
stream: convolutions, pools and activations that pad no rows, branches that are
cropped and joined, and ends that need the whole window. Some are written as
one-dimensional networks are, with columns for rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Tuple

import numpy as np

Shape = Tuple[int, ...]


def turn(shape: Shape, lying: bool) -> Shape:
    """Height and width exchanged if rows are written as columns."""
    if not lying or len(shape) != 4:
        return shape
    return (shape[0], shape[2], shape[1], shape[3])


@dataclass
class Tensor:
    """A value of the text."""

    name: str
    shape: Shape
    scale: float
    zero_point: int

    lying: bool

    @property
    def type(self) -> str:
        dims = "x".join(map(str, turn(self.shape, self.lying)))
        quantized = f"!quant.uniform<i8:f32, {self.scale:.6e}:{self.zero_point}>"
        return f"tensor<{dims}x{quantized}>"


@dataclass
class Drawing:
    """A network as it is drawn."""

    random: np.random.Generator
    lying: bool = False
    lines: List[str] = field(default_factory=list)
    count: int = 0

    def value(self, shape: Shape, like: Tensor | None = None) -> Tensor:
        self.count += 1
        if like:
            scale, zero_point = like.scale, like.zero_point
        else:
            scale = float(f"{self.random.uniform(0.02, 0.2):.6e}")
            zero_point = int(self.random.integers(-60, 60))
        return Tensor(f"%v{self.count}", shape, scale, zero_point, self.lying)

    def op(self, name: str, operands: List[Tuple[str, str]], result: Tensor, attributes: str) -> Tensor:
        values = ", ".join(value for value, _ in operands)
        types = ", ".join(kind for _, kind in operands)
        attributes = f'thimble.id = "{name}_{self.count}"' + (
            f", {attributes}" if attributes else ""
        )
        self.lines.append(
            f"    {result.name} = thimble.{name} {values} {{{attributes}}} : "
            f"({types}) -> {result.type}"
        )
        return result

    def weight(self, shape: Shape) -> Tuple[str, str]:
        self.count += 1
        shape = turn(shape, self.lying)
        dims = "x".join(map(str, shape))
        numbers = self.random.integers(-127, 128, shape)
        kind = f"tensor<{dims}x!quant.uniform<i8<-127:127>:f32, 5.000000e-03>>"
        name = f"%w{self.count}"
        self.lines.append(
            f"    {name} = thimble.constant dense<{numbers.tolist()}> : "
            f"tensor<{dims}xi8> : {kind}"
        )
        return name, kind

    def bias(self, channels: int) -> Tuple[str, str]:
        self.count += 1
        numbers = self.random.integers(-3000, 3000, channels).tolist()
        name, kind = f"%b{self.count}", f"tensor<{channels}xi32>"
        self.lines.append(
            f"    {name} = thimble.constant dense<{numbers}> : {kind} : {kind}"
        )
        return name, kind

    def sizes(self, *values: int) -> str:
        """[height, width], [top, bottom, left, right], or one a dimension."""
        if self.lying and len(values) == 2:
            values = values[::-1]
        return "array<i64: " + ", ".join(map(str, values)) + ">"

    def window(self, name: str, x: Tensor, most_rows: int) -> Tensor:
        """A convolution or a pool over a few rows."""
        _, height, width, channels = x.shape
        draw = self.random.integers
        rows = int(draw(1, min(most_rows, height) + 1))
        columns = int(draw(1, min(3, width) + 1))
        dilation = int(draw(1, 3)) if rows > 1 and "conv" in name else 1
        if (rows - 1) * dilation >= height:
            dilation = 1
        stride = int(draw(1, 3)) if rows < height and draw(0, 3) == 0 else 1
        left = 0 if self.lying else int(draw(0, columns))
        out_height = (height - (rows - 1) * dilation - 1) // stride + 1
        out_width = width + left - columns + 1
        attributes = (
            f"padding = array<i64: 0, 0, {left}, 0>, strides = {self.sizes(stride, 1)}"
        )
        if "pool" in name:
            result = self.value((1, out_height, out_width, channels), x)
            attributes += f", kernel_size = {self.sizes(rows, columns)}"
            return self.op(name, [(x.name, x.type)], result, attributes)
        attributes += f", dilations = {self.sizes(dilation, 1)}"
        filters = channels if "depthwise" in name else int(draw(1, 9))
        shape = (
            (1, rows, columns, channels)
            if "depthwise" in name
            else (filters, rows, columns, channels)
        )
        operands = [(x.name, x.type), self.weight(shape), self.bias(filters)]
        result = self.value((1, out_height, out_width, filters))
        return self.op(name, operands, result, attributes)

    def crop(self, x: Tensor, first: int, rows: int) -> Tensor:
        """Some of the rows."""
        _, _, width, channels = x.shape
        result = self.value((1, rows, width, channels), x)
        return self.op(
            "strided_slice", [(x.name, x.type)], result,
            f"offsets = {self.sizes(*turn((0, first, 0, 0), self.lying))}, "
            f"sizes = {self.sizes(*turn((1, rows, width, channels), self.lying))}, "
            "strides = array<i64: 1, 1, 1, 1>",
        )  # fmt: skip

    def branch(self, x: Tensor) -> Tensor:
        """A skip around a depthwise convolution, added or joined."""
        _, height, width, channels = x.shape
        rows = int(self.random.integers(2, min(4, height - 1) + 1))
        operands = [
            (x.name, x.type), self.weight((1, rows, 1, channels)), self.bias(channels)
        ]  # fmt: skip
        left = height - rows + 1
        y = self.op(
            "depthwise_conv_2d", operands, self.value((1, left, width, channels), x),
            "padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>, "
            "dilations = array<i64: 1, 1>",
        )  # fmt: skip
        skip = self.crop(x, int(self.random.integers(0, rows)), left)
        pair = [(skip.name, skip.type), (y.name, y.type)]
        if self.random.integers(0, 2):
            return self.op("add", pair, self.value((1, left, width, channels)), "")
        joined = self.value((1, left, width, 2 * channels), x)
        return self.op("concatenation", pair, joined, "axis = 3 : i64")

    def scale(self, x: Tensor) -> Tensor:
        """A factor or a summand of each channel."""
        _, _, _, channels = x.shape
        name, kind = self.weight((1, 1, 1, channels))
        kind = kind.replace("i8<-127:127>:f32, 5.000000e-03", "i8:f32, 2.000000e-02:3")
        self.lines[-1] = self.lines[-1].replace(
            "i8<-127:127>:f32, 5.000000e-03", "i8:f32, 2.000000e-02:3"
        )
        pair = [(x.name, x.type), (name, kind)]
        operation = "add" if self.random.integers(0, 2) else "mul"
        return self.op(operation, pair, self.value(x.shape), "")

    def end(self, x: Tensor) -> Tensor:
        """What needs the window as a whole, if anything does."""
        _, height, width, channels = x.shape
        kind = int(self.random.integers(0, 4))
        if kind == 0:
            return x
        if kind == 1:
            result = self.value((1, channels))
            return self.op(
                "mean", [(x.name, x.type)], result, "axes = array<i64: 1, 2>"
            )
        if kind == 2:
            result = self.value((1, 1, 1, channels), x)
            return self.op(
                "average_pool_2d", [(x.name, x.type)], result,
                f"kernel_size = {self.sizes(height, width)}, "
                "padding = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>",
            )  # fmt: skip
        size = height * width * channels
        flat = self.op("reshape", [(x.name, x.type)], self.value((1, size), x), "")
        operands = [(flat.name, flat.type), self.weight((3, size)), self.bias(3)]
        return self.op("fully_connected", operands, self.value((1, 3)), "")


@dataclass
class WindowModel:
    """A network, and what runs it on a stream."""

    text: str
    rows: int
    row_shape: Shape
    zero_point: int
    lying: bool

    def windows(self, stream: np.ndarray, hop: int) -> np.ndarray:
        """The window before each call, of a stream that zeros come before."""
        zeros = np.full((self.rows, *self.row_shape), self.zero_point, np.int8)
        longer = np.concatenate([zeros, stream])
        windows = np.stack(
            [
                longer[None, end - self.rows : end]
                for end in range(self.rows + hop, len(longer) + 1, hop)
            ]
        )
        return windows.swapaxes(2, 3) if self.lying else windows


def draw_model(seed: int) -> WindowModel:
    """The network of a seed."""
    drawing = Drawing(np.random.default_rng(seed), lying=seed % 4 == 3)
    draw = drawing.random.integers
    rows = int(draw(8, 30))
    row_shape = (1 if drawing.lying else int(draw(1, 6)), int(draw(1, 6)))
    x = drawing.value((1, rows, *row_shape))
    source = x
    for _ in range(int(draw(1, 6))):
        height = x.shape[1]
        if height < 4:
            break
        kind = int(draw(0, 8))
        if kind == 0:
            x = drawing.op("relu", [(x.name, x.type)], drawing.value(x.shape, x), "")
            continue
        if kind < 3:
            x = drawing.branch(x) if kind == 1 else drawing.scale(x)
            continue
        names = ["conv_2d", "depthwise_conv_2d", "max_pool_2d", "average_pool_2d"]
        x = drawing.window(names[kind % 4], x, 4)
    x = drawing.end(x)
    body = "\n".join(drawing.lines)
    text = (
        f"func.func @model({source.name}: {source.type}) -> {x.type} {{\n{body}\n"
        f"    return {x.name} : {x.type}\n}}\n"
    )
    return WindowModel(text, rows, row_shape, source.zero_point, drawing.lying)
