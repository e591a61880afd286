//===- SymbolTable.cpp - The functions that cycles belong to ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parser of the symbol file.
//
//===----------------------------------------------------------------------===//

#include "SymbolTable.h"

#include <algorithm>
#include <sstream>

using namespace thimble;
using namespace thimble::cycles;

static bool parseLine(const std::string &line, Function &function) {
  std::istringstream fields(line);
  std::string kind;
  uint64_t address = 0, size = 0;
  fields >> kind >> std::hex >> address >> size >> std::ws;
  if (!fields || (kind != "I" && kind != "L") || address > UINT32_MAX)
    return false;
  std::getline(fields, function.name);
  function.address = address & ~uint64_t(1);
  function.isInvoke = kind == "I";
  return !function.name.empty();
}

bool SymbolTable::read(std::istream &stream, std::string &error) {
  std::string line;
  for (unsigned number = 1; std::getline(stream, line); ++number) {
    if (line.empty() || line[0] == '#')
      continue;
    Function function;
    if (!parseLine(line, function)) {
      error = "line " + std::to_string(number) +
              ": expected '<I or L> <hex address> <hex size> <name>', found '" +
              line + "'";
      return false;
    }
    auto [at, isNew] = byAddress.emplace(function.address, int(list.size()));
    if (!isNew) {
      error = "line " + std::to_string(number) + ": '" + function.name +
              "' is at the address of '" + list[at->second].name + "'";
      return false;
    }
    list.push_back(std::move(function));
  }
  return true;
}

int SymbolTable::find(uint32_t address) const {
  auto at = byAddress.find(address);
  return at == byAddress.end() ? -1 : at->second;
}

bool SymbolTable::hasInvoke() const {
  return std::any_of(list.begin(), list.end(), [](const Function &function) {
    return function.isInvoke;
  });
}
