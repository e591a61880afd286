//===- Memory.cpp - memcpy, memmove, memset and their aliases ---*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions a model's object may call without a C library, under their C
// names and those of Arm's run-time ABI (RTABI 4.3.4). All are weak: a firmware
// with a C library uses that one's. Compiled with -fno-builtin, lest the
// compiler turn a loop into a call of the function it is in.
//
//===----------------------------------------------------------------------===//

#include "Copy.h"

#define THIMBLE_WEAK __attribute__((weak))

using thimble::rt::copyForward;

namespace {

struct __attribute__((may_alias)) Word {
  uint32_t value;
};

void fill(uint8_t *to, uint32_t count, uint32_t byte) {
  const uint8_t low = static_cast<uint8_t>(byte);
  for (; count && reinterpret_cast<uintptr_t>(to) % 4; --count)
    *to++ = low;
  const uint32_t value = low * 0x01010101u;
  Word *word = reinterpret_cast<Word *>(to);
  for (; count >= 16; count -= 16, word += 4) {
    word[0].value = value;
    word[1].value = value;
    word[2].value = value;
    word[3].value = value;
  }
  for (; count >= 4; count -= 4)
    (word++)->value = value;
  to = reinterpret_cast<uint8_t *>(word);
  for (; count; --count)
    *to++ = low;
}

void move(uint8_t *to, const uint8_t *from, uint32_t count) {
  const uintptr_t distance =
      reinterpret_cast<uintptr_t>(to) - reinterpret_cast<uintptr_t>(from);
  // As an unsigned number, the distance is below `count` only if the end of the
  // source would be overwritten before it is read.
  if (distance < count) {
    while (count--)
      to[count] = from[count];
    return;
  }
  if (0 - distance >= 16) {
    copyForward(to, from, count);
    return;
  }
  while (count--)
    *to++ = *from++;
}

uint8_t *bytes(void *pointer) { return static_cast<uint8_t *>(pointer); }
const uint8_t *bytes(const void *pointer) {
  return static_cast<const uint8_t *>(pointer);
}

} // namespace

extern "C" {

THIMBLE_WEAK void *memcpy(void *to, const void *from, uint32_t count) {
  copyForward(bytes(to), bytes(from), count);
  return to;
}
THIMBLE_WEAK void *memmove(void *to, const void *from, uint32_t count) {
  move(bytes(to), bytes(from), count);
  return to;
}
THIMBLE_WEAK void *memset(void *to, int byte, uint32_t count) {
  fill(bytes(to), count, static_cast<uint32_t>(byte));
  return to;
}

THIMBLE_WEAK void __aeabi_memcpy(void *to, const void *from, uint32_t count) {
  copyForward(bytes(to), bytes(from), count);
}
THIMBLE_WEAK void __aeabi_memmove(void *to, const void *from, uint32_t count) {
  move(bytes(to), bytes(from), count);
}
/// Unlike memset's, the run-time ABI's order of arguments has the byte last.
THIMBLE_WEAK void __aeabi_memset(void *to, uint32_t count, int byte) {
  fill(bytes(to), count, static_cast<uint32_t>(byte));
}
THIMBLE_WEAK void __aeabi_memclr(void *to, uint32_t count) {
  fill(bytes(to), count, 0);
}

#define THIMBLE_ALIAS(name)                                                    \
  __attribute__((weak, alias(#name))) decltype(name) name##4;                  \
  __attribute__((weak, alias(#name))) decltype(name) name##8
THIMBLE_ALIAS(__aeabi_memcpy);
THIMBLE_ALIAS(__aeabi_memmove);
THIMBLE_ALIAS(__aeabi_memset);
THIMBLE_ALIAS(__aeabi_memclr);
#undef THIMBLE_ALIAS

} // extern "C"
