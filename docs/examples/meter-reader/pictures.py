# pictures.py - The test pictures and what is expected of them
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# One picture for each thing that makes a counter hard to read. They are drawn, as the training
# pictures are, but from scenes set up by hand and a seed of their own.

import os

import numpy as np

import draw
import reading
from digits import Style
from interpreter import Interpreter

SEED = 4


def _style(**changes):
    style = dict(width=0.58, stroke=0.15, slant=0.0, squareness=2.4, one_flag=0.6, one_foot=False,
                 three_flat=False, four_open=False, tail_straight=False, seven_bent=False,
                 seven_bar=False, waist=0.06)
    return Style(**{**style, **changes})


def _scene(value, style=None, face=0.08, ink=0.9, **changes):
    faces, inks = np.full(draw.WHEELS, face), np.full(draw.WHEELS, ink)
    return draw.Scene(draw.phases_of(value), style or _style(), faces, inks, **changes)


def scenes():
    """(name, what is hard about it, value on the counter, scene)."""
    dirt = [(12, 9, 3.0, 0.6, 0.35), (33, 20, 2.5, 0.7, 0.1), (55, 6, 3.5, 0.5, 0.6), (71, 21, 3.0, 0.6, 0.2),
            (90, 12, 2.2, 0.6, 0.5), (48, 15, 1.0, 0.8, 0.9)]
    scratches = [(5, 2, 60, 26, 0.8, 0.6, 0.9), (40, 27, 98, 5, 0.7, 0.5, 0.8)]
    turned = _scene(70999.55, noise=0.015)
    turned.phases[1:4] += (-0.08, 0.06, -0.12)  # the play of the gears
    dark = _scene(48061.0, _style(four_open=True, squareness=3.0), exposure=0.42, gradient=(0.3, -0.1),
                  shadow=(0.45, 62.0, 0.4), noise=0.02, gamma=1.1)
    return [
        ("clean", "a good picture", 13579.0, _scene(13579.0)),
        ("dirty", "spots and scratches on the glass, a reflection", 26480.1,
         _scene(26480.1, _style(tail_straight=True), spots=dirt, scratches=scratches,
                glare=(0.4, 78.0, 4.0, 8.0), noise=0.02)),
        ("half-turned", "four wheels between two digits", 70999.55, turned),
        ("tilted", "the camera held askew, slanted digits", 35824.0,
         _scene(35824.0, _style(slant=0.12, three_flat=True), tilt=0.05, shear=0.05, shift=(0.5, -0.8), blur=0.6)),
        ("dark", "too little light, a shadow, noise", 48061.0, dark),
        ("inverted", "black digits on white, out of focus", 91647.3,
         _scene(91647.3, _style(one_foot=True, seven_bent=True, width=0.66), face=0.92, ink=0.12, plate=0.55,
                blur=0.95, shading=0.5)),
    ]


def write(folder, file):
    """Writes the pictures and expected.csv for the model in `file` (bytes)."""
    rng = np.random.default_rng(SEED)
    interpreter = Interpreter(file)
    rows = []
    for name, about, value, scene in scenes():
        picture = draw.render(scene, rng)
        draw.write_pgm(os.path.join(folder, name + ".pgm"), picture)
        best, probability, read = interpreter.read(picture)
        print(f"{name + '.pgm':18} counter {value:08.2f}  read {read}  wheels {best} of 256: {probability}")
        rows.append([name + ".pgm", about, f"{value:08.2f}", (best, probability, read)])
    reading.write(os.path.join(folder, "expected.csv"), rows)
