//===- SampleSet.h - Samples to calibrate and to score with -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inputs of a model from files, as real numbers, with or without labels:
//
//   x.npy       numbers; dimension 0 counts samples. Labels: --labels.
//   x.npz       samples are the array `x`, `samples`, `data` or `images`, or
//               the first of at least two dimensions; labels are `y` or
//               `labels`, or the only array of integers of one dimension.
//   folder/     .png (0 to 255) or .wav (-1 to 1) files, sorted by name. Labels
//               come from the names of sub-folders, sorted, or from the file
//               `labels.csv` in it, whose lines are `file,label`.
//
// Real numbers are raw * scale + offset. Both, and the labels' path, may be in
// a file beside the samples, with `.json` added to their name:
//
//   {"scale": 0.00392156862745098, "offset": 0, "labels": "y.npy"}
//
// Samples are read one at a time, when they are asked for.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_EVALUATION_SAMPLESET_H
#define THIMBLE_EVALUATION_SAMPLESET_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace thimble {

class SampleReader;

/// What is said about samples outside of their file; it precedes the file
/// beside them.
struct SampleOptions {
  std::optional<double> scale, offset;
  std::string labels; ///< path of a .npy or .csv file; empty: none given

  /// Reads `scale` and `offset` as numbers; an empty one is absent.
  static llvm::Expected<SampleOptions> parse(llvm::StringRef scale,
                                             llvm::StringRef offset);
};

/// Samples of one source. All members may be called by several threads. Every
/// error is a sentence that names the source, and the sample where it is one's.
class SampleSet {
public:
  static llvm::Expected<std::unique_ptr<SampleSet>>
  open(llvm::StringRef path, const SampleOptions &options);
  ~SampleSet();

  /// At least 1.
  uint64_t size() const;
  /// Of one sample.
  llvm::ArrayRef<int64_t> getShape() const;
  /// Numbers of one sample.
  uint64_t getElements() const;
  /// One label a sample, at least 0; empty if there are none.
  llvm::ArrayRef<int64_t> getLabels() const { return labels; }
  llvm::StringRef getPath() const { return path; }

  /// Fails unless samples have the shape of an input; dimensions of 1 do not
  /// count. `what` names the input for the message.
  llvm::Error checkShape(llvm::ArrayRef<int64_t> input,
                         llvm::StringRef what) const;

  /// Reads a sample as real numbers; fails on NaN and infinity.
  llvm::Error read(uint64_t index, llvm::MutableArrayRef<float> values) const;

  /// A hash of each sample's real numbers (not of its label).
  llvm::Expected<std::vector<uint64_t>> hashSamples() const;

private:
  SampleSet() = default;
  llvm::Error readSidecar(SampleOptions &options);
  llvm::Error readLabels(llvm::StringRef file);
  llvm::Expected<std::vector<int64_t>> readLabelTable(llvm::StringRef text);
  llvm::Error fail(const llvm::Twine &message) const;
  std::string describe(uint64_t index) const;

  std::string path;
  std::unique_ptr<SampleReader> reader;
  std::vector<int64_t> labels;
  double scale = 1, offset = 0;
};

/// The numbers below `count` in an order that depends on the seed only.
std::vector<uint64_t> shuffledIndices(uint64_t count, uint64_t seed);

/// Two disjoint sets of samples, each ascending.
struct SampleSplit {
  std::vector<uint64_t> calibration, validation;
};
/// Puts the part `validation` (between 0 and 1), rounded, aside; at least one
/// sample stays for calibration. Depends on the seed only.
SampleSplit splitSamples(uint64_t count, double validation, uint64_t seed);

/// One hash of several, which depends on their order: a key for caches.
uint64_t combineHashes(llvm::ArrayRef<uint64_t> hashes);
/// How many of `b` are also in `a`.
uint64_t countShared(llvm::ArrayRef<uint64_t> a, llvm::ArrayRef<uint64_t> b);

} // namespace thimble

#endif // THIMBLE_EVALUATION_SAMPLESET_H
