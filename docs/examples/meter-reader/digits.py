# digits.py - Ten digits as strokes, in endlessly many hands
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The wheels of a meter are printed in whatever lettering its maker liked. So that no font has to be
# shipped, a digit here is a set of polylines in the box [-1, 1] x [-1, 1] (y grows downwards), built
# from arcs and lines whose shape a `Style` decides: round or square bowls, a one with or without a
# flag, an open or a closed four, straight or curled tails. Every picture draws its own style.

from dataclasses import dataclass

import numpy as np


@dataclass
class Style:
    """The lettering of one counter; lengths are fractions of the digit's height."""

    width: float  # of the digit's box
    stroke: float  # thickness of the line
    slant: float  # how far the top leans to the right of the bottom
    squareness: float  # exponent of the superellipse: 2 is round, 4 nearly a rectangle
    one_flag: float  # length of the flag of the one, 0 for a bare line
    one_foot: bool
    three_flat: bool  # the three with an angular upper half
    four_open: bool
    tail_straight: bool  # tails of six and nine
    seven_bent: bool  # the seven with a curved stem
    seven_bar: bool
    waist: float  # height of the middle of 2, 3, 5, 6, 8, 9 above the centre


def random_style(rng):
    """A lettering drawn from `rng` (numpy.random.Generator)."""
    return Style(
        width=rng.uniform(0.48, 0.74),
        stroke=rng.uniform(0.10, 0.21),
        slant=rng.choice([0.0, 0.0, rng.uniform(0.0, 0.18)]),
        squareness=rng.choice([2.0, 2.4, 3.0, 4.5]),
        one_flag=rng.choice([0.0, rng.uniform(0.35, 0.9)]),
        one_foot=rng.random() < 0.25,
        three_flat=rng.random() < 0.25,
        four_open=rng.random() < 0.25,
        tail_straight=rng.random() < 0.3,
        seven_bent=rng.random() < 0.3,
        seven_bar=rng.random() < 0.12,
        waist=rng.uniform(0.0, 0.12),
    )


def arc(style, cx, cy, rx, ry, start, end):
    """Points of a superellipse arc; angles in degrees, 0 to the right, 90 downwards."""
    count = max(3, int(abs(end - start) / 24) + 1)
    t = np.radians(np.linspace(start, end, count))
    power = 2.0 / style.squareness
    c, s = np.cos(t), np.sin(t)
    x = cx + rx * np.sign(c) * np.abs(c) ** power
    y = cy + ry * np.sign(s) * np.abs(s) ** power
    return np.stack([x, y], axis=1)


def line(*points):
    return np.array(points, dtype=float)


def _zero(s):
    return [arc(s, 0, 0, 1, 1, 0, 360)]


def _one(s):
    x = 0.25 * s.one_flag
    strokes = [line((x, -1), (x, 1))]
    if s.one_flag:
        strokes.append(line((x - s.one_flag, -1 + 0.6 * s.one_flag), (x, -1)))
    if s.one_foot:
        strokes.append(line((x - 0.6, 1), (x + 0.6, 1)))
    return strokes


def _two(s):
    ry = (1 - s.waist) / 2 + 0.05
    bowl = arc(s, 0, -1 + ry, 1, ry, 190, 380)
    return [np.concatenate([bowl, line((-1, 1), (1, 1))])]


def _three(s):
    m = -s.waist
    if s.three_flat:
        lower = arc(s, 0, (m - 0.15 + 1) / 2, 1, (1 - m + 0.15) / 2, 270, 510)
        return [np.concatenate([line((-0.9, -1), (0.9, -1)), lower])]
    upper = arc(s, 0, (m - 1) / 2, 0.9, (m + 1) / 2, 200, 450)
    lower = arc(s, 0, (m + 1) / 2, 1, (1 - m) / 2, 270, 520)
    return [upper, lower]


def _four(s):
    if s.four_open:
        return [line((-0.7, -1), (-1, 0.3), (1, 0.3)), line((0.45, -0.35), (0.45, 1))]
    return [line((0.4, 1), (0.4, -1), (-1, 0.4), (1, 0.4))]


def _five(s):
    m = -s.waist - 0.3
    bowl = arc(s, 0, (m + 1) / 2, 1, (1 - m) / 2, 215, 510)
    return [np.concatenate([line((0.9, -1), (-0.75, -1)), bowl])]


def _six(s):
    m = -s.waist - 0.12
    bowl = arc(s, 0, (m + 1) / 2, 1, (1 - m) / 2, 0, 360)
    if s.tail_straight:
        return [bowl, line((0.4, -1), (-0.9, (m + 1) / 2 - 0.25))]
    tail = arc(s, 0, 0, 1, 1, 180, 310)
    return [bowl, np.concatenate([tail[::-1], line((-1, (m + 1) / 2))])]


def _seven(s):
    if s.seven_bent:
        t = np.linspace(0, 1, 6)[:, None]
        a, b, c = np.array([[1, -1]]), np.array([[-0.2, -0.1]]), np.array([[-0.3, 1]])
        stem = (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
    else:
        stem = line((1, -1), (-0.3, 1))
    strokes = [line((-1, -1), (1, -1)), stem]
    if s.seven_bar:
        strokes.append(line((-0.45, 0.0), (0.75, 0.0)))
    return strokes


def _eight(s):
    m = -s.waist
    upper = arc(s, 0, (m - 1) / 2, 0.88, (m + 1) / 2, 0, 360)
    lower = arc(s, 0, (m + 1) / 2, 1, (1 - m) / 2, 0, 360)
    return [upper, lower]


def _nine(s):
    return [-stroke for stroke in _six(s)]


_STROKES = [_zero, _one, _two, _three, _four, _five, _six, _seven, _eight, _nine]


def segments(digit, style):
    """The digit as line segments: (starts, ends), each of shape [n, 2], in units of its height,
    centred on (0, 0)."""
    starts, ends = [], []
    for stroke in _STROKES[digit](style):
        points = stroke * np.array([style.width / 2, 0.5])
        points[:, 0] -= style.slant * points[:, 1]
        starts.append(points[:-1])
        ends.append(points[1:])
    return np.concatenate(starts), np.concatenate(ends)


def ink(x, y, digit, style, pixel):
    """How much ink covers the points (x, y), 0 to 1; lengths in digit heights, `pixel` is the side
    of a pixel, over which the edge of a stroke is smoothed."""
    starts, ends = segments(digit, style)
    direction = ends - starts
    length2 = np.maximum((direction**2).sum(axis=1), 1e-9)
    px = x[..., None] - starts[:, 0]
    py = y[..., None] - starts[:, 1]
    t = np.clip((px * direction[:, 0] + py * direction[:, 1]) / length2, 0.0, 1.0)
    px -= t * direction[:, 0]
    py -= t * direction[:, 1]
    distance = np.sqrt((px * px + py * py).min(axis=-1))
    return np.clip(0.5 + (style.stroke / 2 - distance) / pixel, 0.0, 1.0)
