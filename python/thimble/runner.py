# runner.py - Runs a model on the host or on an emulated core
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""``thimble.run``: a model and arrays to arrays."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Union

import numpy as np

from .compiler import Model, common_arguments, model_file
from .errors import RunError
from .tflite.reader import count_outputs
from .toolchain import call_tool


@dataclass(frozen=True)
class RunResult:
    """What a run gave.

    ``outputs`` are the model's outputs in its order; ``tensors`` is the result
    of every operator by ``thimble.id`` if tensors were preserved, else empty.
    """

    outputs: List[np.ndarray]
    tensors: Dict[str, np.ndarray]


def run(
    model: Model,
    inputs: Union[np.ndarray, Sequence[np.ndarray]],
    mcpu: Optional[str] = None,
    opt: Optional[str] = None,
    preserve_tensors: bool = False,
    arguments: Sequence[str] = (),
    timeout: Optional[float] = None,
) -> RunResult:
    """Compiles a model and runs it.

    Args:
      model: a path, the bytes of a ``.tflite`` file, or a graph.
      inputs: one array per input of the model (or the only one). A leading
        axis more than the model asks for holds several vectors.
      mcpu: the emulated core; None for the host.
      opt: as in :func:`thimble.compile`.
      preserve_tensors: also gives every operator's result (implies ``-O0``).
      arguments: further arguments for ``thimble-run``, as they are.
      timeout: seconds after which the run is given up.

    Raises:
      RunError: with the diagnostics of the tool.
      ToolNotFoundError: if ``thimble-run`` is not installed.
    """
    arrays = [inputs] if isinstance(inputs, np.ndarray) else list(inputs)
    with tempfile.TemporaryDirectory(prefix="thimble-") as name:
        folder = Path(name)
        source = model_file(model, name)
        outputs = [
            folder / f"output_{i}.npy"
            for i in range(count_outputs(Path(source).read_bytes()))
        ]
        command = [source, *common_arguments(mcpu, opt, preserve_tensors)]
        for i, array in enumerate(arrays):
            path = folder / f"input_{i}.npy"
            np.save(path, np.ascontiguousarray(array))
            command.append(f"--input={path}")
        command += [f"--output={path}" for path in outputs]
        dump = folder / "tensors"
        if preserve_tensors:
            dump.mkdir()
            command.append(f"--dump={dump}")
        call_tool("thimble-run", [*command, *arguments], RunError, timeout)
        return RunResult([np.load(path) for path in outputs], _load_all(dump))


def _load_all(folder: Path) -> Dict[str, np.ndarray]:
    """The arrays of a folder by the stem of their files."""
    if not folder.is_dir():
        return {}
    return {path.stem: np.load(path) for path in sorted(folder.glob("*.npy"))}
