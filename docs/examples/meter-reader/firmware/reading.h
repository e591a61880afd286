//===- reading.h - From wheels to the reading of a counter -----------*- C
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the network says of each wheel is settled into one number here.
//
//===----------------------------------------------------------------------===//

#ifndef METER_READER_READING_H
#define METER_READER_READING_H

#include <stdint.h>

enum { wheelCount = 5, digitCount = 10 };

/// What one wheel shows.
typedef struct {
  /// Of each digit, in 256ths.
  uint8_t probability[digitCount];
  /// The digit with the larger visible part: the most probable one.
  uint8_t digit;
} Wheel;

/// Takes the network's output (digitCount values, probability = (value + 128) /
/// 256) into a wheel.
Wheel wheelFromOutput(const int8_t *output);

/// Settles the wheels (left to right) into a reading of wheelCount digits.
void settleReading(const Wheel *wheels, uint8_t *reading);

#endif // METER_READER_READING_H
