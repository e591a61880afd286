#!/usr/bin/env python3
# show.py - Shows PGM pictures in the terminal
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: show.py [--plain] [--width COLUMNS] picture.pgm... (Python's standard library only). Each
# character cell shows two pixels, one above the other, in 24 greys of the 256-colour palette. With
# --plain, or when the output is no terminal, letters of different density stand for the greys.

import argparse
import os
import shutil
import signal
import sys

DENSITY = " .:-=+*#%@"


def read_pgm(path):
    """Width, height and pixels (bytes) of a binary 8-bit PGM file."""
    with open(path, "rb") as file:
        data = file.read()
    fields, at = [], 0
    while len(fields) < 4 and at < len(data):
        end = data.find(b"\n", at) if data[at : at + 1] == b"#" else at
        if end != at:
            at = end + 1 if end > 0 else len(data)
        elif data[at : at + 1].isspace():
            at += 1
        else:
            while end < len(data) and not data[end : end + 1].isspace():
                end += 1
            fields.append(data[at:end])
            at = end
    if len(fields) < 4 or fields[0] != b"P5" or fields[3] != b"255":
        sys.exit(f"{path}: not a binary PGM file with 255 grey values")
    width, height = int(fields[1]), int(fields[2])
    pixels = data[at + 1 : at + 1 + width * height]
    if len(pixels) != width * height:
        sys.exit(f"{path}: expected {width} x {height} pixels, found {len(pixels)}")
    return width, height, pixels


def shrink(width, height, pixels, columns):
    """Rows of grey values, at most `columns` wide, each the mean of the pixels it covers."""
    scale = max(1.0, width / columns)
    new_width, new_height = int(width / scale), max(2, round(height / scale))
    rows = []
    for y in range(new_height):
        top, bottom = y * height // new_height, max((y + 1) * height // new_height, y * height // new_height + 1)
        row = []
        for x in range(new_width):
            left, right = x * width // new_width, max((x + 1) * width // new_width, x * width // new_width + 1)
            part = [pixels[v * width + u] for v in range(top, bottom) for u in range(left, right)]
            row.append(sum(part) / len(part))
        rows.append(row)
    if len(rows) % 2:
        rows.append(rows[-1])
    return rows


def coloured(upper, lower):
    """One line of half blocks."""
    shade = lambda grey: 16 if grey < 4 else 231 if grey > 246 else 232 + int((grey - 4) * 24 / 243)
    return "".join(f"\x1b[38;5;{shade(a)};48;5;{shade(b)}m▀" for a, b in zip(upper, lower)) + "\x1b[0m"


def plain(upper, lower, low, high):
    """One line of letters, denser for brighter, stretched to the picture's contrast."""
    index = lambda a, b: int(((a + b) / 2 - low) / max(high - low, 1) * (len(DENSITY) - 0.01))
    return "".join(DENSITY[index(a, b)] for a, b in zip(upper, lower)).rstrip()


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `show.py ... | head` is no error
    parser = argparse.ArgumentParser(description="Shows PGM pictures in the terminal.")
    parser.add_argument("--plain", action="store_true", default=not sys.stdout.isatty() or "NO_COLOR" in os.environ,
                        help="letters instead of grey blocks")
    parser.add_argument("--colour", dest="plain", action="store_false", help="grey blocks even into a pipe")
    parser.add_argument("--width", type=int, default=shutil.get_terminal_size((100, 24)).columns)
    parser.add_argument("pictures", nargs="+")
    options = parser.parse_args()
    for path in options.pictures:
        rows = shrink(*read_pgm(path), max(options.width, 10))
        low, high = min(map(min, rows)), max(map(max, rows))
        print(os.path.basename(path))
        for upper, lower in zip(rows[::2], rows[1::2]):
            print(plain(upper, lower, low, high) if options.plain else coloured(upper, lower))


if __name__ == "__main__":
    main()
