//===- reading.c - From wheels to the reading of a counter -----------*- C
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The last wheel of a counter turns evenly; any other turns while its right
// neighbour goes from 9 to 0. The play of the gears lets a wheel run a little
// ahead or behind, so that its larger part alone would read 00999.6 as 01900.
//
//===----------------------------------------------------------------------===//

#include "reading.h"

/// A wheel turns if a neighbouring digit has at least this probability.
enum { turning = 32 };

Wheel wheelFromOutput(const int8_t *output) {
  Wheel wheel = {{0}, 0};
  for (int digit = 0; digit < digitCount; ++digit) {
    wheel.probability[digit] = (uint8_t)(output[digit] + 128);
    if (wheel.probability[digit] > wheel.probability[wheel.digit])
      wheel.digit = (uint8_t)digit;
  }
  return wheel;
}

void settleReading(const Wheel *wheels, uint8_t *reading) {
  reading[wheelCount - 1] = wheels[wheelCount - 1].digit;
  for (int i = wheelCount - 2; i >= 0; --i) {
    const Wheel *wheel = &wheels[i];
    uint8_t before = (uint8_t)((wheel->digit + 9) % digitCount);
    uint8_t after = (uint8_t)((wheel->digit + 1) % digitCount);
    int cameFromBefore = wheel->probability[before] > wheel->probability[after];
    uint8_t other = cameFromBefore ? before : after;
    uint8_t leaving = cameFromBefore ? before : wheel->digit;
    uint8_t right = reading[i + 1];

    reading[i] = wheel->digit;
    if (wheel->probability[other] < turning)
      continue;
    if (right == 9)
      reading[i] = leaving;
    else if (right == 0)
      reading[i] = (uint8_t)((leaving + 1) % digitCount);
  }
}
