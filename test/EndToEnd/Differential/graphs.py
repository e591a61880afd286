# graphs.py - Random graphs
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draws a graph: a single operator, or a network of 2 to 8 of them.

The same seed and settings always give the same graph. In a network an operator
follows any earlier tensor, not only the last one, so there are branches,
residuals and joins; every tensor that nothing reads is an output.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Sequence

import numpy as np

from thimble.tflite import GraphBuilder, Tensor

import elementwise as ew
import rearranging as ra
import windowed as wi
from planted import PlantedSampler, network as planted_network
from sampler import NotApplicable, Sampler
from sixteen import Int16Sampler

#: How to put each operator behind a tensor. FLATTEN stands for the operators
#: that compute a shape (SHAPE, STRIDED_SLICE, PACK) and the RESHAPE by it.
OPERATORS: Dict[str, Callable[..., Tensor]] = {
    "CONV_2D": wi.conv_2d,
    "DEPTHWISE_CONV_2D": wi.depthwise_conv_2d,
    "FULLY_CONNECTED": wi.fully_connected,
    "AVERAGE_POOL_2D": wi.average_pool_2d,
    "MAX_POOL_2D": wi.max_pool_2d,
    "MEAN": wi.mean,
    "ADD": ew.add,
    "SUB": ew.sub,
    "MUL": ew.mul,
    "RELU": ew.relu,
    "RELU6": ew.relu6,
    "LEAKY_RELU": ew.leaky_relu,
    "HARD_SWISH": ew.hard_swish,
    "LOGISTIC": ew.logistic,
    "TANH": ew.tanh,
    "SOFTMAX": ew.softmax,
    "QUANTIZE": ew.quantize,
    "DEQUANTIZE": ew.dequantize,
    "RESHAPE": ra.reshape,
    "FLATTEN": ra.flatten_by_shape,
    "SQUEEZE": ra.squeeze,
    "EXPAND_DIMS": ra.expand_dims,
    "PAD": ra.pad,
    "CONCATENATION": ra.concatenation,
    "STRIDED_SLICE": ra.strided_slice,
    "TRANSPOSE": ra.transpose,
}

#: Packing of what is computed at run time: the compiler folds PACK where it is
#: constant, as in FLATTEN, and refuses it elsewhere.
OPERATORS_ON_REQUEST: Dict[str, Callable[..., Tensor]] = {"PACK": ra.pack}

ALL_OPERATORS = {**OPERATORS, **OPERATORS_ON_REQUEST}

# Operators that are most of what networks are made of get most of the draws.
_COMMON = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD")
_IMAGE = (
    "CONV_2D",
    "DEPTHWISE_CONV_2D",
    "AVERAGE_POOL_2D",
    "MAX_POOL_2D",
)
_MOST_ATTEMPTS = 60

#: Operators that the reference has no form of for int16.
_INT8_ONLY = ("HARD_SWISH",)


@dataclass(frozen=True)
class Case:
    """A graph and values for its inputs."""

    seed: int
    model: bytes
    inputs: List[np.ndarray]
    graph: GraphBuilder

    @property
    def operators(self) -> str:
        """The operators of the graph, in a line."""
        return ", ".join(op.code.name for op in self.graph.operators)


def _apply(s: Sampler, name: str, x: Tensor, others: Sequence[Tensor]) -> Tensor:
    """Puts an operator behind x; leaves the graph as it was if it cannot."""
    function = ALL_OPERATORS[name]
    graph = s.graph
    before = (len(graph.tensors), len(graph.operators), len(graph.inputs))
    try:
        if len(inspect.signature(function).parameters) == 3:
            return function(s, x, others)
        return function(s, x)
    except (NotApplicable, ValueError):
        del graph.tensors[before[0] :]
        del graph.operators[before[1] :]
        del graph.inputs[before[2] :]
        raise NotApplicable(name) from None


def _single(s: Sampler, name: str) -> None:
    """A graph of one operator."""
    for _ in range(_MOST_ATTEMPTS):
        s.graph = GraphBuilder("main")
        shape = s.image_shape() if name in _IMAGE else s.any_shape()
        x = s.input(shape)
        try:
            s.graph.output(_apply(s, name, x, [x]))
            return
        except NotApplicable:
            continue
    raise NotApplicable(name)


def _network(s: Sampler, names: Sequence[str]) -> None:
    """A graph of 2 to 8 operators."""
    length = s.integer(2, 8)
    live: List[Tensor] = [s.input(s.image_shape())]
    weights = [6.0 if n in _COMMON else 1.0 for n in names]
    chances = np.asarray(weights) / sum(weights)
    for _ in range(_MOST_ATTEMPTS):
        if len(s.graph.operators) >= length:
            break
        x = live[-1] if s.chance(0.7) else s.choice(live)
        name = str(s.rng.choice(names, p=chances))
        if name == "QUANTIZE" and s.chance(0.7):
            continue
        try:
            live.append(_apply(s, name, x, live))
        except NotApplicable:
            continue
    if not s.graph.operators:
        raise NotApplicable("no operator fits")
    _add_outputs(s, live)


def _add_outputs(s: Sampler, live: List[Tensor]) -> None:
    read = {i for op in s.graph.operators for i in op.inputs}
    inputs = set(s.graph.inputs)
    ends = [t for t in live if t.index not in read and t.index not in inputs]
    s.graph.output(*ends)
    # Now and then a tensor that is also read further on.
    inner = [t for t in live if t.index in read and t.index not in inputs]
    if inner and s.chance(0.15):
        s.graph.output(s.choice(inner))


def draw(
    seed: int, names: Optional[Sequence[str]] = None, int16: bool = False
) -> Case:
    """The graph of a seed.

    ``names`` restricts the operators; a quarter of the graphs is float (with
    ``int16`` none is), and half of them is a single operator.
    """
    rng = np.random.default_rng(seed)
    chosen = list(names or OPERATORS)
    if int16:
        chosen = [name for name in chosen if name not in _INT8_ONLY]
        if not chosen:
            raise NotApplicable("no operator with a form for int16")
        s: Sampler = Int16Sampler(rng, is_float=False)
    else:
        s = Sampler(rng, is_float=bool(rng.random() < 0.25))
    for _ in range(_MOST_ATTEMPTS):
        try:
            if s.chance(0.5):
                _single(s, s.choice(chosen))
            else:
                s.graph = GraphBuilder("main")
                _network(s, chosen)
            break
        except NotApplicable:
            continue
    else:
        raise NotApplicable(f"seed {seed}: no graph of {', '.join(chosen)}")
    return _case(seed, s)


def draw_planted(seed: int) -> Case:
    """The network of a seed with channels that need not be there."""
    s = PlantedSampler(np.random.default_rng(seed), is_float=False)
    for _ in range(_MOST_ATTEMPTS):
        try:
            s.graph = GraphBuilder("main")
            _add_outputs(s, planted_network(s))
            return _case(seed, s)
        except NotApplicable:
            continue
    raise NotApplicable(f"seed {seed}: no network")


def _case(seed: int, s: Sampler) -> Case:
    inputs = [s.input_values(s.graph.tensors[i]) for i in s.graph.inputs]
    return Case(seed, s.graph.to_bytes(), inputs, s.graph)
