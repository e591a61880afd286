# npy.py - writes a float32 .npy file: npy.py FILE SHAPE NUMBER...
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""SHAPE as 2x1x3. Needs no NumPy."""

import struct
import sys

path, shape, *numbers = sys.argv[1:]
sizes = ", ".join(shape.split("x")) + ","
header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}), }}"
header += " " * (-(len(header) + 11) % 64) + "\n"
with open(path, "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    file.write(struct.pack(f"<{len(numbers)}f", *map(float, numbers)))
