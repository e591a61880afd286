//===- FolderReader.cpp - Samples that are files of their own -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files are listed and sorted when the folder is opened, and decoded one by one
// when they are read.
//
//===----------------------------------------------------------------------===//

#include "SampleReader.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace thimble;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

using Decoder = llvm::Expected<DecodedFile> (*)(StringRef bytes);

static Decoder findDecoder(StringRef file) {
  StringRef extension = path::extension(file);
  if (extension.equals_insensitive(".png"))
    return decodePng;
  if (extension.equals_insensitive(".wav"))
    return decodeWav;
  return nullptr;
}

namespace {
class FolderReader : public SampleReader {
public:
  explicit FolderReader(StringRef folder) : folder(folder) {}

  /// Lists the files and decodes the first, which says what all are like.
  llvm::Error open();
  std::string getFile(uint64_t index) const override { return files[index]; }
  llvm::Error read(uint64_t index,
                   llvm::MutableArrayRef<float> values) const override;

private:
  llvm::Error list(StringRef below, std::vector<std::string> &folders);
  llvm::Expected<DecodedFile> decode(uint64_t index) const;

  std::string folder;
  std::vector<std::string> files; ///< relative to the folder
};
} // namespace

/// Adds the samples of a folder and names the folders in it, both sorted.
llvm::Error FolderReader::list(StringRef below,
                               std::vector<std::string> &folders) {
  llvm::SmallString<128> full(folder);
  path::append(full, below);
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator i(full, error), end; i != end && !error;
       i.increment(error)) {
    StringRef name = path::filename(i->path());
    llvm::SmallString<128> relative(below);
    path::append(relative, name);
    if (fs::is_directory(i->path()))
      folders.push_back(relative.str().str());
    else if (findDecoder(name))
      found.push_back(relative.str().str());
  }
  if (error)
    return sampleError("cannot read the folder: " + error.message());
  llvm::sort(found);
  llvm::sort(folders);
  files.insert(files.end(), found.begin(), found.end());
  return llvm::Error::success();
}

llvm::Error FolderReader::open() {
  std::vector<std::string> classes;
  if (llvm::Error error = list("", classes))
    return error;
  if (files.empty())
    for (auto [label, name] : llvm::enumerate(classes)) {
      std::vector<std::string> ignored;
      if (llvm::Error error = list(name, ignored))
        return error;
      labels.resize(files.size(), label);
    }
  count = files.size();
  if (files.empty())
    return sampleError("expected .png or .wav files in the folder, or folders "
                       "of them, one a class; found none");
  for (const std::string &file : files)
    if (findDecoder(file) != findDecoder(files[0]))
      return sampleError("expected files of one kind, found '" + files[0] +
                         "' and '" + file + "'");
  llvm::Expected<DecodedFile> first = decode(0);
  if (!first)
    return first.takeError();
  shape = first->shape;
  return llvm::Error::success();
}

llvm::Expected<DecodedFile> FolderReader::decode(uint64_t index) const {
  llvm::SmallString<128> full(folder);
  path::append(full, files[index]);
  auto buffer = llvm::MemoryBuffer::getFile(full, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return sampleError("cannot read '" + files[index] +
                       "': " + buffer.getError().message());
  llvm::Expected<DecodedFile> file =
      findDecoder(files[index])((*buffer)->getBuffer());
  if (!file)
    return sampleError("'" + files[index] +
                       "': " + llvm::toString(file.takeError()));
  return file;
}

llvm::Error FolderReader::read(uint64_t index,
                               llvm::MutableArrayRef<float> values) const {
  llvm::Expected<DecodedFile> file = decode(index);
  if (!file)
    return file.takeError();
  if (file->shape != shape)
    return sampleError("expected " + describeShape(shape) + " as in '" +
                       files[0] + "', found " + describeShape(file->shape) +
                       " in '" + files[index] + "'");
  llvm::copy(file->values, values.begin());
  return llvm::Error::success();
}

OpenedSamples thimble::openFolderSamples(StringRef path) {
  auto reader = std::make_unique<FolderReader>(path);
  if (llvm::Error error = reader->open())
    return std::move(error);
  return reader;
}
