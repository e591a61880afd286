//===- NpyFile.h - Arrays as NumPy stores them ------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reader and writer of .npy files, the format that NumPy's documentation
// describes under numpy.lib.format: versions 1 to 3, little-endian, C order.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_SUPPORT_NPYFILE_H
#define THIMBLE_SUPPORT_NPYFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace thimble {

/// Types of elements that are read and written.
enum class NpyElement {
  int8,
  uint8,
  int16,
  uint16,
  int32,
  int64,
  float32,
  float64
};

/// The name, as `int8`.
llvm::StringRef getNpyElementName(NpyElement element);
/// Bytes of one element.
unsigned getNpyElementBytes(NpyElement element);

/// Element `index` of `bytes` as a number; int64 is rounded to the nearest.
double readNpyElement(NpyElement element, llvm::StringRef bytes,
                      uint64_t index);

/// What stands before the elements of a file.
struct NpyHeader {
  NpyElement element = NpyElement::int8;
  llvm::SmallVector<int64_t> shape; ///< outermost dimension first
  uint64_t headerBytes = 0;         ///< where the elements start
  uint64_t elementBytes = 0;        ///< of all elements
};

/// Reads the header of a file of `fileBytes` bytes that starts with `start`,
/// which is all of the file or at least its first 64 KiB. The error says what
/// was expected and what was found, also if the elements are not as many as
/// the header says.
llvm::Expected<NpyHeader> parseNpyHeader(llvm::StringRef start,
                                         uint64_t fileBytes);

struct NpyArray {
  NpyElement element = NpyElement::int8;
  llvm::SmallVector<int64_t> shape; ///< outermost dimension first
  llvm::StringRef bytes;            ///< in the file's own memory
};

/// Reads the content of a file. The error is a sentence that says what was
/// expected and what was found; any bytes may be given.
llvm::Expected<NpyArray> parseNpy(llvm::StringRef file);

/// The content of a version 1 file. `bytes` holds the elements in C order.
std::string formatNpy(NpyElement element, llvm::ArrayRef<int64_t> shape,
                      llvm::StringRef bytes);

} // namespace thimble

#endif // THIMBLE_SUPPORT_NPYFILE_H
