# bench_baselines.py - reads the tables of the baselines
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The baselines are not part of the project: their figures are read from the
Markdown beside the models whenever the benchmark runs."""

import os
import re
from pathlib import Path

PAGE = "baselines/tflm-cmsis-nn.md"


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def read_tables(text):
    """Yields (heading, rows) for each table; rows are dicts by column."""
    heading, header, rows = "", None, []
    for line in text.splitlines() + [""]:
        if line.startswith("|"):
            if header is None:
                header = cells(line)
            elif not re.fullmatch(r"[|:\- ]+", line):
                rows.append(dict(zip(header, cells(line))))
            continue
        if header is not None:
            yield heading, rows
            header, rows = None, []
        if line.startswith("#"):
            heading = line.lstrip("# ")


def number(text):
    """A whole number with commas, or None."""
    digits = (text or "").replace(",", "")
    return int(digits) if digits.isdigit() else None


class Baselines:
    """Figures by (what, model, column)."""

    def __init__(self, text=""):
        self.figures = {}
        for heading, rows in read_tables(text):
            for row in rows:
                for column, value in row.items():
                    if "Model" in row and number(value) is not None:
                        key = (heading.split(" ")[0], row["Model"], column)
                        self.figures.setdefault(key, number(value))

    @staticmethod
    def find(root):
        shared = Path(os.environ.get("THIMBLE_SHARED", root / ".." / "shared"))
        page = shared / PAGE
        return Baselines(page.read_text() if page.exists() else "")

    def of(self, model, cpu):
        """What is known of a model on a core, by the names of bench."""
        core = cpu.replace("cortex-m", "M").replace("plus", "+")
        found = {
            "instructions": self.figures.get(("Instructions", model, core))
            or self.figures.get(("Instructions", model, f"{core} (MVE)")),
            "cycles": self.figures.get(
                (f"Cortex-{core}:", model, "est. cycles incl. stalls")
            ),
            "ram": self.figures.get(("RAM", model, f"{core} arena")),
            "stack": self.figures.get(("RAM", model, f"{core} stack")),
        }
        # There, the model is data beside the code.
        code = self.figures.get(("Flash", model, f"{core} -O3"))
        data = self.figures.get(("Flash", model, "model bytes"))
        found["flash"] = code + data if code and data else None
        return {key: value for key, value in found.items() if value is not None}
