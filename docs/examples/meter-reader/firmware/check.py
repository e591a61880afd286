#!/usr/bin/env python3
# check.py - Compares what the firmware prints with expected.csv
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: check.py expected.csv command... runs the command (the firmware in an emulator) and compares.
# Readings, wheels and probabilities must all be equal: the compiled network has to give the same bits
# as the reference.

import csv
import subprocess
import sys

TIME_LIMIT = 60  # seconds; the firmware needs less than one


def expected_line(row):
    wheels = ", ".join(
        f"{digit} {tenths // 10}.{tenths % 10}%"
        for digit, tenths in zip(row["wheels"], (int(p) * 1000 // 256 for p in row["probabilities_of_256"].split())))
    return f"{row['picture']}: {row['reading']} | wheels {wheels}"


def main():
    with open(sys.argv[1], newline="") as file:
        expected = {row["picture"]: expected_line(row) for row in csv.DictReader(file)}
    count, failed = len(expected), 0
    try:
        run = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                             timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        sys.exit(f"the firmware did not end within {TIME_LIMIT} s")
    for line in run.stdout.splitlines():
        print(line)
        if expected.pop(line.split(":")[0], None) != line:
            failed += 1
            print(f"  differs from {sys.argv[1]}")
    for line in expected.values():
        failed += 1
        print(f"not printed: {line}")
    if run.returncode:
        failed += 1
        print(f"the firmware ended with exit code {run.returncode}")
    print(f"{count} pictures, {failed} differences")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
