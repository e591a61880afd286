#!/usr/bin/env python3
# compare.py - What several compilations of the network cost, in one table
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Usage: compare.py <name>=<report.json>[,<profile.json>]...
# The reports are those of `thimblec --report --evaluate`, the profiles those of `thimble-run --profile`,
# whose cycles are counted on the emulated core; without one they are the report's estimate. The standard
# library is enough.

import json
import sys

# Energy of a cycle in pJ by core, of a whole microcontroller at work, and where it comes from. An estimate
# for other programs: it takes for granted that these cost as much a cycle.
ENERGY = {
    "cortex-m4": (
        1431e6 / 5.21e6,
        "1431 uJ for 5.21 million cycles: MLCommons, MLPerf Tiny v1.3, keyword spotting on\n"
        "STMicroelectronics' NUCLEO-L4R5ZI-P (Cortex-M4, 120 MHz, 43.42 ms)",
    ),
}
HEADINGS = ["network", "flash B", "RAM B", "cycles a wheel", "accuracy, % (95 % interval)", "energy uJ"]


def row(argument):
    """Cells of one line, and the core."""
    name, _, paths = argument.partition("=")
    report, *profile = [json.load(open(path)) for path in paths.split(",")]
    totals, core = report["totals"], report["cpu"]
    cycles = profile[0]["total"]["cycles"] if profile else totals["cycles"]
    score = report["evaluation"]["networks"][-1]["score"]
    accuracy = "{value:.2f} ({low:.2f} to {high:.2f})".format(**{k: 100 * score[k] for k in ("value", "low", "high")})
    energy = f"{cycles * ENERGY[core][0] * 1e-6:,.0f}" if core in ENERGY else "-"
    cells = [name, f"{totals['flash']['total']:,}", f"{totals['ram']:,}",
             f"{cycles:,}" + ("" if profile else " (estimate)"), accuracy, energy]
    return cells, core


def main():
    rows, cores = zip(*map(row, sys.argv[1:]))
    widths = [max(map(len, column)) for column in zip(HEADINGS, *rows)]
    for cells in [HEADINGS, *rows]:
        print("  ".join([cells[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(cells[1:], widths[1:])]))
    for core in sorted(set(cores) & set(ENERGY)):
        picojoules, source = ENERGY[core]
        print(f"\nenergy: an estimate, {picojoules:.1f} pJ a cycle of {core}\n{source}")


if __name__ == "__main__":
    main()
