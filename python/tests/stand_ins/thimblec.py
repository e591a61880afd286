# thimblec.py - Answers as the compiler does
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes an empty object and header, and its own arguments as the report."""

import argparse
import json
import sys
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("-o", dest="output", required=True)
parser.add_argument("--report", required=True)
options, rest = parser.parse_known_args()

if "--mcpu=cortex-m99" in rest:
    sys.exit("error: unknown CPU 'cortex-m99'\nnote: known are cortex-m4")
Path(options.output).write_bytes(b"")
Path(options.output).with_suffix(".h").write_text("")
Path(options.report).write_text(
    json.dumps({"model": Path(options.model).name, "arguments": rest})
)
