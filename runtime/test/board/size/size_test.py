# size_test.py - What the runtime adds to a firmware
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The wrapper alone adds nothing to the C calls, all of the runtime less than
# 1 KB, and neither brings writable data, constructors or calls of a library.

import argparse
import subprocess
import sys

BUDGET = 1024
ALLOCATED = (".text", ".rodata", ".data", ".bss", ".init_array", ".ARM.ex")


def sections(size_tool, path):
    """Bytes by section kind."""
    listing = subprocess.run([size_tool, "-A", path], check=True, text=True,
                             capture_output=True).stdout
    total = dict.fromkeys(ALLOCATED, 0)
    for line in listing.splitlines():
        name, *rest = line.split() or [""]
        for kind in ALLOCATED:
            if name.startswith(kind):
                total[kind] += int(rest[0])
    return total


def undefined(nm_tool, path):
    listing = subprocess.run([nm_tool, "-u", path], check=True, text=True,
                             capture_output=True).stdout
    return {line.split()[-1] for line in listing.splitlines()}


def flash(total):
    return sum(total.values()) - total[".bss"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", required=True)
    parser.add_argument("--nm", required=True)
    parser.add_argument("objects", nargs=3, help="direct, wrapped, quantized")
    arguments = parser.parse_args()
    paths = arguments.objects
    direct, wrapped, quantized = (sections(arguments.size, path)
                                  for path in paths)
    failures = []

    def check(condition, text):
        print(("ok:     " if condition else "FAILED: ") + text)
        if not condition:
            failures.append(text)

    check(wrapped == direct,
          f"wrapped {flash(wrapped)} bytes of flash, direct {flash(direct)}")
    added = flash(quantized) - flash(direct)
    check(0 < added < BUDGET, f"everything adds {added} bytes, below {BUDGET}")
    for path, total in zip(paths, (direct, wrapped, quantized)):
        check(total[".data"] == total[".init_array"] == 0,
              f"{path}: no initialized data, no constructors")
        check(total[".bss"] == 64, f"{path}: no memory but the arena")
        foreign = {name for name in undefined(arguments.nm, path)
                   if not name.startswith("__aeabi_")}
        check(foreign <= {"mixer_invoke", "blender_invoke"},
              f"{path}: calls {sorted(foreign)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
