//===- board.h - What the firmware needs of its board ----------------*- C
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arm's MPS2 board with the Cortex-M4 image AN386, which QEMU emulates as
// mps2-an386. To move the program to another board, replace board.c,
// startup.c and link.ld.
//
//===----------------------------------------------------------------------===//

#ifndef METER_READER_BOARD_H
#define METER_READER_BOARD_H

/// Switches the serial port on.
void boardInit(void);

/// Sends a character.
void boardPut(char character);

/// Ends the emulation with an exit code.
_Noreturn void boardExit(int code);

#endif // METER_READER_BOARD_H
