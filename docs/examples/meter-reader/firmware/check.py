#!/usr/bin/env python3
# check.py - Compares what the firmware prints with expected.csv
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: firmware | check.py expected.csv. Readings, wheels and probabilities must all be equal: the
# compiled network has to give the same bits as the reference.

import csv
import sys


def expected_line(row):
    wheels = ", ".join(
        f"{digit} {tenths // 10}.{tenths % 10}%"
        for digit, tenths in zip(row["wheels"], (int(p) * 1000 // 256 for p in row["probabilities_of_256"].split())))
    return f"{row['picture']}: {row['reading']} | wheels {wheels}"


def main():
    with open(sys.argv[1], newline="") as file:
        expected = {row["picture"]: expected_line(row) for row in csv.DictReader(file)}
    failed = 0
    for line in filter(None, map(str.strip, sys.stdin)):
        print(line)
        name = line.split(":")[0]
        if expected.pop(name, None) != line:
            failed += 1
            print(f"  differs from {sys.argv[1]}", file=sys.stderr)
    for line in expected.values():
        failed += 1
        print(f"  not printed: {line}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
