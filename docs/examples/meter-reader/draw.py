#!/usr/bin/env python3
# draw.py - Pictures of a meter's counter window, drawn rather than photographed
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# A picture shows the window of a counter with five digit wheels, WHEELS * WHEEL_WIDTH pixels wide and
# WHEEL_HEIGHT high, 8-bit grey. `Scene` holds everything that decides how it looks: where each wheel
# stands, lettering, polarity, tilt of the camera, light, dirt, blur, noise. `random_scene` draws one,
# `render` paints it. All randomness comes from the generator passed in, so a seed is a data set.
#
# A wheel's *phase* is the digit it shows plus the part of a turn to the next one: 3.0 shows the three
# in the middle, 3.5 the lower half of the three above the upper half of the four... as on a real
# meter the next digit comes up from below. The *digit* of a wheel is the one with the larger visible
# part, that is the phase rounded to the nearest digit.

import argparse
from dataclasses import dataclass, field

import numpy as np

import digits

WHEELS = 5
WHEEL_WIDTH = 20
WHEEL_HEIGHT = 28
SHAPE = (WHEEL_HEIGHT, WHEELS * WHEEL_WIDTH)

# The last wheel of five turns all the time, its neighbour a tenth of it and so on, and the play of
# the gears leaves others a little off: together about three wheels in ten.
TURNING = 0.3


@dataclass
class Scene:
    """How one picture looks. Lengths are in pixels, brightness goes from 0 to 1."""

    phases: np.ndarray  # [WHEELS], 0 <= phase < 10
    style: digits.Style
    wheel: np.ndarray  # [WHEELS], brightness of the wheels' faces
    print: np.ndarray  # [WHEELS], brightness of their digits
    plate: float = 0.3  # brightness of what surrounds the wheels
    pitch: float = 21.0  # distance of two digits on a wheel that faces the camera
    digit_height: float = 15.0
    window: tuple = (17.0, 23.0)  # width and height of the opening in front of a wheel
    shading: float = 0.3  # how much darker a wheel is where it curves away
    tilt: float = 0.0  # rotation of the camera, radians
    shear: float = 0.0
    scale: float = 1.0
    shift: tuple = (0.0, 0.0)
    gradient: tuple = (0.0, 0.0)  # change of the light from edge to edge
    glare: tuple = (0.0, 0.0, 0.0, 10.0)  # strength, x, y, radius of a reflection
    shadow: tuple = (0.0, 0.0, 0.0)  # strength, x, slope of a shadow's edge
    spots: list = field(default_factory=list)  # dirt: (x, y, radius, strength, brightness)
    scratches: list = field(default_factory=list)  # (x0, y0, x1, y1, width, strength, brightness)
    exposure: float = 1.0
    black: float = 0.0  # brightness that black has
    gamma: float = 1.0
    blur: float = 0.4  # standard deviation
    noise: float = 0.01  # standard deviation


def digit_of(phase):
    """The digit that a wheel reads: the one with the larger visible part."""
    return np.floor(np.asarray(phase) + 0.5).astype(int) % 10


