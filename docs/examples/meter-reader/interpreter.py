# interpreter.py - What the int8 model reads, by TensorFlow Lite Micro's reference kernels
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The compiled model must give the same bits as TensorFlow Lite Micro, so the figures and expected
# readings of this example come from there rather than from TensorFlow's own interpreter.

import numpy as np
from tflite_micro import runtime

import draw
from reading import settle


class Interpreter:
    def __init__(self, file):
        self._runtime = runtime.Interpreter.from_bytes(file)

    def probabilities(self, wheel):
        """Of each digit, in 256ths, for a grey wheel: uint8 [H, W] to int [10]."""
        self._runtime.set_input((wheel.astype(np.int16) - 128).astype(np.int8)[None, :, :, None], 0)
        self._runtime.invoke()
        return self._runtime.get_output(0)[0].astype(int) + 128

    def read(self, picture):
        """Digits and probabilities of the wheels, and the reading: three lists of WHEELS integers."""
        wheels = [self.probabilities(wheel) for wheel in draw.wheels_of(picture)]
        return settle([[int(p) for p in wheel] for wheel in wheels])
