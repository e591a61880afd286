# thimble_run.py - Answers as thimble-run does, by the oracle
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the model by the oracle, and is wrong where it is told to be.

THIMBLE_FAULT=<core>:<thimble.id> changes the first element of that tensor in a
run for the core (``host`` without --mcpu); ``fail`` for the id ends the run.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

from thimble.testing.oracle import Oracle

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--mcpu", default="host")
parser.add_argument("--input", action="append", default=[])
parser.add_argument("--output", action="append", default=[])
parser.add_argument("--dump")
options, _ = parser.parse_known_args()

core, _, fault = os.environ.get("THIMBLE_FAULT", ":").partition(":")
if core != options.mcpu:
    fault = ""
if fault == "fail":
    sys.exit("error: the run failed")
oracle = Oracle(Path(options.model).read_bytes())
tensors = oracle.run([np.load(path) for path in options.input])
for op in oracle.operators:
    name = f"{op.name.lower()}_{op.index}"
    tensor = tensors[op.outputs[0]]
    if name == fault:
        tensor.reshape(-1)[0] ^= 1
    if options.dump:
        np.save(Path(options.dump) / f"{name}.npy", tensor)
for path, index in zip(options.output, oracle.outputs):
    np.save(path, tensors[index])
