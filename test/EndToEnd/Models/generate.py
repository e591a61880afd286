#!/usr/bin/env python3
# generate.py - Writes the models of the end-to-end tests
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes <name>_<kind>/{model.tflite,input.npy,expected.npy} for each network.

The expected outputs come from the oracle, so that tests need none. Further
inputs and outputs are input_1.npy, expected_1.npy and so on; each array has a
leading axis of several vectors. Generated again, files are the same byte for
byte; only float outputs depend on the host's exponential function.

With --chain=N writes a chain of N layers to --output instead: for measuring how
the compiler's time grows.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "python"))

from thimble.testing.oracle import Oracle  # noqa: E402

from layers import Network  # noqa: E402
from networks import FLOAT_ONLY, INT8_ONLY, INT16, NETWORKS  # noqa: E402

VECTORS = 4
MAX_MODEL_BYTES = 5 * 1024


def _kinds(name: str) -> List[Tuple[str, str]]:
    """Folders and types of a network's activations."""
    kinds = []
    if name not in FLOAT_ONLY:
        kinds.append((f"{name}_int8", "int8"))
    if name in INT16:
        kinds.append((f"{name}_int16", "int16"))
    if name not in INT8_ONLY:
        kinds.append((f"{name}_f32", "float32"))
    return kinds


def all_networks() -> Iterator[Network]:
    """Every network of every kind; its name is that of its folder."""
    for name, build in NETWORKS.items():
        for folder, dtype in _kinds(name):
            network = Network(folder, dtype)
            build(network)
            yield network


def _file(stem: str, index: int) -> str:
    return f"{stem}_{index}.npy" if index else f"{stem}.npy"


def inputs_of(network: Network) -> List[np.ndarray]:
    """Vectors for each input of a network."""
    return [network.vectors(network.tensors[i], VECTORS) for i in network.inputs]


def files(network: Network) -> Dict[str, object]:
    """Content of each file of a network's folder: bytes or an array."""
    model = network.to_bytes()
    assert len(model) <= MAX_MODEL_BYTES, f"{network.name}: {len(model)} bytes"
    inputs = inputs_of(network)
    oracle = Oracle(model)
    runs = [oracle.run_outputs([x[i] for x in inputs]) for i in range(VECTORS)]
    result: Dict[str, object] = {"model.tflite": model}
    for i, array in enumerate(inputs):
        result[_file("input", i)] = array
    for i in range(len(network.outputs)):
        result[_file("expected", i)] = np.stack([run[i] for run in runs])
    return result


def chain(layers: int) -> bytes:
    """Convolutions in a row, every tenth a depthwise one."""
    network = Network(f"chain_{layers}", "int8")
    x = network.source((1, 6, 6, 8))
    for i in range(layers):
        layer = network.depthwise if i % 10 == 9 else None
        x = layer(x, 3) if layer else network.conv(x, 8, 1 + 2 * (i % 2))
    network.output(x)
    return network.to_bytes()


def _write(folder: Path, network: Network) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files(network).items():
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
        else:
            np.save(folder / name, np.asarray(content))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=HERE)
    parser.add_argument("--chain", type=int, metavar="N")
    options = parser.parse_args()
    if options.chain:
        if options.output == HERE:
            parser.error("--chain needs --output=<file>")
        options.output.write_bytes(chain(options.chain))
        return 0
    count = 0
    for network in all_networks():
        _write(options.output / network.name, network)
        count += 1
    print(f"{count} models written to {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
