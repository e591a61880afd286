//===- main.c - Reads the digit wheels of a utility meter ------------*- C
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts each picture into its wheels, feeds the compiled network with the rows
// of each and prints the reading, then what each wheel shows and how sure that
// is. meter.h and the code behind it are what thimblec makes of model.tflite.
//
//===----------------------------------------------------------------------===//

#include "board.h"
#include "meter.h"
#include "pictures.h"
#include "reading.h"

enum { wheelWidth = 20, wheelHeight = 28 };

_Static_assert(METER_INPUT_0_ROWS == wheelHeight &&
                   METER_INPUT_0_ROW_BYTES == wheelWidth,
               "the model expects wheels of another size");
_Static_assert(METER_OUTPUT_0_BYTES == digitCount,
               "the model does not tell ten digits");
_Static_assert(METER_INPUT_0_ZERO_POINT == -128,
               "grey values would need more than a shift");
_Static_assert(METER_OUTPUT_0_ZERO_POINT == -128,
               "outputs are not probabilities in 256ths");

/// All the RAM the network needs; nothing in it outlives a call.
static _Alignas(METER_ARENA_ALIGNMENT) uint8_t arena[METER_ARENA_BYTES];

static void putText(const char *text) {
  while (*text)
    boardPut(*text++);
}

static void putNumber(unsigned value) {
  if (value >= 10)
    putNumber(value / 10);
  boardPut((char)('0' + value % 10));
}

/// Percent with one decimal, enough to tell all 256ths apart.
static void putProbability(unsigned of256) {
  unsigned tenths = of256 * 1000 / 256;
  putNumber(tenths / 10);
  boardPut('.');
  putNumber(tenths % 10);
  boardPut('%');
}

/// Runs the network on wheel `index` of the picture, which it is given row by
/// row, as a camera would: there is no wheel in RAM.
static Wheel readWheel(const Picture *picture, int index) {
  const uint8_t *pixels = picture->pixels + index * wheelWidth;
  meter_begin(arena);
  for (int y = 0; y < wheelHeight; ++y, pixels += picture->width) {
    int8_t row[wheelWidth];
    for (int x = 0; x < wheelWidth; ++x)
      row[x] = (int8_t)(pixels[x] - 128);
    meter_push_row(arena, row);
  }
  meter_finish(arena);
  return wheelFromOutput(meter_output_0(arena));
}

static void readPicture(const Picture *picture) {
  Wheel wheels[wheelCount];
  uint8_t reading[wheelCount];
  for (int i = 0; i < wheelCount; ++i)
    wheels[i] = readWheel(picture, i);
  settleReading(wheels, reading);

  putText(picture->name);
  putText(": ");
  for (int i = 0; i < wheelCount; ++i)
    boardPut((char)('0' + reading[i]));
  putText(" | wheels");
  for (int i = 0; i < wheelCount; ++i) {
    putText(i ? ", " : " ");
    putNumber(wheels[i].digit);
    boardPut(' ');
    putProbability(wheels[i].probability[wheels[i].digit]);
  }
  putText("\n");
}

int main(void) {
  boardInit();
  for (unsigned i = 0; i < pictureCount; ++i) {
    const Picture *picture = &pictures[i];
    if (picture->width != wheelCount * wheelWidth ||
        picture->height != wheelHeight) {
      putText(picture->name);
      putText(": not a picture of five wheels, 100 x 28\n");
      return 1;
    }
    readPicture(picture);
  }
  return 0;
}
