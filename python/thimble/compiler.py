# compiler.py - Compiles a model
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""``thimble.compile``: a model file to one object and one header."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from .errors import CompileError
from .tflite.model import Graph
from .toolchain import call_tool

#: A model: a path, the bytes of a ``.tflite`` file, or a graph.
Model = Union[str, "os.PathLike[str]", bytes, Graph]

#: What ``opt`` may be.
LEVELS = ("0", "s", "2", "3")

#: How a float model is compressed and judged: keywords of ``compile`` that are
#: options of ``thimblec``, which says what they mean and take. Those with a
#: path take any path.
COMPRESSION_OPTIONS = (
    "calibrate",  # path of samples; without it nothing is compressed
    "sample_scale",
    "sample_offset",
    "max_cycles",
    "max_drop",  # percent points
    "entropy_coding",  # False: --no-entropy-coding
    "epochs",
    "seed",
    "cache",  # folder
    "pareto",  # path of a .json file that is written
    "evaluate",  # path of samples; the figures are report["evaluation"]
    "labels",
    "task",
)


@dataclass(frozen=True)
class Compiled:
    """What the compiler wrote.

    ``report`` is the content of ``--report=x.json``, whose schema the
    compiler's documentation describes: totals and, for each layer, flash, RAM,
    multiply-accumulates, instructions and cycles. With ``evaluate`` it also
    has what the networks score on those samples.
    """

    object_path: Path
    header_path: Path
    report: Dict[str, Any]

    # Keeps a temporary folder alive as long as the result.
    _folder: Optional["tempfile.TemporaryDirectory[str]"] = None


def model_file(model: Model, folder: str) -> str:
    """A path of ``model``, written into ``folder`` if it is no path yet."""
    if isinstance(model, (bytes, bytearray, memoryview)):
        data = bytes(model)
    elif isinstance(model, Graph):
        data = model.to_bytes()
    else:
        return os.fspath(model)
    path = Path(folder) / "model.tflite"
    path.write_bytes(data)
    return str(path)


def common_arguments(
    mcpu: Optional[str], opt: Optional[str], preserve_tensors: bool
) -> List[str]:
    """Arguments that all tools take in the same way."""
    arguments: List[str] = []
    if mcpu is not None:
        arguments.append(f"--mcpu={mcpu}")
    if opt is not None:
        level = str(opt).upper().removeprefix("-").removeprefix("O").lower()
        if level not in LEVELS:
            raise ValueError(f"opt is one of {', '.join(LEVELS)}, not {opt!r}")
        arguments.append(f"-O{level}")
    if preserve_tensors:
        arguments.append("--preserve-tensors")
    return arguments


def compression_arguments(options: Mapping[str, Any]) -> List[str]:
    """Arguments of ``thimblec`` for the keywords of ``COMPRESSION_OPTIONS``."""
    unknown = sorted(set(options) - set(COMPRESSION_OPTIONS))
    if unknown:
        raise TypeError(f"compile() got an unexpected keyword argument {unknown[0]!r}")
    arguments: List[str] = []
    for name in COMPRESSION_OPTIONS:
        value = options.get(name)
        if name == "entropy_coding":
            if value is False:
                arguments.append("--no-entropy-coding")
        elif value is not None:
            arguments.append(f"--{name.replace('_', '-')}={value}")
    return arguments


def compile(  # noqa: A001 - the name says what it does
    model: Model,
    mcpu: str,
    opt: Optional[str] = None,
    output: Optional[Union[str, "os.PathLike[str]"]] = None,
    name: Optional[str] = None,
    io: Optional[str] = None,
    max_ram: Optional[Union[int, str]] = None,
    max_flash: Optional[Union[int, str]] = None,
    max_stack: Optional[Union[int, str]] = None,
    preserve_tensors: bool = False,
    arguments: Sequence[str] = (),
    **compression: Any,
) -> Compiled:
    """Compiles a model for one core; with ``calibrate`` compresses it first.

    Args:
      model: a path, the bytes of a ``.tflite`` file, or a graph.
      mcpu: the core, for instance ``"cortex-m4"``, or ``"host"``.
      opt: ``"0"``, ``"s"``, ``"2"`` (what the compiler takes by itself) or
        ``"3"``.
      output: the object's path; the header is beside it. A temporary folder
        that lives as long as the result if not given.
      name: the prefix of all symbols; the stem of the model's file by itself.
      io: ``"pointers"`` for no copies, ``"rows"`` to push the first input.
      max_ram, max_flash, max_stack: budgets in bytes, or text as ``"64K"``.
      preserve_tensors: keeps every operator's result in the arena.
      arguments: further arguments for ``thimblec``, as they are.
      compression: the keywords of ``COMPRESSION_OPTIONS``.

    Raises:
      TypeError: for any other keyword.
      CompileError: with the compiler's diagnostics.
      ToolNotFoundError: if ``thimblec`` is not installed.
    """
    folder = tempfile.TemporaryDirectory(prefix="thimble-")
    source = model_file(model, folder.name)
    target = Path(output) if output is not None else None
    if target is None:
        target = Path(folder.name) / (Path(source).stem + ".o")
    report = Path(folder.name) / "report.json"
    command = [source, "-o", str(target), f"--report={report}"]
    command += common_arguments(mcpu, opt, preserve_tensors)
    for option, value in (
        ("name", name),
        ("io", io),
        ("max-ram", max_ram),
        ("max-flash", max_flash),
        ("max-stack", max_stack),
    ):
        if value is not None:
            command.append(f"--{option}={value}")
    command += compression_arguments(compression)
    call_tool("thimblec", [*command, *arguments], CompileError)
    return Compiled(
        target,
        target.with_suffix(".h"),
        json.loads(report.read_text()),
        folder if output is None else None,
    )
