#!/usr/bin/env python3
# differential.py - Random graphs: Thimble against TensorFlow Lite Micro
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draws random small networks and compares Thimble with the reference.

Every network is run by the oracle, which gives every inner tensor; then by
thimble-run on the host with --preserve-tensors, where the first operator that
differs is named; then at other levels, where only outputs are there to compare;
then on emulated cores, which must agree with the host bit for bit; then, if
asked for, with little RAM, resident and fed row by row.

A network is known by its seed: `--seed 17 --count 1` draws it again.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "python"))

import thimble  # noqa: E402
from thimble import toolchain  # noqa: E402
from thimble.testing import oracle  # noqa: E402

import comparison  # noqa: E402
import graphs  # noqa: E402

# An emulated run of these graphs takes under a second; this is for hangs.
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Settings:
    """What each network is compared with."""

    cpus: Tuple[str, ...]
    levels: Tuple[str, ...]
    operators: Optional[Tuple[str, ...]]
    keep: Optional[str]
    core_levels: Tuple[str, ...] = ()
    planted: bool = False
    budgets: int = 0
    int16: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of one seed: ``passed``, ``failed`` or ``skipped``."""

    seed: int
    verdict: str
    operators: str
    message: str = ""


def _tensors(
    case: graphs.Case, cpu: Optional[str]
) -> Dict[int, np.ndarray]:
    """Every operator's result on the host or a core, by tensor index."""
    result = thimble.run(
        case.model,
        case.inputs,
        mcpu=cpu,
        preserve_tensors=True,
        timeout=TIMEOUT_SECONDS,
    )
    tensors = comparison.by_tensor(case.graph, result.tensors)
    # What is an output of the model needs no copy of its own.
    for index, array in zip(case.graph.outputs, result.outputs):
        tensors.setdefault(index, array)
    return tensors


def _outputs_at(
    case: graphs.Case,
    level: str,
    expected: Dict[int, np.ndarray],
    cpu: Optional[str] = None,
    arguments: Sequence[str] = (),
) -> Optional[str]:
    """What is wrong with the outputs at an optimization level, if anything."""
    result = thimble.run(
        case.model,
        case.inputs,
        mcpu=cpu,
        opt=level,
        arguments=arguments,
        timeout=TIMEOUT_SECONDS,
    )
    for i, (index, found) in enumerate(zip(case.graph.outputs, result.outputs)):
        wanted = expected[index]
        if found.dtype != wanted.dtype or found.size != wanted.size:
            return (
                f"output {i}: expected {wanted.dtype}{list(wanted.shape)}, "
                f"found {found.dtype}{list(found.shape)}"
            )
        wrong = found.reshape(wanted.shape) != wanted
        if wrong.any():
            at = tuple(int(k) for k in np.argwhere(wrong)[0])
            return (
                f"output {i}: element {list(at)} is "
                f"{found.reshape(wanted.shape)[at]}, expected {wanted[at]} "
                f"({int(wrong.sum())} of {wrong.size} elements differ)"
            )
    return None


def _least_ram(case: graphs.Case, cpu: Optional[str], io: str) -> int:
    """Bytes that the network is said to need at least."""
    try:
        _outputs_at(case, "2", {}, cpu, (f"--io={io}", "--max-ram=0"))
    except thimble.ThimbleError as error:
        return max(map(int, re.findall(r"needs (?:at least )?(\d+) bytes", str(error))))
    raise AssertionError("a network without RAM")


def _with_budgets(
    case: graphs.Case, expected: Dict[int, np.ndarray], settings: Settings
) -> Iterator[str]:
    """What is wrong with plans that keep to budgets of RAM."""
    random = np.random.default_rng(case.seed)
    for number in range(settings.budgets):
        io = "rows" if number % 2 else "arena"
        for cpu in (None, *settings.cpus):
            least = _least_ram(case, cpu, io)
            budget = int(least * random.uniform(1, 1.6))
            arguments = (f"--io={io}", f"--max-ram={budget}")
            try:
                text = _outputs_at(case, "2", expected, cpu, arguments)
            except thimble.ThimbleError as error:
                # There may be no plan as small as the bound.
                text = "" if "--max-ram" in str(error) else str(error)
            if text:
                options = " ".join(arguments)
                yield f"{cpu or 'host'} {options} against host -O0: {text}"


def _differences(
    case: graphs.Case, expected: Dict[int, np.ndarray], settings: Settings
) -> Iterator[str]:
    """Everything that is wrong with a network."""
    try:
        host = _tensors(case, None)
    except thimble.ThimbleError as error:
        yield f"host -O0: {error}"
        return
    difference = comparison.first_difference(case.graph, host, expected)
    if difference:
        yield f"host -O0 against the reference: {difference}"
    runs = [(None, level) for level in settings.levels]
    runs += [(c, level) for c in settings.cpus for level in settings.core_levels]
    for cpu, level in runs:
        # Exact passes must not change a bit of what -O0 gives.
        try:
            text = _outputs_at(case, level, host, cpu)
        except thimble.ThimbleError as error:
            text = str(error)
        if text:
            yield f"{cpu or 'host'} -O{level} against host -O0: {text}"
    for cpu in settings.cpus:
        try:
            other = comparison.identical(case.graph, _tensors(case, cpu), host)
        except thimble.ThimbleError as error:
            yield f"{cpu}: {error}"
            continue
        if other:
            yield f"{cpu} against host: {other}"
    yield from _with_budgets(case, host, settings)