def phases_of(value):
    """Where the wheels of an ideal counter stand at `value` (a float, in units of the last wheel):
    the last wheel turns evenly, each other while its right neighbour goes from 9 to 0."""
    phases = np.zeros(WHEELS)
    phases[-1] = value % 10
    for i in range(WHEELS - 2, -1, -1):
        carry = max(0.0, phases[i + 1] - 9.0)
        phases[i] = int(value // 10 ** (WHEELS - 1 - i)) % 10 + carry
    return phases


def random_phases(rng, turning):
    """Independent wheels: a share of `turning` stands anywhere, the others near rest."""
    near = np.floor(rng.uniform(0, 10, WHEELS)) + rng.normal(0, 0.06, WHEELS)
    anywhere = rng.uniform(0, 10, WHEELS)
    return np.where(rng.random(WHEELS) < turning, anywhere, near) % 10


def random_print(rng):
    """Brightness of faces and digits: either polarity, the last wheels often in the other one."""
    dark = rng.uniform(0.02, 0.35, 2)
    light = np.minimum(dark + rng.uniform(0.4, 0.8, 2), 1.0)
    if rng.random() < 0.5:
        dark, light = light, dark
    wheel, ink = np.full(WHEELS, dark[0]), np.full(WHEELS, light[0])
    last = rng.choice([0, 0, 1, 2])
    if last:
        wheel[-last:], ink[-last:] = (light[1], dark[1]) if rng.random() < 0.5 else (dark[1], light[1])
    return wheel, ink


def random_scene(rng, turning=TURNING):
    """A scene drawn from `rng` (numpy.random.Generator); about half have dirt, a third glare."""
    wheel, ink = random_print(rng)
    height = rng.uniform(13.0, 17.0)
    window = (rng.uniform(14.5, 19.0), rng.uniform(20.0, 26.0))
    width, rows = SHAPE[1], SHAPE[0]
    spots = [
        (rng.uniform(0, width), rng.uniform(0, rows), rng.uniform(0.5, 4.0), rng.uniform(0.2, 0.8), rng.random())
        for _ in range(rng.integers(0, 9) if rng.random() < 0.5 else 0)
    ]
    scratches = [
        (x, rng.uniform(0, rows), x + rng.normal(0, 20), rng.uniform(0, rows), rng.uniform(0.4, 1.2),
         rng.uniform(0.2, 0.7), rng.random())
        for x in rng.uniform(0, width, rng.integers(0, 4) if rng.random() < 0.3 else 0)
    ]
    return Scene(
        phases=random_phases(rng, turning),
        style=digits.random_style(rng),
        wheel=wheel,
        print=ink,
        plate=rng.uniform(0.0, 1.0),
        pitch=max(height * rng.uniform(1.2, 1.55), height + 3.0),
        digit_height=height,
        window=window,
        shading=rng.uniform(0.0, 0.7),
        tilt=rng.normal(0, 0.016),
        shear=rng.normal(0, 0.04),
        scale=rng.uniform(0.96, 1.04),
        shift=(rng.uniform(-1.2, 1.2), rng.uniform(-0.7, 0.7)),
        gradient=(rng.normal(0, 0.2), rng.normal(0, 0.15)),
        glare=(rng.uniform(0.1, 0.6) if rng.random() < 0.3 else 0.0, rng.uniform(0, width),
               rng.uniform(0, rows), rng.uniform(4, 14)),
        shadow=(rng.uniform(0.2, 0.5) if rng.random() < 0.3 else 0.0, rng.uniform(0, width), rng.normal(0, 0.6)),
        spots=spots,
        scratches=scratches,
        exposure=rng.uniform(0.45, 1.15),
        black=rng.uniform(0.0, 0.15),
        gamma=rng.uniform(0.7, 1.3),
        blur=rng.uniform(0.2, 0.95),
        noise=rng.uniform(0.0, 0.04),
    )


def _plate_coordinates(scene):
    """For every pixel, where it looks on the plate: x from the left, y from the wheels' axis."""
    rows, columns = SHAPE
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    x = (x - (columns - 1) / 2 - scene.shift[0]) / scene.scale
    y = (y - (rows - 1) / 2 - scene.shift[1]) / scene.scale
    c, s = np.cos(scene.tilt), np.sin(scene.tilt)
    return c * x + s * y + scene.shear * y + columns / 2, c * y - s * x


def _paint_wheel(scene, index, x, y):
    """Brightness of wheel `index` at (x, y), both measured from its centre."""
    # The wheel is a drum of ten pitches around; the camera sees its orthogonal projection.
    radius = 10 * scene.pitch / (2 * np.pi)
    angle = np.arcsin(np.clip(y / radius, -0.95, 0.95))
    along = angle * radius
    phase = scene.phases[index]
    first = int(np.floor(phase + np.min(along) / scene.pitch - 0.5))
    last = int(np.ceil(phase + np.max(along) / scene.pitch + 0.5))
    covered = np.zeros_like(x)
    for number in range(first, last + 1):
        local = (along - (number - phase) * scene.pitch) / scene.digit_height
        near = np.abs(local) < 0.5 + scene.style.stroke
        if near.any():
            covered[near] = np.maximum(
                covered[near],
                digits.ink(x[near] / scene.digit_height, local[near], number % 10, scene.style,
                           1.0 / scene.digit_height))
    face = scene.wheel[index] + (scene.print[index] - scene.wheel[index]) * covered
    edge = y / (scene.window[1] / 2)
    return face * (1.0 - scene.shading * np.clip(np.abs(edge), 0, 1) ** 2)


def _paint_counter(scene):
    """Plate, openings and wheels under even light."""
    x, y = _plate_coordinates(scene)
    picture = np.full(SHAPE, scene.plate)
    for index in range(WHEELS):
        local = x - (index + 0.5) * WHEEL_WIDTH
        opening = np.minimum(scene.window[0] / 2 - np.abs(local), scene.window[1] / 2 - np.abs(y)) + 0.5
        inside = opening > 0
        wheel = _paint_wheel(scene, index, local[inside], y[inside])
        part = np.clip(opening[inside], 0, 1)
        picture[inside] += (wheel - picture[inside]) * part
    return picture


def _paint_dirt(scene, picture):
    """Spots and scratches on the glass."""
    y, x = np.mgrid[0:SHAPE[0], 0:SHAPE[1]].astype(float)
    for cx, cy, radius, strength, brightness in scene.spots:
        cover = strength * np.exp(-(((x - cx) ** 2 + (y - cy) ** 2) / (2 * radius**2)) ** 2)
        picture = picture + (brightness - picture) * cover
    for x0, y0, x1, y1, width, strength, brightness in scene.scratches:
        dx, dy = x1 - x0, y1 - y0
        t = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
        distance = np.hypot(x - x0 - t * dx, y - y0 - t * dy)
        picture = picture + (brightness - picture) * strength * np.clip(0.5 + width / 2 - distance, 0, 1)
    return picture


def _light(scene, picture):
    """Uneven light, the edge of a shadow, a reflection of a lamp."""
    y, x = np.mgrid[0:SHAPE[0], 0:SHAPE[1]].astype(float)
    u, v = x / SHAPE[1] - 0.5, y / SHAPE[0] - 0.5
    picture = picture * np.clip(1.0 + scene.gradient[0] * 2 * u + scene.gradient[1] * 2 * v, 0.25, 2.0)
    strength, edge, slope = scene.shadow
    picture = picture * (1.0 - strength / (1.0 + np.exp(-(x - edge - slope * y) / 1.5)))
    strength, cx, cy, radius = scene.glare
    return picture + strength * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * radius**2))


