//===- board.c - Serial port and exit of mps2-an386 ------------------*- C
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Output goes to the first CMSDK UART (Arm DDI 0479, section 4.3), the exit
// through semihosting (Arm's "Semihosting for AArch32 and AArch64").
//
//===----------------------------------------------------------------------===//

#include "board.h"

#include <stdint.h>

typedef struct {
  volatile uint32_t data;
  volatile uint32_t state;
  volatile uint32_t control;
  volatile uint32_t interrupt;
  volatile uint32_t divider;
} Uart;

static Uart *const uart = (Uart *)0x40004000u;

enum { transmitFull = 1u << 0, transmitEnable = 1u << 0 };

void boardInit(void) {
  uart->divider = 25000000u / 115200u;
  uart->control = transmitEnable;
}

void boardPut(char character) {
  while (uart->state & transmitFull)
    ;
  uart->data = (uint8_t)character;
}

_Noreturn void boardExit(int code) {
  // SYS_EXIT_EXTENDED: reason (application exit) and code.
  uint32_t block[2] = {0x20026u, (uint32_t)code};
  register uint32_t operation __asm__("r0") = 0x20u;
  register uint32_t *argument __asm__("r1") = block;
  __asm__ volatile("bkpt 0xab" : "+r"(operation) : "r"(argument) : "memory");
  for (;;)
    ;
}
