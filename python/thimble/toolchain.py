# toolchain.py - Finds and calls the command-line tools
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds the tools, and calls them.

Looked for in this order: the folder in the environment variable
``THIMBLE_BIN``, the folders of ``PATH``, and ``build/bin`` of the source tree
that this package lies in (if it was not installed elsewhere).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import List, Optional, Sequence, Type

from .errors import CompileError, ToolNotFoundError

ENVIRONMENT_VARIABLE = "THIMBLE_BIN"


def _build_tree() -> Optional[Path]:
    """``build/bin`` of the source tree, if this file lies in one."""
    folder = Path(__file__).resolve().parents[2] / "build" / "bin"
    return folder if folder.is_dir() else None


def find_tool(name: str) -> str:
    """The path of the tool ``name``; :class:`ToolNotFoundError` without."""
    given = os.environ.get(ENVIRONMENT_VARIABLE)
    if given:
        found = shutil.which(name, path=given)
        if found:
            return found
        raise ToolNotFoundError(
            f"{name} is not in {given}, which {ENVIRONMENT_VARIABLE} names"
        )
    tree = _build_tree()
    found = shutil.which(name) or (
        shutil.which(name, path=str(tree)) if tree else None
    )
    if not found:
        raise ToolNotFoundError(
            f"{name} is neither in PATH nor in a build tree: build Thimble, or "
            f"set {ENVIRONMENT_VARIABLE} to the folder that holds it"
        )
    return found


def has_tool(name: str) -> bool:
    """Whether :func:`find_tool` would find ``name``."""
    try:
        find_tool(name)
    except ToolNotFoundError:
        return False
    return True


def call_tool(
    name: str,
    arguments: Sequence[str],
    error: Type[CompileError] = CompileError,
    timeout: Optional[float] = None,
) -> str:
    """Calls a tool; what it prints to standard output.

    Raises ``error`` with its diagnostics if it fails or takes longer than
    ``timeout`` seconds.
    """
    command: List[str] = [find_tool(name), *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise error(f"{name}: no end after {timeout} s", command) from expired
    if done.returncode != 0:
        said = done.stderr.strip() or done.stdout.strip()
        raise error(
            said or f"{name}: ended with status {done.returncode}", command
        )
    return done.stdout