def _blur(picture, sigma):
    """Gaussian blur with repeated borders."""
    reach = 3
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 1e-3)) ** 2)
    taps /= taps.sum()
    for axis in (0, 1):
        pad = [(reach, reach) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(picture, pad, mode="edge")
        size = picture.shape[axis]
        picture = sum(t * padded.take(range(i, i + size), axis=axis) for i, t in enumerate(taps))
    return picture


def render(scene, rng):
    """Paints the scene: uint8 [WHEEL_HEIGHT, WHEELS * WHEEL_WIDTH]. `rng` gives the sensor's noise."""
    picture = _light(scene, _paint_dirt(scene, _paint_counter(scene)))
    picture = _blur(np.clip(picture * scene.exposure, 0.0, 1.2), scene.blur)
    picture = scene.black + (1 - scene.black) * np.clip(picture, 0.0, 1.0) ** scene.gamma
    picture = picture + rng.normal(0.0, 1.0, SHAPE) * scene.noise
    return np.clip(np.round(picture * 255), 0, 255).astype(np.uint8)


def wheels_of(picture):
    """Cuts a picture into its wheels: [..., H, WHEELS * W] to [..., WHEELS, H, W]."""
    cut = picture.reshape(*picture.shape[:-1], WHEELS, WHEEL_WIDTH)
    return np.moveaxis(cut, -2, -3)


def draw(count, seed, turning=TURNING):
    """`count` random pictures: uint8 [count, H, WHEELS * W] and the phases, float [count, WHEELS]."""
    rng = np.random.default_rng(seed)
    pictures = np.empty((count, *SHAPE), np.uint8)
    phases = np.empty((count, WHEELS))
    for i in range(count):
        scene = random_scene(rng, turning)
        pictures[i], phases[i] = render(scene, rng), scene.phases
    return pictures, phases


def write_pgm(path, picture):
    with open(path, "wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (picture.shape[1], picture.shape[0]))
        file.write(picture.tobytes())


def main():
    parser = argparse.ArgumentParser(description="Draws a sheet of random counters.")
    parser.add_argument("output", help="the PGM file to write")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pictures, _ = draw(options.count, options.seed)
    write_pgm(options.output, pictures.reshape(-1, SHAPE[1]))


if __name__ == "__main__":
    main()
