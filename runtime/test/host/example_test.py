# example_test.py - The documentation's example is the tested one
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compares Example.cpp with README.md and with the comment of model.hpp.

import pathlib
import sys
import textwrap


def main():
    runtime = pathlib.Path(__file__).parents[2]
    example = (runtime / "test/host/Example.cpp").read_text()
    example = example.split("// 8<\n")[1].split("// >8\n")[0]
    comment = textwrap.indent(example, "//   ", lambda line: True)
    comment = "\n".join(line.rstrip() for line in comment.splitlines())
    expected = {"README.md": f"```cpp\n{example}```\n",
                "include/thimble_rt/model.hpp": comment}
    stale = [name for name, text in expected.items()
             if text not in (runtime / name).read_text()]
    for name in stale:
        print(f"{name}: the example differs from test/host/Example.cpp")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
