//===- TextTable.cpp - Aligned columns for the terminal -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Columns are as wide as their widest cell.
//
//===----------------------------------------------------------------------===//

#include "TextTable.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;
using llvm::StringRef;

/// Longest text of a column; tensor names may be whole paths.
static constexpr size_t maxColumnWidth = 40;

/// The end of a name says more than its beginning.
std::string detail::clip(StringRef text) {
  std::string clipped = text.str();
  if (text.size() > maxColumnWidth)
    clipped = ("..." + text.take_back(maxColumnWidth - 3)).str();
  std::replace_if(
      clipped.begin(), clipped.end(),
      [](unsigned char c) { return c < ' ' || c == 0x7F; }, '?');
  return clipped;
}

std::string detail::group(uint64_t number) {
  std::string digits = std::to_string(number);
  for (int place = int(digits.size()) - 3; place > 0; place -= 3)
    digits.insert(place, ",");
  return digits;
}

std::string detail::group(std::optional<uint64_t> number) {
  return number ? group(*number) : "-";
}

void TextTable::print(llvm::raw_ostream &os) const {
  SmallVector<size_t> widths(rows.front().size(), 0);
  for (llvm::ArrayRef<std::string> row : rows)
    for (auto [cell, width] : llvm::zip_equal(row, widths))
      width = std::max(width, cell.size());
  size_t total = 2 * (widths.size() - 1);
  for (size_t width : widths)
    total += width;
  for (auto [index, row] : llvm::enumerate(rows)) {
    if (llvm::is_contained(rules, index))
      os << std::string(total, '-') << '\n';
    std::string line = row.front();
    for (size_t column = 1, at = widths.front(); column < row.size();
         ++column) {
      at += 2 + widths[column];
      bool isText = column + 1 == row.size();
      size_t width = isText ? at - widths[column] + row[column].size() : at;
      line.append(width - line.size() - row[column].size(), ' ');
      line += row[column];
    }
    os << StringRef(line).rtrim() << '\n';
  }
}
