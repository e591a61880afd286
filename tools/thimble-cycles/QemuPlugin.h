//===- QemuPlugin.h - The emulator's plugin interface -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of QEMU's TCG plugin interface, version 1 (QEMU 6.0 to 8.2), that
// this plugin uses, declared here because distributions don't package QEMU's
// header. The functions are in the emulator's executable, which resolves them
// when it loads the plugin.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TOOLS_THIMBLE_CYCLES_QEMUPLUGIN_H
#define THIMBLE_TOOLS_THIMBLE_CYCLES_QEMUPLUGIN_H

#include <cstddef>
#include <cstdint>

// NOLINTBEGIN(readability-identifier-naming): the emulator's names.
extern "C" {

using qemu_plugin_id_t = uint64_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

struct qemu_info_t {
  const char *target_name;
  struct {
    int min;
    int cur;
  } version;
  bool system_emulation;
  struct {
    int smp_vcpus;
    int max_vcpus;
  } system;
};

enum qemu_plugin_cb_flags {
  QEMU_PLUGIN_CB_NO_REGS,
  QEMU_PLUGIN_CB_R_REGS,
  QEMU_PLUGIN_CB_RW_REGS,
};

using qemu_plugin_vcpu_tb_trans_cb_t = void (*)(qemu_plugin_id_t id,
                                                qemu_plugin_tb *tb);
using qemu_plugin_vcpu_udata_cb_t = void (*)(unsigned vcpuIndex,
                                             void *userData);
using qemu_plugin_udata_cb_t = void (*)(qemu_plugin_id_t id, void *userData);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           qemu_plugin_vcpu_tb_trans_cb_t cb);
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb *tb,
                                          qemu_plugin_vcpu_udata_cb_t cb,
                                          qemu_plugin_cb_flags flags,
                                          void *userData);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
                                    qemu_plugin_udata_cb_t cb, void *userData);

size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const qemu_plugin_tb *tb);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *tb,
                                          size_t index);
const void *qemu_plugin_insn_data(const qemu_plugin_insn *insn);

} // extern "C"
// NOLINTEND(readability-identifier-naming)

#endif // THIMBLE_TOOLS_THIMBLE_CYCLES_QEMUPLUGIN_H
