#!/usr/bin/env python3
# expect.py - What a network reads in the test pictures, run on this host
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: expect.py thimble-run model expected.csv
# The model takes and gives int8 as model.tflite does: grey values less 128, 256ths less 128. What it
# reads on the host is what the firmware has to read, bit for bit. The standard library is enough.

import csv
import os
import struct
import subprocess
import sys
import tempfile

import reading
from show import read_pgm

PICTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures")
WIDTH, HEIGHT, WHEELS = 20, 28, 5


def run(tool, model, wheels):
    """Probabilities in 256ths for the grey values of wheels."""
    with tempfile.TemporaryDirectory() as folder:
        given, got = os.path.join(folder, "wheels.bin"), os.path.join(folder, "digits.bin")
        with open(given, "wb") as file:
            file.write(bytes((grey - 128) % 256 for wheel in wheels for grey in wheel))
        subprocess.run([tool, model, "--mcpu=host", f"--input={given}", f"--output={got}"], check=True,
                       stdout=subprocess.DEVNULL)
        with open(got, "rb") as file:
            digits = struct.unpack(f"{10 * len(wheels)}b", file.read())
    return [[value + 128 for value in digits[i : i + 10]] for i in range(0, len(digits), 10)]


def wheels_of(path):
    width, height, pixels = read_pgm(path)
    if (width, height) != (WHEELS * WIDTH, HEIGHT):
        sys.exit(f"{path}: not a picture of five wheels, {WHEELS * WIDTH} x {HEIGHT}")
    return [b"".join(pixels[y * width + i * WIDTH :][:WIDTH] for y in range(height)) for i in range(WHEELS)]


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: expect.py thimble-run model expected.csv")
    tool, model, output = sys.argv[1:]
    with open(os.path.join(PICTURES, "expected.csv"), newline="") as file:
        pictures = list(csv.DictReader(file))
    wheels = [wheel for row in pictures for wheel in wheels_of(os.path.join(PICTURES, row["picture"]))]
    probabilities = run(tool, model, wheels)
    reading.write(output, [
        [row["picture"], row["about"], row["counter"], reading.settle(probabilities[WHEELS * i :][:WHEELS])]
        for i, row in enumerate(pictures)
    ])


if __name__ == "__main__":
    main()
