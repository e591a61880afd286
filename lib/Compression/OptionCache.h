//===- OptionCache.h - Measured options, kept between runs ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measuring takes long and does not depend on budgets. Files are named after a
// hash of all that the measurement depends on, so that they are never wrong,
// and are renamed into place when they are complete.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_OPTIONCACHE_H
#define THIMBLE_LIB_COMPRESSION_OPTIONCACHE_H

#include "LayerOptions.h"

namespace thimble {

class OptionCache {
public:
  /// Files go to `folder`; empty: nothing is kept.
  explicit OptionCache(llvm::StringRef folder) : folder(folder) {}

  /// A name for what is measured on these networks, samples and with
  /// `settings`.
  static std::string getKey(const TeacherAndStudent &networks,
                            llvm::ArrayRef<const SampleBlock *> samples,
                            llvm::StringRef settings);
  /// None if there is no such file or it is damaged.
  std::optional<OptionTable> load(llvm::StringRef key,
                                  mlir::MLIRContext *context) const;
  /// A folder that cannot be written to is no error: the next run measures
  /// again.
  void store(llvm::StringRef key, const OptionTable &table) const;

private:
  std::string pathOf(llvm::StringRef key) const;

  std::string folder;
};

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_OPTIONCACHE_H
