//===- ByteOption.h - Sizes on the command line ------------------*- C++
//-*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 20480 and 20K are the same.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DRIVER_BYTEOPTION_H
#define THIMBLE_LIB_DRIVER_BYTEOPTION_H

#include "llvm/Support/CommandLine.h"
#include <optional>

namespace thimble {

/// Bytes, with K for 1024 of them.
struct ByteCount {
  uint64_t bytes = 0;
};

struct ByteCountParser : llvm::cl::parser<ByteCount> {
  using llvm::cl::parser<ByteCount>::parser;
  bool parse(llvm::cl::Option &option, llvm::StringRef, llvm::StringRef text,
             ByteCount &count) {
    llvm::StringRef digits = text;
    bool kilo = digits.consume_back("K") || digits.consume_back("k");
    uint64_t value;
    if (digits.getAsInteger(10, value) || value > (uint64_t(1) << 40))
      return option.error("expected bytes such as 20480 or 20K, found '" +
                          text + "'");
    count.bytes = kilo ? value * 1024 : value;
    return false;
  }
};

using ByteOption = llvm::cl::opt<ByteCount, false, ByteCountParser>;

/// The bytes, absent if the option was not given.
inline std::optional<uint64_t> getGiven(const ByteOption &option) {
  if (option.getNumOccurrences() == 0)
    return std::nullopt;
  return option.getValue().bytes;
}

} // namespace thimble

#endif // THIMBLE_LIB_DRIVER_BYTEOPTION_H
