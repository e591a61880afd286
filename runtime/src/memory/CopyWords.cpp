//===- CopyWords.cpp - Copy where words must be aligned ---------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For Armv6-M: words if both addresses can be aligned together, else bytes.
//
//===----------------------------------------------------------------------===//

#include "Copy.h"

namespace {

struct __attribute__((may_alias)) Word {
  uint32_t value;
};

} // namespace

void thimble::rt::copyForward(uint8_t *to, const uint8_t *from,
                              uint32_t count) {
  const uintptr_t difference =
      reinterpret_cast<uintptr_t>(to) ^ reinterpret_cast<uintptr_t>(from);
  if (difference % 4 == 0) {
    for (; count && reinterpret_cast<uintptr_t>(to) % 4; --count)
      *to++ = *from++;
    Word *toWord = reinterpret_cast<Word *>(to);
    const Word *fromWord = reinterpret_cast<const Word *>(from);
    for (; count >= 16; count -= 16, toWord += 4, fromWord += 4) {
      const Word first = fromWord[0], second = fromWord[1];
      const Word third = fromWord[2], fourth = fromWord[3];
      toWord[0] = first;
      toWord[1] = second;
      toWord[2] = third;
      toWord[3] = fourth;
    }
    for (; count >= 4; count -= 4)
      *toWord++ = *fromWord++;
    to = reinterpret_cast<uint8_t *>(toWord);
    from = reinterpret_cast<const uint8_t *>(fromWord);
  }
  for (; count; --count)
    *to++ = *from++;
}
