//===- Memory.c - A model that calls the memory functions -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The input is four words: function, distance of the destination from the
// arena, of the source, count. Arena [16, 272) is the input's data, and the
// output is all of it afterwards.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

void *memcpy(void *to, const void *from, uint32_t count);
void *memmove(void *to, const void *from, uint32_t count);
void *memset(void *to, int byte, uint32_t count);
void __aeabi_memcpy(void *to, const void *from, uint32_t count);
void __aeabi_memcpy4(void *to, const void *from, uint32_t count);
void __aeabi_memcpy8(void *to, const void *from, uint32_t count);
void __aeabi_memmove(void *to, const void *from, uint32_t count);
void __aeabi_memmove4(void *to, const void *from, uint32_t count);
void __aeabi_memmove8(void *to, const void *from, uint32_t count);
void __aeabi_memset(void *to, uint32_t count, int byte);
void __aeabi_memset4(void *to, uint32_t count, int byte);
void __aeabi_memset8(void *to, uint32_t count, int byte);
void __aeabi_memclr(void *to, uint32_t count);
void __aeabi_memclr4(void *to, uint32_t count);
void __aeabi_memclr8(void *to, uint32_t count);

void memory_invoke(void *arena);

typedef void (*Copy)(void *, const void *, uint32_t);
typedef void (*Set)(void *, uint32_t, int);
typedef void (*Clear)(void *, uint32_t);

static void invokeAeabi(uint32_t function, uint8_t *to, uint8_t *from,
                        uint32_t count) {
  static const Copy copies[] = {__aeabi_memcpy,   __aeabi_memcpy4,
                                __aeabi_memcpy8,  __aeabi_memmove,
                                __aeabi_memmove4, __aeabi_memmove8};
  static const Set sets[] = {__aeabi_memset, __aeabi_memset4, __aeabi_memset8};
  static const Clear clears[] = {__aeabi_memclr, __aeabi_memclr4,
                                 __aeabi_memclr8};
  if (function < 9)
    copies[function - 3](to, from, count);
  else if (function < 12)
    sets[function - 9](to, count, 0x15A);
  else
    clears[function - 12](to, count);
}

void memory_invoke(void *arena) {
  const uint32_t *words = arena;
  uint8_t *to = (uint8_t *)arena + words[1];
  uint8_t *from = (uint8_t *)arena + words[2];
  uint32_t count = words[3];
  switch (words[0]) {
  case 0:
    memcpy(to, from, count);
    break;
  case 1:
    memmove(to, from, count);
    break;
  case 2:
    memset(to, 0x15A, count);
    break;
  default:
    invokeAeabi(words[0], to, from, count);
  }
}
