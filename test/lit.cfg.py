# lit.cfg.py - the regression tests on textual IR and on the tools
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Tools come from this build and from LLVM, never from elsewhere on the path. A
# test that needs more than the compiler says so with REQUIRES.

import os
import shutil
import subprocess
import sys

import lit.formats

config.name = "Thimble"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["EndToEnd", "Inputs", "unit"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.thimble_build, "test")

binaries = os.path.join(config.thimble_build, "bin")
config.environment["PATH"] = os.pathsep.join(
    [binaries, config.llvm_tools, os.environ["PATH"]]
)
config.environment["FILECHECK_OPTS"] = (
    "--enable-var-scope --allow-unused-prefixes=false"
)
for name in ("CCACHE_DIR", "HOME"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

venv = os.path.join(config.thimble_build, "venv", "bin", "python")
python = venv if os.path.exists(venv) else sys.executable
shared = os.environ.get(
    "THIMBLE_SHARED", os.path.join(config.thimble_source, "..", "shared")
)
shared_models = os.path.join(shared, "models")
boards = os.path.join(config.thimble_build, "share", "thimble", "boards")

config.substitutions += [
    ("%python", python),
    ("%cmake", config.cmake),
    ("%source", config.thimble_source),
    ("%build", config.thimble_build),
    ("%models", os.path.join(config.test_source_root, "EndToEnd", "Models")),
    ("%shared_models", shared_models),
    ("%boards", boards),
]

# Features: tools by their names, qemu, arm-gcc, clang-format, clang-tidy, oracle,
# shared-models, and board-<core> for every core that this build can emulate.
features = config.available_features
if os.path.isdir(binaries):
    features.update(n for n in os.listdir(binaries) if n.startswith("thimble"))
if shutil.which("qemu-system-arm"):
    features.add("qemu")
if shutil.which("arm-none-eabi-gcc"):
    features.add("arm-gcc")
for tool in ("clang-format", "clang-tidy"):
    if shutil.which(f"{tool}-22"):
        features.add(tool)
if os.path.isdir(shared_models):
    features.add("shared-models")
if os.path.isdir(boards):
    features.update(f"board-{core}" for core in os.listdir(boards))
probe = subprocess.run(
    [python, "-c", "import numpy, tflite_micro"], capture_output=True
)
if probe.returncode == 0:
    features.add("oracle")
