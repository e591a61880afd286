# test_encodings.py - encoded weights give the same outputs on every core
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random layers with weights of every kind, stored in random stacks of schemes,
against the same layers with dense weights on the host; the same with weights
that follow the trellis, in layers of every shape; and networks with every scheme
forced on all weights, and with the default choice, against the expected outputs.
"""

import random
import re
import subprocess

import pytest
from emulation import BIN, CORES, FULL, MODELS, SHARED, needs_core, run_model

# A weight is drawn by its kind; `n` counts the weights, `row` those of a channel.
KINDS = {
    "any": lambda r, n, row: [r.randint(-127, 127) for _ in range(n)],
    "extreme": lambda r, n, row: r.choices([-127, -1, 0, 127], k=n),
    "constant": lambda r, n, row: [r.randint(-127, 127)] * n,
    "zero": lambda r, n, row: [0] * n,
    "narrow": lambda r, n, row: [r.randint(-8, 7) for _ in range(n)],
    "positive": lambda r, n, row: [r.randint(0, 5) for _ in range(n)],
    "few": lambda r, n, row: r.choices([-90, -7, 0, 3, 55], k=n),
    "ternary": lambda r, n, row: r.choices([-1, 0, 1], k=n),
    "sparse": lambda r, n, row: r.choices([0, r.randint(-127, 127)], [4, 1], k=n),
    "skewed": lambda r, n, row: [int(r.gauss(0, 3)) for _ in range(n)],
    "blocks": lambda r, n, row: [
        r.randint(1, 9) if (i // row // 4 + i % row // 2) % 3 == 0 else 0
        for i in range(n)
    ],
    "pattern": lambda r, n, row: [
        0 if (i % row) % 4 < 2 else r.randint(-7, 7) for i in range(n)
    ],
}


def follow_trellis(r: random.Random, n: int, row: int, bits: int = 5) -> list[int]:
    """Rows of weights that follow the trellis (thimble/Support/Trellis.h)."""
    weights, half = [], 1 << (bits - 1)
    for i in range(n):
        if i % row == 0:
            z = s1 = s2 = 0
        k = r.randint(-half, half - 1)
        u = 2 * k + (k < 0)
        weights.append(-u if z else u)
        z, s1, s2 = s2 ^ z, z, s1 ^ (k & 1)
    return weights


KINDS["trellis"] = follow_trellis


def schemes():
    """The names of all schemes, from the message that lists them."""
    if not (BIN / "thimblec").exists():
        return []
    result = subprocess.run(
        [BIN / "thimblec", MODELS / "conv_2d_int8" / "model.tflite",
         "--mcpu=host", "--encoding=?", "--emit=kernel", "-o", "-"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = re.search(r"separated by commas \(([^)]*)\)", result.stderr)
    assert names, result.stderr
    return names[1].split(", ")


SCHEMES = schemes()


def random_layer(r: random.Random) -> str:
    """A convolution, depthwise convolution or matrix product."""
    kind, depthwise = r.choice(list(KINDS)), r.random() < 0.2
    size = r.choice([1, 3]) if not depthwise else 3
    inputs = r.choice([1, 3, 8, 20, 33])
    outputs = inputs if depthwise else r.choice([1, 4, 7, 16, 30])
    height, width = r.randint(1, 4), r.randint(1, 4)
    row = size * size * (1 if depthwise else inputs)
    weights = KINDS[kind](r, outputs * row, row)
    return layer(height, width, inputs, outputs, size, depthwise, weights)


def layer(height, width, inputs, outputs, size, depthwise, weights) -> str:
    """A module with one layer; the window is square."""
    row = size * size * (1 if depthwise else inputs)
    payload = "".join(f"{w & 255:02X}" for w in weights)
    if len(set(weights)) == 1:
        payload = payload[:2]
    shape = f"1x{size}x{size}x{outputs}" if depthwise else f"{outputs}x{size}x{size}x{inputs}"
    x = f"tensor<1x{height}x{width}x{inputs}x!x>"
    y = f"tensor<1x{height}x{width}x{outputs}x!y>"
    w, pad = f"tensor<{shape}x!w>", size // 2
    name = "depthwise_conv_2d" if depthwise else "conv_2d"
    return f"""!x = !quant.uniform<i8:f32, 0.1:-5>
