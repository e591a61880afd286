# conftest.py - What the tests of the package share
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Paths, and stand-ins for the tools.

Most tests want to know what the package makes of a tool's answer, not whether
the compiler is right: they call stand-ins, which answer as the tools would, by
the oracle. Tests of the real tools are skipped where those are not built.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Iterator

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "test" / "EndToEnd" / "Models"

sys.path.insert(0, str(ROOT / "python"))
sys.path.insert(0, str(ROOT / "test" / "EndToEnd" / "Differential"))
sys.path.insert(0, str(MODELS))

from thimble import toolchain  # noqa: E402
from thimble.testing import oracle  # noqa: E402

needs_oracle = pytest.mark.skipif(
    not oracle.is_available(),
    reason=f"tflite-micro=={oracle.VERSION} is not installed",
)
needs_tools = pytest.mark.skipif(
    not (toolchain.has_tool("thimblec") and toolchain.has_tool("thimble-run")),
    reason="Thimble is not built",
)


def shared_models() -> Path:
    """The folder of whole networks with golden vectors; may not be there."""
    default = ROOT.parent / "shared"
    return Path(os.environ.get("THIMBLE_SHARED", default)) / "models"


@pytest.fixture
def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with stand-ins for the tools, which the package now uses."""
    folder = tmp_path / "stand_ins"
    folder.mkdir()
    here = Path(__file__).resolve().parent
    for name in ("thimblec", "thimble-run"):
        source = here / "stand_ins" / f"{name.replace('-', '_')}.py"
        script = folder / name
        script.write_text(f"#!{sys.executable}\n" + source.read_text())
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(toolchain.ENVIRONMENT_VARIABLE, str(folder))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "python"))
    yield folder
