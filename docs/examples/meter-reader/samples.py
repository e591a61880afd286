#!/usr/bin/env python3
# samples.py - Draws the wheels that the network is compressed with and judged by
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# `python3 samples.py` needs NumPy only and writes, into the folder samples/:
#   calibration.npz   wheels without labels, what `thimblec --calibrate` takes
#   evaluation.npz    other wheels and their digits, for `thimblec --evaluate`
# The model takes grey values divided by 255; the .json file beside each says so. Seeds are those of no
# other data of this example. Pictures are drawn as they come from meters (draw.TURNING), not as in
# training, where more wheels turn.

import os

import numpy as np

import draw

HERE = os.path.dirname(os.path.abspath(__file__))
SEED_CALIBRATION, SEED_EVALUATION = 6, 7
CALIBRATION_PICTURES, EVALUATION_PICTURES = 110, 220  # five wheels each


def wheels(count, seed):
    """Wheels of `count` pictures: uint8 [5 * count, H, W], and their digits, uint8 [5 * count]."""
    images, phases = draw.draw(count, seed)
    images = draw.wheels_of(images).reshape(-1, draw.WHEEL_HEIGHT, draw.WHEEL_WIDTH)
    return images, draw.digit_of(phases).reshape(-1).astype(np.uint8)


def write(folder):
    os.makedirs(folder, exist_ok=True)
    images, _ = wheels(CALIBRATION_PICTURES, SEED_CALIBRATION)
    np.savez_compressed(os.path.join(folder, "calibration.npz"), x=images)
    images, digits = wheels(EVALUATION_PICTURES, SEED_EVALUATION)
    np.savez_compressed(os.path.join(folder, "evaluation.npz"), x=images, y=digits)
    for name in ("calibration", "evaluation"):
        with open(os.path.join(folder, name + ".npz.json"), "w") as file:
            file.write(f'{{"scale": {1 / 255}}}\n')


if __name__ == "__main__":
    write(os.path.join(HERE, "samples"))
