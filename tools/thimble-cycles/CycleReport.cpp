//===- CycleReport.cpp - The plugin's result as JSON ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A writer for the one schema; a JSON library would be the plugin's only
// dependency.
//
//===----------------------------------------------------------------------===//

#include "CycleReport.h"

using namespace thimble;
using namespace thimble::cycles;

static std::string quoted(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result = "\"";
  for (unsigned char character : text) {
    if (character == '"' || character == '\\') {
      result += '\\';
      result += character;
    } else if (character < 0x20) {
      result += "\\u00";
      result += digits[character >> 4];
      result += digits[character & 15];
    } else {
      result += character;
    }
  }
  return result + '"';
}

static void writeFields(std::ostream &stream, Count count) {
  stream << "\"instructions\": " << count.instructions
         << ", \"cycles\": " << count.cycles << "}";
}

static void writeCount(std::ostream &stream, const char *key, Count count) {
  stream << "  \"" << key << "\": {";
  writeFields(stream, count);
  stream << ",\n";
}

static void writeLayer(std::ostream &stream, std::string_view name,
                       uint64_t calls, Count count) {
  stream << "    {\"name\": " << quoted(name) << ", \"calls\": " << calls
         << ", ";
  writeFields(stream, count);
}

static void writeLayers(std::ostream &stream, const SymbolTable &symbols,
                        const CycleCounter &counter) {
  stream << "  \"layers\": [\n";
  for (size_t index = 0; index < symbols.functions().size(); ++index) {
    if (symbols.functions()[index].isInvoke)
      continue;
    const FunctionCount &function = counter.functions()[index];
    writeLayer(stream, symbols.functions()[index].name, function.calls,
               function.count);
    stream << ",\n";
  }
  writeLayer(stream, "invoke", counter.invocations(), counter.rest());
  stream << "\n  ],\n";
}

void cycles::writeReport(std::ostream &stream, const timing::CpuTiming &cpu,
                         const SymbolTable &symbols,
                         const CycleCounter &counter,
                         const ClassHistogram &classes) {
  stream << "{\n  \"schema\": 1,\n  \"core\": " << quoted(cpu.cpu)
         << ",\n  \"estimate\": " << (cpu.isEstimate ? "true" : "false")
         << ",\n  \"invocations\": " << counter.invocations() << ",\n";
  writeCount(stream, "total", counter.total());
  writeCount(stream, "min", counter.smallestInvocation());
  writeCount(stream, "max", counter.largestInvocation());
  writeLayers(stream, symbols, counter);

  stream << "  \"classes\": {";
  const char *separator = "";
  for (size_t cls = 0; cls < classes.size(); ++cls) {
    if (!classes[cls])
      continue;
    stream << separator << "\n    "
           << quoted(timing::instructionClassNames[cls]) << ": "
           << classes[cls];
    separator = ",";
  }
  stream << "\n  }\n}\n";
}
