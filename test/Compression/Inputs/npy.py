# npy.py - writes a .npy file: npy.py FILE SHAPE NUMBER...
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""SHAPE as 2x1x3 for float32, u1:4 for bytes. `random` instead of the numbers
draws them between 0 and 1, the same each time for a shape. Needs no NumPy."""

import math
import random
import struct
import sys

path, shape, *numbers = sys.argv[1:]
is_bytes = shape.startswith("u1:")
if numbers == ["random"]:
    draw = random.Random(shape).random
    numbers = [draw() for _ in range(math.prod(map(int, shape.split("x"))))]
sizes = ", ".join(shape.removeprefix("u1:").split("x")) + ","
descr = "|u1" if is_bytes else "<f4"
header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sizes}), }}"
header += " " * (-(len(header) + 11) % 64) + "\n"
elements = (
    bytes(map(int, numbers))
    if is_bytes
    else struct.pack(f"<{len(numbers)}f", *map(float, numbers))
)
with open(path, "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    file.write(elements)
