//===- SymbolTable.h - The functions that cycles belong to ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the file that says where the invoke function and the functions of the
// layers are. One function a line:
//
//     I <address> <size> <name>     an invoke function: counting starts here
//     L <address> <size> <name>     the function of a layer
//
// Address and size are hexadecimal, as `nm -S` prints them; bit 0 of an
// address, the Thumb bit, is ignored. Empty lines and lines that start with
// `#` are too.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TOOLS_THIMBLE_CYCLES_SYMBOLTABLE_H
#define THIMBLE_TOOLS_THIMBLE_CYCLES_SYMBOLTABLE_H

#include <cstdint>
#include <istream>
#include <string>
#include <unordered_map>
#include <vector>

namespace thimble::cycles {

struct Function {
  uint32_t address = 0;
  bool isInvoke = false;
  std::string name;
};

class SymbolTable {
public:
  /// Adds the functions in `stream`. False, and a sentence in `error`, if a
  /// line is not of the form above or repeats an address.
  bool read(std::istream &stream, std::string &error);

  /// Index of the function at `address`, or -1.
  int find(uint32_t address) const;

  const std::vector<Function> &functions() const { return list; }

  /// True if some function starts counting; otherwise the whole run counts.
  bool hasInvoke() const;

private:
  std::vector<Function> list;
  std::unordered_map<uint32_t, int> byAddress;
};

} // namespace thimble::cycles

#endif // THIMBLE_TOOLS_THIMBLE_CYCLES_SYMBOLTABLE_H
