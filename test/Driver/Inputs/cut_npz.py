# cut_npz.py - keeps the first samples of a .npz file: cut_npz.py FILE COUNT
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests that run the tutorial need its commands, not its accuracy."""

import ast
import struct
import sys
import zipfile

path, count = sys.argv[1], int(sys.argv[2])
with zipfile.ZipFile(path) as archive:
    members = {name: archive.read(name) for name in archive.namelist()}
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, data in members.items():
        size = struct.unpack("<H", data[8:10])[0]
        header = ast.literal_eval(data[10 : 10 + size].decode())
        samples, *rest = header["shape"]
        header["shape"] = (count, *rest)
        text = str(header).ljust(size - 1) + "\n"
        elements = data[10 + size :]
        archive.writestr(
            name, data[:10] + text.encode() + elements[: len(elements) // samples * count]
        )
