//===- EncodingChoice.h - Which weight gets which encoding ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A multiple-choice knapsack: one option a weight, fewest bytes, cycles within
// a budget. Knows nothing of encodings.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_CODEGEN_ENCODINGCHOICE_H
#define THIMBLE_LIB_CODEGEN_ENCODINGCHOICE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace thimble {

/// One way to store one weight.
struct EncodingOption {
  int64_t bytes = 0; ///< in flash, without code
  /// More than with option 0, one inference: of decoding, or below 0 if a
  /// kernel makes use of the encoding.
  double cycles = 0;
  std::string decoder;   ///< options with equal names share their code
  int64_t codeBytes = 0; ///< of the decoder
};

/// For every weight the index of its option: the fewest bytes, decoders counted
/// once each, among those whose cycles sum to at most `maxCycles` above those
/// of the fastest options. Options of decoders must not be the fastest. Exact
/// but for two approximations: of partial choices whose cycles differ by less
/// than a 4096th of the budget the smaller is kept, and decoders are dropped
/// one at a time.
std::vector<unsigned>
chooseEncodings(llvm::ArrayRef<std::vector<EncodingOption>> weights,
                double maxCycles);

} // namespace thimble

#endif // THIMBLE_LIB_CODEGEN_ENCODINGCHOICE_H
