//===- semihost.h - Files and console of the host ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The semihosting calls that firmware in an emulator or under a debugger uses
// to reach the host: Arm's "Semihosting for AArch32 and AArch64", BKPT 0xAB.
// Valid C99 and C++17. Defined in libthimble_board_<core>.a.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_SEMIHOST_H
#define THIMBLE_RT_SEMIHOST_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Modes of thimble_semihost_open: those of C's fopen, binary.
enum thimble_semihost_mode {
  THIMBLE_SEMIHOST_READ = 1,  /* "rb" */
  THIMBLE_SEMIHOST_WRITE = 5, /* "wb" */
  THIMBLE_SEMIHOST_APPEND = 9 /* "ab" */
};

/// Opens a file of the host in an enum thimble_semihost_mode; a handle, or -1.
int32_t thimble_semihost_open(const char *path, uint32_t mode);
/// 0, or -1.
int32_t thimble_semihost_close(int32_t handle);
/// The number of bytes that were *not* read: 0 is success.
uint32_t thimble_semihost_read(int32_t handle, void *bytes, uint32_t count);
/// The number of bytes that were *not* written: 0 is success.
uint32_t thimble_semihost_write(int32_t handle, const void *bytes,
                                uint32_t count);
/// Sets the position from the start of the file; 0 is success.
int32_t thimble_semihost_seek(int32_t handle, uint32_t position);
/// Length of an open file in bytes, or -1.
int32_t thimble_semihost_flen(int32_t handle);
/// The host's errno of the last call that failed.
int32_t thimble_semihost_errno(void);
/// Copies the command line, NUL-terminated; 0, or -1 if there is none or it is
/// longer than `capacity`.
int32_t thimble_semihost_get_cmdline(char *buffer, uint32_t capacity);
/// Prints a NUL-terminated string on the host's console.
void thimble_semihost_write0(const char *text);
/// Ends the emulator with this exit code.
void thimble_semihost_exit(int32_t code);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // THIMBLE_RT_SEMIHOST_H
