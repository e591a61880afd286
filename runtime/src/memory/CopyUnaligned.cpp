//===- CopyUnaligned.cpp - Copy where any word can be loaded ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For Armv7-M and later: single loads and stores take any address.
//
//===----------------------------------------------------------------------===//

#include "Copy.h"

namespace {

struct __attribute__((packed, may_alias)) Word {
  uint32_t value;
};

uint32_t load(const uint8_t *from) {
  return reinterpret_cast<const Word *>(from)->value;
}

void store(uint8_t *to, uint32_t value) {
  reinterpret_cast<Word *>(to)->value = value;
}

} // namespace

void thimble::rt::copyForward(uint8_t *to, const uint8_t *from,
                              uint32_t count) {
  for (; count >= 16; count -= 16, to += 16, from += 16) {
    const uint32_t first = load(from), second = load(from + 4);
    const uint32_t third = load(from + 8), fourth = load(from + 12);
    store(to, first);
    store(to + 4, second);
    store(to + 8, third);
    store(to + 12, fourth);
  }
  for (; count >= 4; count -= 4, to += 4, from += 4)
    store(to, load(from));
  for (; count; --count)
    *to++ = *from++;
}
