# memory_map.py - the map of the arena against the other figures of a report
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""memory_map.py REPORT PLANNED [KIND]...: every KIND has to be among the buffers.

Works out anew from the buffers what the report says about layers and arena, and
looks for every placement of the planned IR among the buffers.
"""

import json
import re
import sys
from pathlib import Path


def covered(extents):
    """Bytes in any of [begin, end)."""
    total = last = 0
    for begin, end in sorted(extents):
        total += max(end, last) - max(begin, last)
        last = max(end, last)
    return total


def check(condition, *what):
    if not condition:
        sys.exit(f"memory_map.py: {' '.join(map(str, what))}")


def check_layers(report):
    """Live bytes of every layer; returns the most."""
    buffers = report["ram"]["buffers"]
    most = 0
    for number, layer in enumerate(report["layers"]):
        live = [b for b in buffers if b["first_layer"] <= number <= b["last_layer"]]
        extents = [(b["offset"], b["offset"] + b["bytes"]) for b in live]
        found = covered(extents)
        check(found == layer["ram"]["live"], layer["id"], layer["ram"], "but", live)
        own = [b for b in live if b["name"] == layer["id"]]
        steps = sum(
            b["bytes"] for b in own if b["kind"] in ("scratch", "sums", "decoded")
        )
        check(steps == layer["ram"]["scratch"], layer["id"], "scratch", own)
        most = max(most, found)
    return most


def check_placements(report, planned):
    """Every address in the IR is one of a buffer."""
    offsets = {b["offset"] for b in report["ram"]["buffers"]}
    found = 0
    for placement in re.findall(r'#thimble.placement<"arena", ([^>]*)>', planned):
        offset = int(placement.split(",")[0])
        newest = re.search(r"newest = (\d+)", placement)
        check(offset in offsets, "no buffer at", offset)
        check(not newest or int(newest[1]) in offsets, "no buffer at", newest)
        found += 1
    check(found > 0 or not offsets, "no placements")


def main():
    report, planned, *kinds = sys.argv[1:]
    report = json.loads(Path(report).read_text())
    ram = report["ram"]
    end = max((b["offset"] + b["bytes"] for b in ram["buffers"]), default=0)
    alignment = report["totals"]["ram_alignment"]
    check(ram["arena"] == report["totals"]["ram"], "two arenas")
    check(-(-end // alignment) * alignment == ram["arena"], "the last byte is", end)
    most = check_layers(report)
    check(ram["bound"] <= ram["live_peak"] <= most <= ram["arena"], ram, most)
    check_placements(report, Path(planned).read_text())
    for kind in kinds:
        check(any(b["kind"] == kind for b in ram["buffers"]), "no", kind)
    for stream in ram["streams"]:
        check(stream["first_layer"] <= stream["last_layer"], stream)


if __name__ == "__main__":
    main()
