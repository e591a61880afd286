//===- Fault.cpp - One line about a fault -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Prints which fault was taken, why and where, and ends the emulator with
// THIMBLE_EXIT_FAULT. Register and bit positions are those of the Armv7-M and
// Armv8-M architecture reference manuals (System Control Block).
//
//===----------------------------------------------------------------------===//

#include "thimble_rt/job.h"
#include "thimble_rt/semihost.h"

extern "C" {
extern const char __thimble_stack_base[], __thimble_stack_top[];
void thimble_board_report_fault(const uint32_t *frame, uint32_t exception);
}

namespace {

constexpr uintptr_t kConfigurableFaultStatus = 0xE000ED28;
/// Words of the exception frame.
enum FrameWord { FrameLr = 5, FramePc = 6, FrameWords = 8 };

struct Cause {
  uint32_t bit;
  const char *text;
};

/// Bits of CFSR, the likeliest first.
constexpr Cause kCauses[] = {
    {24, "unaligned access"},
    {25, "division by zero"},
    {20, "stack limit"},
    {12, "stack overflow"},
    {4, "stack overflow"},
    {9, "data access"},
    {10, "imprecise data access"},
    {1, "data access"},
    {8, "instruction fetch"},
    {0, "instruction fetch"},
    {16, "undefined instruction"},
    {17, "not a Thumb address"},
    {18, "invalid exception return"},
    {19, "no coprocessor"},
};

class Line {
public:
  void add(const char *text) {
    while (*text && length + 1 < sizeof(buffer))
      buffer[length++] = *text++;
    buffer[length] = 0;
  }
  void addHex(uint32_t value) {
    char digits[11] = "0x";
    for (uint32_t i = 0; i < 8; ++i) {
      const uint32_t digit = value >> (28 - 4 * i) & 15;
      digits[2 + i] =
          static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    digits[10] = 0;
    add(digits);
  }
  const char *text() const { return buffer; }

private:
  char buffer[160];
  uint32_t length = 0;
};

const char *nameOf(uint32_t exception) {
  switch (exception) {
  case 2:
    return "NMI";
  case 3:
    return "HardFault";
  case 4:
    return "MemManage";
  case 5:
    return "BusFault";
  case 6:
    return "UsageFault";
  case 7:
    return "SecureFault";
  default:
    return "unexpected exception";
  }
}

} // namespace

void thimble_board_report_fault(const uint32_t *frame, uint32_t exception) {
  const uint32_t status =
      *reinterpret_cast<const volatile uint32_t *>(kConfigurableFaultStatus);
  Line line;
  line.add("thimble: ");
  line.add(nameOf(exception));
  for (const Cause &cause : kCauses) {
    if (status >> cause.bit & 1) {
      line.add(": ");
      line.add(cause.text);
      break;
    }
  }
  // After a stack overflow the frame was never written.
  const char *bytes = reinterpret_cast<const char *>(frame);
  if (bytes >= __thimble_stack_base &&
      bytes + FrameWords * sizeof(uint32_t) <= __thimble_stack_top) {
    line.add(" at pc ");
    line.addHex(frame[FramePc]);
    line.add(", lr ");
    line.addHex(frame[FrameLr]);
  }
  line.add(", cfsr ");
  line.addHex(status);
  line.add("\n");
  thimble_semihost_write0(line.text());
  thimble_semihost_exit(THIMBLE_EXIT_FAULT);
}
