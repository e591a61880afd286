//===- startup.c - Vector table and reset for a Cortex-M -------------*- C
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lays out RAM as link.ld says and calls main. A fault ends the emulation
// with exit code 3 instead of hanging.
//
//===----------------------------------------------------------------------===//

#include "board.h"

#include <stdint.h>

extern uint32_t dataLoad[], dataBegin[], dataEnd[], bssBegin[], bssEnd[];
/// Declared as a function only because the vector table holds functions.
extern void stackTop(void);

int main(void);

_Noreturn void resetHandler(void) {
  for (uint32_t *from = dataLoad, *to = dataBegin; to != dataEnd;)
    *to++ = *from++;
  for (uint32_t *to = bssBegin; to != bssEnd;)
    *to++ = 0;
  boardExit(main());
}

static void faultHandler(void) { boardExit(3); }

/// Initial stack pointer and the fifteen system exceptions.
__attribute__((section(".vectors"),
               used)) static void (*const vectors[16])(void) = {
    stackTop,     resetHandler,
    faultHandler, // NMI
    faultHandler, // HardFault
    faultHandler, // MemManage
    faultHandler, // BusFault
    faultHandler, // UsageFault
};