def _keep(
    case: graphs.Case,
    expected: Dict[int, np.ndarray],
    messages: Sequence[str],
    folder: str,
) -> None:
    """Leaves what is needed to look into a failure."""
    target = Path(folder) / f"seed-{case.seed}"
    target.mkdir(parents=True, exist_ok=True)
    (target / "model.tflite").write_bytes(case.model)
    for i, array in enumerate(case.inputs):
        np.save(target / f"input_{i}.npy", array)
    for i, index in enumerate(case.graph.outputs):
        np.save(target / f"expected_{i}.npy", expected[index])
    for i, op in enumerate(case.graph.operators):
        name = f"tensor_{op.code.name.lower()}_{i}.npy"
        np.save(target / name, expected[op.outputs[0]])
    (target / "differences.txt").write_text("\n".join(messages) + "\n")


def examine(seed: int, settings: Settings) -> Outcome:
    """Draws the network of a seed and compares it."""
    if settings.planted:
        case = graphs.draw_planted(seed)
    else:
        case = graphs.draw(seed, settings.operators, settings.int16)
    try:
        expected = oracle.run_isolated(case.model, case.inputs)
    except oracle.OracleError as error:
        return Outcome(seed, "skipped", case.operators, str(error))
    messages = list(_differences(case, expected, settings))
    if not messages:
        return Outcome(seed, "passed", case.operators)
    if settings.keep:
        _keep(case, expected, messages, settings.keep)
    return Outcome(seed, "failed", case.operators, "\n  ".join(messages))


def _names(text: str) -> Tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def _parse(arguments: Optional[Sequence[str]]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--count", type=int, default=100, help="of networks")
    parser.add_argument(
        "--cpus", type=_names, default=(), help="cores, separated by commas"
    )
    parser.add_argument(
        "--levels",
        type=_names,
        default=("2",),
        help="optimization levels whose outputs are compared (0,s,2,3)",
    )
    parser.add_argument(
        "--core-levels",
        type=_names,
        default=(),
        help="the same on the cores, which else run at level 0 only",
    )
    parser.add_argument(
        "--planted",
        action="store_true",
        help="draw int8 networks with channels that need not be there",
    )
    parser.add_argument(
        "--budgets",
        type=int,
        default=0,
        help="of RAM, drawn for each network, host and core",
    )
    parser.add_argument(
        "--int16",
        action="store_true",
        help="draw networks with int16 activations",
    )
    parser.add_argument(
        "--ops",
        type=_names,
        default=None,
        help="draw only these: "
        + ", ".join(graphs.ALL_OPERATORS),
    )
    parser.add_argument("--keep", help="folder for networks that fail")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", help="also write the outcomes to this file")
    parsed = parser.parse_args(arguments)
    unknown = set(parsed.ops or ()) - set(graphs.ALL_OPERATORS)
    if unknown:
        parser.error(f"unknown operators: {', '.join(sorted(unknown))}")
    return parsed


def _run_all(seeds: Sequence[int], settings: Settings, jobs: int) -> List[Outcome]:
    outcomes: List[Outcome] = []
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for outcome in pool.map(examine, seeds, [settings] * len(seeds)):
            outcomes.append(outcome)
            if outcome.verdict != "passed":
                print(
                    f"seed {outcome.seed}: {outcome.verdict} "
                    f"[{outcome.operators}]\n  {outcome.message}",
                    flush=True,
                )
    return outcomes


def main(arguments: Optional[Sequence[str]] = None) -> int:
    options = _parse(arguments)
    if not oracle.is_available():
        print(
            "differential: the reference is not installed: pip install --pre "
            f"tflite-micro=={oracle.VERSION}",
            file=sys.stderr,
        )
        return 1
    try:
        toolchain.find_tool("thimble-run")
    except thimble.ToolNotFoundError as error:
        print(f"differential: {error}", file=sys.stderr)
        return 1
    settings = Settings(
        options.cpus,
        options.levels,
        options.ops,
        options.keep,
        options.core_levels,
        options.planted,
        options.budgets,
        options.int16,
    )
    seeds = range(options.seed, options.seed + options.count)
    outcomes = _run_all(seeds, settings, options.jobs)
    if options.json:
        Path(options.json).write_text(
            json.dumps([vars(o) for o in outcomes], indent=1) + "\n"
        )
    counts = {
        verdict: sum(o.verdict == verdict for o in outcomes)
        for verdict in ("passed", "failed", "skipped")
    }
    print(
        "differential: "
        + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    )
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
