# reading.py - The reading that follows from what each wheel shows
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# The arithmetic of firmware/reading.c, integer for integer, and the file that check.py compares with.
# The standard library is enough.

import csv

TURNING = 32  # a wheel turns if a neighbouring digit has at least this probability, of 256


def settle(wheels):
    """From the probabilities of the ten digits of each wheel, in 256ths: the digit that each shows, the
    probability of that, and the reading."""
    best = [wheel.index(max(wheel)) for wheel in wheels]
    return best, [max(wheel) for wheel in wheels], _reading(wheels, best)


def _reading(wheels, best):
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


def write(path, rows):
    """Writes what is expected: rows of (file, about, value of the counter, (best, probability, reading))."""
    digits = lambda numbers: "".join(map(str, numbers))
    with open(path, "w", newline="") as output:
        writer = csv.writer(output, lineterminator="\n")
        writer.writerow(["picture", "about", "counter", "reading", "wheels", "probabilities_of_256"])
        for file, about, counter, (best, probability, reading) in rows:
            writer.writerow([file, about, counter, digits(reading), digits(best), " ".join(map(str, probability))])
