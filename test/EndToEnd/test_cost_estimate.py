# test_cost_estimate.py - the static estimate against counts in the emulator
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""docs/rationale/cost-estimate.md says how good the estimate has to be. These
networks are small, so that what a layer does once weighs more than in others.
"""

import json
import re
import subprocess

import pytest
from emulation import BIN, MODELS, SHARED, needs_core

NETWORKS = [
    "add_int8", "average_pool_2d_int8", "concatenation_int8", "conv_2d_int8",
    "conv_chain_f32", "depthwise_separable_int8", "fully_connected_int8",
    "depthwise_conv_2d_int8", "max_pool_2d_int8", "mul_int8", "reshape_int8",
    "softmax_int8",
]  # fmt: skip
# Relative error of a whole network: the goal is 10 %, where the vendor publishes
# no timing 30 %.
TOLERANCE = {"cortex-m0plus": 0.1, "cortex-m4": 0.1, "cortex-m55": 0.3}
LAYER_TOLERANCE = {"cortex-m0plus": 0.25, "cortex-m4": 0.25, "cortex-m55": 0.4}
# Cycles by which a layer may be off because the length of a memcpy decides.
SLACK = 60


def measure(network, core, folder, level="0", arguments=(), inputs=None):
    """(estimate, count) of the cycles of each layer, by id."""
    model = network if inputs else MODELS / network / "model.tflite"
    options = [model, f"--mcpu={core}", f"-O{level}", *arguments]
    report, profile = folder / "report.json", folder / "profile.json"
    subprocess.run(
        [BIN / "thimblec", *options, "-o", folder / "model.o", "--quiet"]
        + [f"--report={report}"],
        check=True,
    )
    inputs = inputs or sorted((MODELS / network).glob("input*.npy"))
    run = [f"--input={file}" for file in inputs] + [f"--profile={profile}"]
    subprocess.run(
        [BIN / "thimble-run", *options, *run], check=True, stdout=subprocess.DEVNULL
    )
    counted = json.loads(profile.read_text())
    layers = {layer["id"]: layer for layer in counted["layers"]}
    return {
        layer["id"]: (
            layer["cycles"],
            layers[layer["id"]]["cycles"] / counted["invocations"],
        )
        for layer in json.loads(report.read_text())["layers"]
        if layer["id"] in layers
    }


@pytest.mark.parametrize("core", TOLERANCE)
@pytest.mark.parametrize("network", NETWORKS)
def test_estimate_is_near_the_count(network, core, tmp_path):
    needs_core(core)
    layers = measure(network, core, tmp_path)
    assert layers
    for name, (estimate, count) in layers.items():
        allowed = LAYER_TOLERANCE[core] * count + SLACK
        assert abs(estimate - count) <= allowed, name
    estimate = sum(layer[0] for layer in layers.values())
    count = sum(layer[1] for layer in layers.values())
    assert abs(estimate - count) <= TOLERANCE[core] * count + SLACK


def test_shared_functions_keep_layers_apart(tmp_path):
    """Layers that share a step function are not given the average."""
    needs_core("cortex-m4")
    layers = measure("conv_chain_int8", "cortex-m4", tmp_path, level="2")
    for name, (estimate, count) in layers.items():
        assert abs(estimate - count) <= 0.1 * count + SLACK, name


@pytest.mark.parametrize("io, ram", [("arena", 4200), ("rows", 3900)])
def test_steps_of_a_stream_add_up(tmp_path, io, ram):
    """Calls, holds and what only some steps do, as sums and padding."""
    needs_core("cortex-m4")
    folder = SHARED / "kws"
    if not (folder / "model.tflite").exists():
        pytest.skip("needs the networks of $THIMBLE_SHARED")
    layers = measure(
        folder / "model.tflite", "cortex-m4", tmp_path, "2",
        [f"--io={io}", f"--max-ram={ram}", "--name=kws"],
        [folder / "input_0_0.bin"],
    )  # fmt: skip
    for name, (estimate, count) in layers.items():
        assert abs(estimate - count) <= 0.05 * count + SLACK, name


@pytest.mark.parametrize("core", TOLERANCE)
@pytest.mark.parametrize(
    "network",
    [
        "conv_2d_int8", "conv_2d_pointwise_int8", "conv_2d_valid_int8",
        "depthwise_conv_2d_int8", "fully_connected_int8", "add_int8",
    ],
)  # fmt: skip
def test_cost_before_code_is_of_the_estimate_s_size(network, core, tmp_path):
    """What kernels and encodings are chosen by: layers keep their proportions."""
    report = tmp_path / "report.json"
    command = [BIN / "thimblec", MODELS / network / "model.tflite", f"--mcpu={core}"]
    command += ["-O0", "--remarks=kernel", "-o", tmp_path / "model.o"]
    command += [f"--report={report}", "--quiet"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    costs = re.findall(r"'(\w+)' is computed by .* at a cost of (\d+)", run.stderr)
    assert costs
    layers = {layer["id"]: layer for layer in json.loads(report.read_text())["layers"]}
    for name, cost in costs:
        cycles = layers[name]["cycles"]
        assert cycles / 2 - SLACK <= int(cost) <= 2 * cycles + SLACK, name
