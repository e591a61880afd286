# lint_files.py - which files a lint looks at, and how it says what it found
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What all lints written in Python have in common: their command line.

    lint-<what> [-f] [--root <folder>] [<file>...]

Without files a lint looks at all that git tracks below the root. With -f it
mends what it can and reports only the rest.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Lint:
    """A run of a lint: the files, and the findings so far."""

    def __init__(self, description, can_fix=True):
        parser = argparse.ArgumentParser(description=description)
        if can_fix:
            parser.add_argument("-f", "--fix", action="store_true", help="mend files")
        parser.add_argument("--root", type=Path, default=ROOT, help="of the project")
        parser.add_argument("files", nargs="*", type=Path, help="default: all tracked")
        arguments = parser.parse_args()
        self.fix = can_fix and arguments.fix
        self.root = arguments.root.resolve()
        self.files = [p.resolve() for p in arguments.files] or self._tracked()
        self.findings = 0

    def _tracked(self):
        listing = subprocess.run(
            ["git", "-C", self.root, "ls-files", "-z", "--cached", "--others"]
            + ["--exclude-standard"],
            capture_output=True,
            text=True,
        )
        # A folder that is no checkout, as in the tests of the lints.
        top = self.root / ".git"
        if listing.returncode != 0 or not top.exists():
            return sorted(p for p in self.root.rglob("*") if p.is_file())
        names = sorted(filter(None, listing.stdout.split("\0")))
        return [p for p in (self.root / n for n in names) if p.is_file()]

    def relative(self, path):
        """The path below the root, or all of it."""
        path = Path(path)
        return path.relative_to(self.root) if self.root in path.parents else path

    def having(self, *suffixes):
        """The files whose names end so."""
        return [p for p in self.files if p.name.endswith(suffixes)]

    def report(self, path, line, message):
        """One finding, in the form of a compiler's error."""
        place = f"{self.relative(path)}:{line}" if line else f"{self.relative(path)}"
        print(f"{place}: error: {message}")
        self.findings += 1

    def finish(self):
        """The exit code."""
        sys.exit(1 if self.findings else 0)
