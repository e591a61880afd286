# page.py - runs what a page of the documentation shows
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""page.py PAGE [--exact] [OLD NEW]... runs the indented blocks of a page of Markdown, in order, in the
current folder.

- A block whose first line is `// NAME` is a file of that name.
- `$ COMMAND` is run; a line that ends with a backslash is continued. Lines below
  it are what it prints: each has to be among the lines of the output, in this
  order, but for their numbers (--exact: with them). `...` stands for any lines.
  It has to fail if what it prints has an `error:`. Every OLD in a command is
  NEW, for settings that take less time.
"""

import re
import subprocess
import sys
from pathlib import Path


def blocks(text):
    """Lists of lines, without their indentation."""
    block = []
    for line in [*text.split("\n"), "end"]:
        if line.startswith("    ") or (block and not line.strip()):
            block.append(line[4:])
        elif block:
            yield "\n".join(block).strip("\n").split("\n")
            block = []


def steps(lines):
    """Commands, each with the lines that it prints."""
    command, continues = "", False
    found = []
    for line in lines:
        if line.startswith("$ ") or continues:
            command += line.removeprefix("$ ").removesuffix("\\")
            continues = line.endswith("\\")
            if not continues:
                found.append((command, []))
                command = ""
        elif found:
            found[-1][1].append(line)
    return found


def normalised(line, is_exact):
    """Without what may differ: spaces, the folder of a file, numbers."""
    line = " ".join(line.split())
    if is_exact:
        return line
    line = re.sub(r"[^\s']*/", "", line)
    return re.sub(r"-?\d[\d,.]*", "N", re.sub(r"-{2,}", "-", line))


def run(command, expected, is_exact):
    print(f"$ {command}", flush=True)
    done = subprocess.run(
        command, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    print(done.stdout, flush=True)
    fails = any("error:" in line for line in expected)
    if fails != (done.returncode != 0):
        sys.exit(f"expected {'an error' if fails else 'success'}: {command}")
    rest = iter([normalised(line, is_exact) for line in done.stdout.split("\n")])
    for line in expected:
        wanted = normalised(line, is_exact)
        if wanted and wanted != "..." and wanted not in rest:
            sys.exit(f"expected the line: {line}\nprinted by: {command}")


def main():
    page, *rest = sys.argv[1:]
    is_exact = rest[:1] == ["--exact"]
    changes = list(zip(rest[is_exact::2], rest[is_exact + 1 :: 2]))
    for lines in blocks(Path(page).read_text()):
        if lines[0].startswith("// "):
            Path(lines[0].removeprefix("// ")).write_text("\n".join(lines) + "\n")
        for command, expected in steps(lines):
            for old, new in changes:
                command = command.replace(old, new)
            run(command, expected, is_exact)


main()
