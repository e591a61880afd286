//===- Plugin.cpp - Counts cycles inside the emulator -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loaded by qemu-system-arm:
//
//     -plugin libthimble-cycles.so,core=<cpu>,out=<json>[,symbols=<file>]
//
// `core` names the CPU whose timing is used, `symbols` the functions that
// cycles are booked on (see SymbolTable.h; without it the whole run is one
// invocation) and `out` the report (see CycleReport.h), written when the
// emulator ends.
//
//===----------------------------------------------------------------------===//

#include "CycleReport.h"
#include "QemuPlugin.h"
#include "thimble/TargetInfo/Timing/ThumbDecoder.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>

using namespace thimble;
using namespace thimble::cycles;

namespace {

struct Options {
  std::string core;
  std::string symbols;
  std::string out;
};

/// Everything the callbacks share. Emulated boards have one core here, so
/// nothing runs at the same time.
struct Plugin {
  Plugin(timing::CpuTiming cpu, SymbolTable table, std::ofstream report)
      : cpu(cpu), symbols(std::move(table)), report(std::move(report)),
        builder(*cpu.timing), counter(*cpu.timing, symbols) {}

  timing::CpuTiming cpu;
  SymbolTable symbols;
  std::ofstream report;
  BlockBuilder builder;
  CycleCounter counter;
  /// By their code: the emulator translates again what it dropped from its
  /// cache. Addresses stay valid as long as the emulator holds them.
  std::unordered_map<std::string, std::unique_ptr<Block>> blocks;
};

} // namespace

static Plugin *plugin = nullptr;

static void fail(const std::string &message) {
  std::cerr << "thimble-cycles: error: " << message << "\n";
}

static void onExecute(unsigned, void *block) {
  plugin->counter.execute(*static_cast<Block *>(block));
}

/// The code of a block. An instruction's width is taken from its encoding:
/// near the end of a page the emulator peeks at the next instruction and
/// reports the halfword it read as part of the one before.
static std::vector<uint8_t> codeOf(const qemu_plugin_tb *tb) {
  std::vector<uint8_t> code;
  for (size_t index = 0, end = qemu_plugin_tb_n_insns(tb); index < end;
       ++index) {
    const qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, index);
    auto *bytes = static_cast<const uint8_t *>(qemu_plugin_insn_data(insn));
    bool isWide = startsWideInstruction(bytes[0] | bytes[1] << 8);
    code.insert(code.end(), bytes, bytes + (isWide ? 4 : 2));
  }
  return code;
}

static void onTranslate(qemu_plugin_id_t, qemu_plugin_tb *tb) {
  std::vector<uint8_t> code = codeOf(tb);
  uint32_t start = qemu_plugin_tb_vaddr(tb);
  std::string key(reinterpret_cast<const char *>(&start), sizeof(start));
  key.append(code.begin(), code.end());
  std::unique_ptr<Block> &block = plugin->blocks[key];
  if (!block) {
    block = std::make_unique<Block>(plugin->builder.build(start, code));
    block->function = plugin->symbols.find(start);
  }
  qemu_plugin_register_vcpu_tb_exec_cb(tb, onExecute, QEMU_PLUGIN_CB_NO_REGS,
                                       block.get());
}

static void onExit(qemu_plugin_id_t, void *) {
  plugin->counter.finish();
  ClassHistogram classes{};
  for (const auto &[key, block] : plugin->blocks)
    for (size_t cls = 0; cls < classes.size(); ++cls)
      classes[cls] += block->executions * block->classCounts[cls];
  writeReport(plugin->report, plugin->cpu, plugin->symbols, plugin->counter,
              classes);
  plugin->report.close();
  if (!plugin->report)
    fail("cannot write the report: " + std::string(std::strerror(errno)));
}

static bool parseOptions(int argc, char **argv, Options &options) {
  for (int index = 0; index < argc; ++index) {
    std::string argument = argv[index];
    size_t equals = argument.find('=');
    std::string key = argument.substr(0, equals);
    std::string value =
        equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (key == "core") {
      options.core = value;
    } else if (key == "symbols") {
      options.symbols = value;
    } else if (key == "out") {
      options.out = value;
    } else {
      fail("unknown argument '" + argument +
           "', expected core=<cpu>, symbols=<file> or out=<file>");
      return false;
    }
  }
  if (options.core.empty() || options.out.empty()) {
    fail("arguments core=<cpu> and out=<file> are required");
    return false;
  }
  return true;
}

static bool readSymbols(const std::string &path, SymbolTable &symbols) {
  if (path.empty())
    return true;
  std::ifstream file(path);
  std::string error;
  if (!file) {
    fail("cannot read '" + path + "': " + std::strerror(errno));
    return false;
  }
  if (!symbols.read(file, error)) {
    fail(path + ": " + error);
    return false;
  }
  return true;
}

static bool findCore(const std::string &name, timing::CpuTiming &cpu) {
  if (auto found = timing::lookupCpuTiming(name)) {
    cpu = *found;
    return true;
  }
  std::string known;
  for (const timing::CpuTiming &entry : timing::cpuTimings)
    known += " " + std::string(entry.cpu);
  fail("no timing for core '" + name + "'; there are:" + known);
  return false;
}

// NOLINTBEGIN(readability-identifier-naming): the emulator's names.
#define THIMBLE_EXPORT extern "C" __attribute__((visibility("default")))

/// Version of the interface in QemuPlugin.h.
THIMBLE_EXPORT int qemu_plugin_version = 1;

THIMBLE_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                       const qemu_info_t *info, int argc,
                                       char **argv) {
  Options options;
  timing::CpuTiming cpu{};
  SymbolTable symbols;
  if (std::strcmp(info->target_name, "arm") != 0) {
    fail("loaded into an emulator of '" + std::string(info->target_name) +
         "', expected qemu-system-arm");
    return 1;
  }
  if (!parseOptions(argc, argv, options) || !findCore(options.core, cpu) ||
      !readSymbols(options.symbols, symbols))
    return 1;
  std::ofstream report(options.out);
  if (!report) {
    fail("cannot write '" + options.out + "': " + std::strerror(errno));
    return 1;
  }
  // Never freed: the emulator may still run blocks while it exits.
  plugin = new Plugin(cpu, std::move(symbols), std::move(report));
  qemu_plugin_register_vcpu_tb_trans_cb(id, onTranslate);
  qemu_plugin_register_atexit_cb(id, onExit, nullptr);
  return 0;
}
// NOLINTEND(readability-identifier-naming)
