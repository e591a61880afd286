# errors.py - What can go wrong
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Exceptions of the package."""

from __future__ import annotations

from typing import List, Sequence


class ThimbleError(Exception):
    """Base of all errors that this package raises."""


class ToolNotFoundError(ThimbleError):
    """A command-line tool of Thimble is not where it is looked for."""


class CompileError(ThimbleError):
    """The compiler refused the model.

    ``diagnostics`` holds its messages as printed, notes included, one line an
    entry; ``command`` is the command line that printed them.
    """

    def __init__(self, diagnostics: str, command: Sequence[str]) -> None:
        self.diagnostics: List[str] = diagnostics.strip().splitlines()
        self.command: List[str] = list(command)
        super().__init__(diagnostics.strip() or "the compiler said nothing")


class RunError(CompileError):
    """The model could not be compiled, linked or run."""
