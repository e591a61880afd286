# test_compile.py - Compiling and running from Python
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the package hands to the tools, and what it makes of their answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import thimble
from thimble import toolchain
from conftest import MODELS, needs_oracle, needs_tools

CONV = MODELS / "conv_2d_int8"


def test_arguments_reach_the_compiler(stand_ins: Path, tmp_path: Path) -> None:
    done = thimble.compile(
        CONV / "model.tflite",
        mcpu="cortex-m4",
        opt="-Os",
        output=tmp_path / "net.o",
        name="net",
        io="pointers",
        max_ram="20K",
        arguments=["--remarks=all"],
    )
    assert done.object_path == tmp_path / "net.o"
    assert done.header_path == tmp_path / "net.h"
    assert done.header_path.is_file()
    assert done.report["arguments"] == [
        "--mcpu=cortex-m4",
        "-Os",
        "--name=net",
        "--io=pointers",
        "--max-ram=20K",
        "--remarks=all",
    ]


def test_compression_options_reach_the_compiler(stand_ins: Path) -> None:
    done = thimble.compile(
        CONV / "model.tflite",
        mcpu="cortex-m4",
        max_flash="22K",
        calibrate=Path("samples.npz"),
        sample_scale=1 / 255,
        max_drop=0.5,
        entropy_coding=False,
        epochs=0,
        seed=3,
        evaluate="test.npz",
    )
    assert done.report["arguments"] == [
        "--mcpu=cortex-m4",
        "--max-flash=22K",
        "--calibrate=samples.npz",
        f"--sample-scale={1 / 255}",
        "--max-drop=0.5",
        "--no-entropy-coding",
        "--epochs=0",
        "--seed=3",
        "--evaluate=test.npz",
    ]


def test_unknown_keyword_is_refused(stand_ins: Path) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'max_dorp'"):
        thimble.compile(CONV / "model.tflite", mcpu="cortex-m4", max_dorp=1)


def test_temporary_output_lives_as_long_as_the_result(stand_ins: Path) -> None:
    done = thimble.compile((CONV / "model.tflite").read_bytes(), mcpu="cortex-m4")
    path = done.object_path
    assert path.is_file() and done.report["model"] == "model.tflite"
    del done
    assert not path.exists()


def test_diagnostics_are_in_the_exception(stand_ins: Path) -> None:
    with pytest.raises(thimble.CompileError) as caught:
        thimble.compile(CONV / "model.tflite", mcpu="cortex-m99")
    assert caught.value.diagnostics == [
        "error: unknown CPU 'cortex-m99'",
        "note: known are cortex-m4",
    ]
    assert "--mcpu=cortex-m99" in caught.value.command


def test_unknown_level_is_refused(stand_ins: Path) -> None:
    with pytest.raises(ValueError, match="opt is one of"):
        thimble.compile(CONV / "model.tflite", mcpu="cortex-m4", opt="fast")


def test_missing_tool_says_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(toolchain.ENVIRONMENT_VARIABLE, str(tmp_path))
    with pytest.raises(thimble.ToolNotFoundError, match="THIMBLE_BIN"):
        thimble.compile(CONV / "model.tflite", mcpu="cortex-m4")


@needs_oracle
def test_run_gives_outputs_and_tensors(stand_ins: Path) -> None:
    x = np.load(CONV / "input.npy")[2]
    expected = np.load(CONV / "expected.npy")[2]
    plain = thimble.run(CONV / "model.tflite", x)
    assert plain.tensors == {}
    np.testing.assert_array_equal(plain.outputs[0], expected)
    traced = thimble.run(CONV / "model.tflite", [x], preserve_tensors=True)
    assert list(traced.tensors) == ["conv_2d_0"]
    np.testing.assert_array_equal(traced.tensors["conv_2d_0"], expected)


@needs_oracle
def test_failed_run_raises(
    stand_ins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THIMBLE_FAULT", "cortex-m4:fail")
    x = np.load(CONV / "input.npy")[0]
    with pytest.raises(thimble.RunError, match="the run failed"):
        thimble.run(CONV / "model.tflite", x, mcpu="cortex-m4")


@needs_tools
def test_real_compiler_writes_object_header_and_report(tmp_path: Path) -> None:
    done = thimble.compile(
        CONV / "model.tflite", mcpu="cortex-m4", output=tmp_path / "net.o"
    )
    assert done.object_path.read_bytes()[:4] == b"\x7fELF"
    assert "net_invoke" in done.header_path.read_text() or (
        "model_invoke" in done.header_path.read_text()
    )
    assert done.report


@needs_tools
def test_real_compiler_compresses_and_evaluates(tmp_path: Path) -> None:
    folder = MODELS / "conv_chain_f32"
    done = thimble.compile(
        folder / "model.tflite",
        mcpu="cortex-m4",
        calibrate=folder / "input.npy",
        epochs=0,
        evaluate=folder / "input.npy",
        pareto=tmp_path / "points.json",
    )
    networks = [n["name"] for n in done.report["evaluation"]["networks"]]
    assert networks == ["float", "int8", "compressed"]
    assert json.loads((tmp_path / "points.json").read_text())["points"]


@needs_tools
def test_real_compiler_refuses_what_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(thimble.CompileError) as caught:
        thimble.compile(b"not a model", mcpu="cortex-m4")
    assert any("error" in line for line in caught.value.diagnostics)


@needs_tools
@pytest.mark.parametrize("name", ["conv_2d_int8", "residual_int8", "add_int8"])
def test_real_run_gives_expected_outputs(name: str) -> None:
    folder = MODELS / name
    paths = [folder / "input.npy", *sorted(folder.glob("input_*.npy"))]
    expected = np.load(folder / "expected.npy")
    for i, wanted in enumerate(expected):
        result = thimble.run(
            folder / "model.tflite", [np.load(path)[i] for path in paths]
        )
        np.testing.assert_array_equal(
            result.outputs[0].reshape(wanted.shape), wanted
        )
