# __init__.py - Thimble from Python
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Thimble compiles quantized neural networks for Cortex-M.

    import thimble
    kws = thimble.compile("kws.tflite", mcpu="cortex-m4", output="kws.o")
    print(kws.report["totals"])
    scores = thimble.run("kws.tflite", features, mcpu="cortex-m4").outputs[0]

The work is done by the command-line tools ``thimblec`` and ``thimble-run``;
:mod:`thimble.toolchain` says where they are looked for.
"""

from .compiler import Compiled, compile
from .errors import CompileError, RunError, ThimbleError, ToolNotFoundError
from .runner import RunResult, run

__all__ = [
    "CompileError",
    "Compiled",
    "RunError",
    "RunResult",
    "ThimbleError",
    "ToolNotFoundError",
    "compile",
    "run",
]
