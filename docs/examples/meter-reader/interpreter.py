# interpreter.py - What the int8 model reads, by TensorFlow Lite Micro's reference kernels
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The compiled model must give the same bits as TensorFlow Lite Micro, so the figures and expected
# readings of this example come from there rather than from TensorFlow's own interpreter. `reading`
# is the arithmetic of firmware/reading.c, integer for integer.

import numpy as np
from tflite_micro import runtime

import draw

TURNING = 32  # a wheel turns if a neighbouring digit has at least this probability, of 256


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
        best = [int(np.argmax(wheel)) for wheel in wheels]
        return best, [int(max(wheel)) for wheel in wheels], reading(wheels, best)


def reading(wheels, best):
    """Settles half-turned wheels from right to left. The last wheel reads its larger part. Any other
    turns only while its right neighbour goes from 9 to 0, so it has turned when that one reads 0."""
    read = list(best)
    for i in range(len(wheels) - 2, -1, -1):
        before, after = (best[i] + 9) % 10, (best[i] + 1) % 10
        other = before if wheels[i][before] > wheels[i][after] else after
        if wheels[i][other] < TURNING or read[i + 1] not in (0, 9):
            continue
        lower = before if other == before else best[i]
        read[i] = lower if read[i + 1] == 9 else (lower + 1) % 10
    return read
