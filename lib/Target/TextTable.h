//===- TextTable.h - Aligned columns for the terminal -----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Private to the library: what the sections of the report are made of.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_TARGET_TEXTTABLE_H
#define THIMBLE_LIB_TARGET_TEXTTABLE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace thimble::detail {

/// The end of a long text, as wide as a column may be, without characters that
/// would move what is beside it.
std::string clip(llvm::StringRef text);

/// A number with its digits in groups of three; `-` for none.
std::string group(uint64_t number);
std::string group(std::optional<uint64_t> number);

/// A table whose first and last columns are texts, the others numbers.
class TextTable {
public:
  /// All rows have as many cells as the first one.
  void addRow(llvm::SmallVector<std::string> row) {
    rows.push_back(std::move(row));
  }
  void addRule() { rules.push_back(rows.size()); }
  void print(llvm::raw_ostream &os) const;

private:
  llvm::SmallVector<llvm::SmallVector<std::string>, 0> rows;
  llvm::SmallVector<size_t> rules; ///< rows below a line
};

} // namespace thimble::detail

#endif // THIMBLE_LIB_TARGET_TEXTTABLE_H
