//===- SampleReader.h - Samples of one format -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every format of samples offers to SampleSet, and the formats. Nothing
// reads more than one sample at a time.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_EVALUATION_SAMPLEREADER_H
#define THIMBLE_LIB_EVALUATION_SAMPLEREADER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace thimble {

/// Samples as they are stored. All members may be called by several threads.
class SampleReader {
public:
  virtual ~SampleReader() = default;

  uint64_t getCount() const { return count; }
  /// Of one sample.
  llvm::ArrayRef<int64_t> getShape() const { return shape; }
  /// What the format itself says about classes, one number a sample; empty if
  /// it says nothing.
  llvm::ArrayRef<int64_t> getLabels() const { return labels; }
  /// What was stored with the sample's file, as its path; empty in an array.
  virtual std::string getFile(uint64_t index) const { return ""; }
  /// Reads one sample; `values` has as many elements as the shape.
  virtual llvm::Error read(uint64_t index,
                           llvm::MutableArrayRef<float> values) const = 0;

protected:
  uint64_t count = 0;
  llvm::SmallVector<int64_t> shape;
  std::vector<int64_t> labels;
};

using OpenedSamples = llvm::Expected<std::unique_ptr<SampleReader>>;

/// A .npy file: dimension 0 counts samples. It is mapped, not read.
OpenedSamples openNpySamples(llvm::StringRef path);
/// A .npz file; see SampleSet.h for the names of the arrays.
OpenedSamples openNpzSamples(llvm::StringRef path);
/// A folder of .png or .wav files, or of folders of them, one a class.
OpenedSamples openFolderSamples(llvm::StringRef path);

/// The numbers of a file that is one sample.
struct DecodedFile {
  llvm::SmallVector<int64_t> shape;
  std::vector<float> values;
};

/// 0 to 255, height x width x channels; 1 channel of a grey image, 3 of any
/// other. What is transparent is taken as it is, 16 bits become 8.
llvm::Expected<DecodedFile> decodePng(llvm::StringRef bytes);
/// Between -1 and 1: frames, or frames x channels if there are several.
llvm::Expected<DecodedFile> decodeWav(llvm::StringRef bytes);

/// An error that is a sentence.
llvm::Error sampleError(const llvm::Twine &message);
/// As `[49, 10]`.
std::string describeShape(llvm::ArrayRef<int64_t> shape);
/// The labels in a .npy array of integers of one dimension.
llvm::Expected<std::vector<int64_t>> readNpyLabels(llvm::StringRef file);

} // namespace thimble

#endif // THIMBLE_LIB_EVALUATION_SAMPLEREADER_H
