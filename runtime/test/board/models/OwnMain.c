//===- OwnMain.c - A firmware with a main of its own ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Uses a board's start-up and semihosting without the runner, and checks that
// .data and .bss are as C promises.
//
//===----------------------------------------------------------------------===//

#include "thimble_rt/semihost.h"

int main(void);

static volatile uint32_t initialized = 42;
static volatile uint32_t zero;
static char path[64];

int main(void) {
  if (initialized != 42 || zero != 0)
    return 100;
  if (thimble_semihost_get_cmdline(path, sizeof(path)) != 0)
    return 101;
  int32_t file = thimble_semihost_open(path, THIMBLE_SEMIHOST_READ);
  char text[4] = {0, 0, 0, 0};
  if (file < 0 || thimble_semihost_flen(file) != 5 ||
      thimble_semihost_seek(file, 2) != 0 ||
      thimble_semihost_read(file, text, 3) != 0 ||
      thimble_semihost_read(file, text, 1) != 1 ||
      thimble_semihost_close(file) != 0)
    return 102;
  thimble_semihost_write0(text);
  if (thimble_semihost_open("", THIMBLE_SEMIHOST_READ) != -1)
    return 103;
  // A command line must fit with its terminator.
  if (thimble_semihost_get_cmdline(path, 3) != -1)
    return 104;
  initialized = 7;
  return (int)initialized;
}
