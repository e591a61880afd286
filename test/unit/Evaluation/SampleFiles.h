//===- SampleFiles.h - Files of samples for tests ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder that is removed in the end, and contents for files in it.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_EVALUATION_SAMPLEFILES_H
#define THIMBLE_TEST_UNIT_EVALUATION_SAMPLEFILES_H

#include "thimble/Support/NpyFile.h"
#include "llvm/ADT/SmallString.h"
#include <string>
#include <vector>

namespace thimble::test {

class TemporaryFolder {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;

  /// The path of something in the folder.
  std::string path(llvm::StringRef name) const;
  /// Writes a file, and the folders that it is in; returns its path.
  std::string write(llvm::StringRef name, llvm::StringRef content) const;

private:
  llvm::SmallString<128> folder;
};

/// The content of a .npy file of the C++ type's element type.
template <typename T>
std::string npy(NpyElement element, llvm::ArrayRef<int64_t> shape,
                const std::vector<T> &values) {
  return formatNpy(
      element, shape,
      llvm::StringRef(reinterpret_cast<const char *>(values.data()),
                      values.size() * sizeof(T)));
}
inline std::string npyFloats(llvm::ArrayRef<int64_t> shape,
                             const std::vector<float> &values) {
  return npy(NpyElement::float32, shape, values);
}

/// A .npz file with members of these names and contents.
std::string npz(const TemporaryFolder &folder,
                llvm::ArrayRef<std::pair<std::string, std::string>> members,
                bool isCompressed);
/// A .png file of 8-bit pixels with 1 to 4 channels.
std::string png(unsigned height, unsigned width, unsigned channels,
                const std::vector<uint8_t> &pixels);
/// A .wav file of 16-bit PCM.
std::string wav(const TemporaryFolder &folder, unsigned channels,
                const std::vector<int16_t> &samples);

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_EVALUATION_SAMPLEFILES_H
