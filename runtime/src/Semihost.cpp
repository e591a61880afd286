//===- Semihost.cpp - Files and console of the host -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The semihosting calls of semihost.h. Operation numbers and argument blocks
// are those of Arm's "Semihosting for AArch32 and AArch64", section 7.
//
//===----------------------------------------------------------------------===//

#include "thimble_rt/semihost.h"

namespace {

enum Operation : uint32_t {
  SysOpen = 0x01,
  SysClose = 0x02,
  SysWrite0 = 0x04,
  SysWrite = 0x05,
  SysRead = 0x06,
  SysSeek = 0x0A,
  SysFlen = 0x0C,
  SysErrno = 0x13,
  SysGetCmdline = 0x15,
  SysExitExtended = 0x20
};

/// ADP_Stopped_ApplicationExit: the one reason that carries an exit code.
constexpr uint32_t kApplicationExit = 0x20026;

int32_t call(Operation operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return static_cast<int32_t>(r0);
}

uint32_t word(const void *pointer) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer));
}

uint32_t lengthOf(const char *text) {
  uint32_t length = 0;
  while (text[length])
    ++length;
  return length;
}

} // namespace

extern "C" {

int32_t thimble_semihost_open(const char *path, uint32_t mode) {
  const uint32_t arguments[] = {word(path), mode, lengthOf(path)};
  return call(SysOpen, arguments);
}

int32_t thimble_semihost_close(int32_t handle) {
  return call(SysClose, &handle);
}

uint32_t thimble_semihost_read(int32_t handle, void *bytes, uint32_t count) {
  const uint32_t arguments[] = {static_cast<uint32_t>(handle), word(bytes),
                                count};
  return static_cast<uint32_t>(call(SysRead, arguments));
}

uint32_t thimble_semihost_write(int32_t handle, const void *bytes,
                                uint32_t count) {
  const uint32_t arguments[] = {static_cast<uint32_t>(handle), word(bytes),
                                count};
  return static_cast<uint32_t>(call(SysWrite, arguments));
}

int32_t thimble_semihost_seek(int32_t handle, uint32_t position) {
  const uint32_t arguments[] = {static_cast<uint32_t>(handle), position};
  return call(SysSeek, arguments);
}

int32_t thimble_semihost_flen(int32_t handle) { return call(SysFlen, &handle); }

int32_t thimble_semihost_errno(void) { return call(SysErrno, nullptr); }

int32_t thimble_semihost_get_cmdline(char *buffer, uint32_t capacity) {
  uint32_t arguments[] = {word(buffer), capacity};
  return call(SysGetCmdline, arguments);
}

void thimble_semihost_write0(const char *text) { call(SysWrite0, text); }

void thimble_semihost_exit(int32_t code) {
  const uint32_t arguments[] = {kApplicationExit, static_cast<uint32_t>(code)};
  call(SysExitExtended, arguments);
  for (;;) {
    // Nothing is left to run, should the host ignore the call.
  }
}

} // extern "C"