!y = !quant.uniform<i8:f32, {0.02 * row ** 0.5:.6f}:3>
!w = !quant.uniform<i8:f32, 0.01>
func.func @model(%x: {x}) -> {y} {{
  %w = thimble.constant dense<"0x{payload}"> : tensor<{shape}xi8> : {w}
  %0 = thimble.{name} %x, %w {{thimble.id = "layer", strides = array<i64: 1, 1>,
      dilations = array<i64: 1, 1>, padding = array<i64: {pad}, {pad}, {pad}, {pad}>}}
    : ({x}, {w}) -> {y}
  return %0 : {y}
}}
"""


def stack(r: random.Random, number: int) -> str:
    """Each scheme alone in turn, then stacks of two and three."""
    if number % 2 == 0:
        return SCHEMES[number // 2 % len(SCHEMES)]
    return ",".join(r.choices(SCHEMES, k=r.choice([2, 3])))


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4", "cortex-m55"])
@pytest.mark.parametrize("seed", range(400 if FULL else 3 * max(len(SCHEMES), 1)))
def test_random_stack(core, seed, tmp_path):
    needs_core(core)
    r = random.Random(seed)
    check_against_dense(r, random_layer(r), core, stack(r, seed), tmp_path)


# Height, width, inputs, outputs, size of the window, depthwise, and how many
# channels the kernel of Cortex-M55 interleaves.
TRELLIS_LAYERS = {
    "words": (2, 3, 8, 7, 3, False, 1),
    "odd": (3, 2, 3, 7, 3, False, 4),
    "short": (2, 2, 1, 6, 1, False, 4),
    "two": (1, 1, 2, 9, 1, False, 4),
    "matrix": (1, 1, 201, 10, 1, False, 1),
    "tiles": (4, 4, 33, 30, 3, False, 1),
    "depthwise": (4, 5, 6, 6, 3, True, 4),
}
TRELLIS_STACKS = ["trellis", "trellis,huffman", "trellis,tans", "trellis,delta"]


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4", "cortex-m55"])
@pytest.mark.parametrize("schemes", TRELLIS_STACKS)
@pytest.mark.parametrize("name", TRELLIS_LAYERS)
def test_trellis(name, schemes, core, tmp_path):
    """Every index that there is, one channel after the other and interleaved."""
    needs_core(core)
    r = random.Random(name)
    *shape, interleaved = TRELLIS_LAYERS[name]
    _, _, inputs, outputs, size, depthwise = shape
    row = size * size * (1 if depthwise else inputs)
    weights = follow_trellis(r, outputs * row, row, bits=7)
    if depthwise:  # 1HWC: the channels are innermost
        weights = [weights[c * row + i] for i in range(row) for c in range(outputs)]
    model = check_against_dense(r, layer(*shape, weights), core, schemes, tmp_path)
    kernels = subprocess.run(
        [BIN / "thimblec", model, f"--mcpu={core}", f"--encoding={schemes}",
         "-O2", "--emit=kernel", "-o", "-"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lanes = re.search(r"#thimble.trellis<lanes = (\d)>", kernels.stdout)
    assert lanes, kernels.stderr
    assert int(lanes[1]) == (interleaved if core == "cortex-m55" else 1)


def check_against_dense(r, text, core, schemes, tmp_path):
    """Runs the layer with its weights stored so; returns its file."""
    model, expected = tmp_path / "model.mlir", tmp_path / "expected.npy"
    model.write_text(text)
    shape = re.search(r"%x: tensor<([\dx]*)x!x>", model.read_text())[1].split("x")
    count = 1
    for size in shape:
        count *= int(size)
    values = tmp_path / "input.bin"
    values.write_bytes(bytes(r.choices(range(256), k=count)))
    run_model(model, None, "0", f"--input={values}", f"--output={expected}")
    run_model(
        model, core, "2", f"--encoding={schemes}",
        f"--input={values}", f"--compare={expected}", "--stack",
    )  # fmt: skip
    return model


def whole_cases():
    names = sorted(file.parent.name for file in SHARED.glob("*/model.tflite"))
    names = [name for name in names if not name.endswith("_f32")]
    for name in names if FULL else [n for n in ("hello_world", "kws") if n in names]:
        for core in CORES if FULL else ["cortex-m0plus", "cortex-m4"]:
            for encoding in [*SCHEMES, ""]:
                yield pytest.param(
                    name, core, encoding, id=f"{name}-{core}-{encoding or 'chosen'}"
                )


@pytest.mark.parametrize("name, core, encoding", list(whole_cases()))
def test_whole_network(name, core, encoding, tmp_path):
    needs_core(core)
    forced = [f"--encoding={encoding}"] if encoding else []
    run_model(
        SHARED / name / "model.tflite", core, "s", *forced,
        f"--input={SHARED / name / 'input_0_0.bin'}",
        f"--compare={SHARED / name / 'output_0_0.bin'}",
    )  # fmt: skip
