#!/usr/bin/env python3
# sparse_models.py - Layers with blocks of zeros, and what skipping them saves
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes one-layer models whose weights are zero in blocks.

Run as a program it counts instructions and cycles of each layer in the
emulator, dense and with blocks skipped: the table of
docs/rationale/sparse-execution.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, List, Tuple

import numpy as np
from emulation import BIN


@dataclass(frozen=True)
class Layer:
    """A convolution of `size` by `size` pixels, stride 1, or for a kernel of 0
    a matrix product."""

    kernel: int
    channels: int
    outputs: int
    size: int = 1

    @property
    def name(self) -> str:
        kind = f"conv{self.kernel}x{self.kernel}" if self.kernel else "fc"
        return f"{kind}_{self.channels}to{self.outputs}_{self.size}x{self.size}"

    @property
    def macs(self) -> int:
        return self.size**2 * max(self.kernel, 1) ** 2 * self.channels * self.outputs


def weights(
    layer: Layer, block: Tuple[int, int], zeros: float, seed: int
) -> np.ndarray:
    """OHWI weights; as near as possible to `zeros` of all blocks are zero."""
    random = np.random.default_rng(seed)
    rows, columns = block
    k = max(layer.kernel, 1)
    values = random.integers(-127, 128, (layer.outputs, k, k, layer.channels))
    values[values == 0] = 1
    groups = -(-layer.outputs // rows), k, k, -(-layer.channels // columns)
    count = int(np.prod(groups))
    kept = np.ones(count, bool)
    kept[random.permutation(count)[: round(zeros * count)]] = False
    mask = kept.reshape(groups).repeat(rows, 0).repeat(columns, 3)
    return (values * mask[: layer.outputs, :, :, : layer.channels]).astype(np.int8)


def two_of_four(layer: Layer, seed: int) -> np.ndarray:
    """Two of any four weights along the input channels are zero."""
    random = np.random.default_rng(seed)
    dense = weights(layer, (1, 1), 0, seed)
    order = random.random(dense.shape).reshape(-1, 4).argsort(axis=1)
    return (dense.reshape(-1, 4) * (order < 2)).reshape(dense.shape).astype(np.int8)


def _hex(values: np.ndarray) -> str:
    return "0x" + values.astype(values.dtype.newbyteorder("<")).tobytes().hex().upper()


def model(layer: Layer, filters: np.ndarray) -> str:
    """The layer as a module."""
    scales = ", ".join(f"{0.001 + 0.00001 * c:.5f}" for c in range(layer.outputs))
    bias = _hex(np.arange(layer.outputs, dtype=np.int32) * 37 - 200)
    c, o, s, k = layer.channels, layer.outputs, layer.size, layer.kernel
    pad = k // 2
    if k:
        x, y, w = f"1x{s}x{s}x{c}", f"1x{s}x{s}x{o}", f"{o}x{k}x{k}x{c}"
        op = (
            'thimble.conv_2d %x, %w, %b {thimble.id = "layer_0",'
            " strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>,"
            f" padding = array<i64: {pad}, {pad}, {pad}, {pad}>}}"
        )
    else:
        x, y, w = f"{s * s}x{c}", f"{s * s}x{o}", f"{o}x{c}"
        op = 'thimble.fully_connected %x, %w, %b {thimble.id = "layer_0"}'
    return f"""
!x = !quant.uniform<i8:f32, 0.05:-3>
!y = !quant.uniform<i8:f32, 0.25:5>
!w = !quant.uniform<i8:f32:0, {{{scales}}}>
func.func @net(%x: tensor<{x}x!x>) -> tensor<{y}x!y> {{
  %w = thimble.constant dense<"{_hex(filters)}"> : tensor<{w}xi8> : tensor<{w}x!w>
  %b = thimble.constant dense<"{bias}"> : tensor<{o}xi32> : tensor<{o}xi32>
  %0 = {op} : (tensor<{x}x!x>, tensor<{w}x!w>, tensor<{o}xi32>) -> tensor<{y}x!y>
  return %0 : tensor<{y}x!y>
}}
"""


def input_of(layer: Layer) -> np.ndarray:
    shape: Tuple[int, ...] = (layer.size**2, layer.channels)
    if layer.kernel:
        shape = (1, layer.size, layer.size, layer.channels)
    return np.random.default_rng(3).integers(-128, 128, shape).astype(np.int8)


def write(folder: Path, layer: Layer, filters: np.ndarray) -> Tuple[Path, Path]:
    """The files of a model and of its input."""
    path, given = folder / "net.mlir", folder / "x.npy"
    path.write_text(model(layer, filters))
    np.save(given, input_of(layer))
    return path, given


def count(path: Path, core: str, *options: str) -> Dict[str, float]:
    """Instructions and cycles of the layer, on `x.npy` beside it."""
    profile = path.with_suffix(".json")
    command = [BIN / "thimble-run", path, f"--mcpu={core}", f"--profile={profile}"]
    command.append(f"--input={path.parent / 'x.npy'}")
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)
    counted = json.loads(profile.read_text())
    layer = counted["layers"][0]
    return {
        key: layer[key] / counted["invocations"] for key in ("instructions", "cycles")
    }


LAYERS = [
    Layer(3, 16, 16, 16),
    Layer(1, 64, 64, 10),
    Layer(0, 256, 128),
    Layer(0, 256, 128, 3),
]


def _row(
    layer: Layer,
    scheme: str,
    block: Tuple[int, int],
    zeros: float,
    cores: Iterable[str],
    folder: Path,
) -> List[str]:
    filters = (
        two_of_four(layer, 1) if scheme == "n_m" else weights(layer, block, zeros, 1)
    )
    path, _ = write(folder, layer, filters)
    row = [layer.name, scheme, f"{zeros:.0%}"]
    for core in cores:
        dense = count(path, core, "-O0")
        sparse = count(path, core, "-O3", f"--encoding={scheme}")
        for key in ("instructions", "cycles"):
            row.append(
                f"{dense[key] / layer.macs:.2f} {sparse[key] / layer.macs:.2f} "
                f"({dense[key] / sparse[key]:.2f}x)"
            )
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cpus", default="cortex-m0plus,cortex-m4,cortex-m55")
    parser.add_argument("--blocks", default="4x2,4x4,2x4,1x4")
    parser.add_argument("--zeros", default="0,0.25,0.5,0.75")
    parser.add_argument("--layers", default="", help="a part of their names")
    options = parser.parse_args()
    cores = options.cpus.split(",")
    print("layer, scheme, zeros, per core and MAC: instructions, cycles; dense sparse")
    with tempfile.TemporaryDirectory() as folder:
        for layer in LAYERS:
            if options.layers not in layer.name:
                continue
            for shape in options.blocks.split(","):
                rows, _, columns = shape.partition("x")
                scheme = f"block<{shape}>" if columns else shape
                block = (int(rows), int(columns)) if columns else (1, 1)
                for zeros in (
                    [0.5] if shape == "n_m" else map(float, options.zeros.split(","))
                ):
                    print(
                        *_row(layer, scheme, block, zeros, cores, Path(folder)),
                        sep=" | ",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
