//===- pictures.h - The test pictures in flash -----------------------*- C
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// On a real meter a camera would fill a buffer; here `pictures_to_c.py` puts
// the PGM files into an array at build time.
//
//===----------------------------------------------------------------------===//

#ifndef METER_READER_PICTURES_H
#define METER_READER_PICTURES_H

#include <stdint.h>

/// A grey picture, rows from the top, one byte a pixel, 0 is black.
typedef struct {
  const char *name;
  uint16_t width, height;
  const uint8_t *pixels;
} Picture;

extern const Picture pictures[];
extern const unsigned pictureCount;

#endif // METER_READER_PICTURES_H
