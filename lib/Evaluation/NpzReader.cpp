//===- NpzReader.cpp - Samples and labels in a .npz file ------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A .npz file is a zip archive of .npy files. What numpy.savez stores is read
// where it is, sample by sample. What numpy.savez_compressed deflates can only
// be read from its start, so that array is inflated once, as a whole: samples
// are read in any order and by two threads.
//
//===----------------------------------------------------------------------===//

#include "SampleReader.h"
#include "thimble/Support/NpyFile.h"
#include <mutex>
#include <zip.h>

using namespace thimble;
using llvm::StringRef;
using llvm::Twine;

/// The longest header of version 1 of the format, with its magic number.
static constexpr uint64_t maxHeaderBytes = 65546;
/// The most that is inflated into memory.
static constexpr uint64_t maxInflatedBytes = uint64_t(1) << 30;

namespace {
struct CloseArchive {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t *member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using Member = std::unique_ptr<zip_file_t, CloseMember>;

/// An array of the archive.
struct Entry {
  std::string name; ///< without .npy
  uint64_t index = 0;
  bool isStored = false;
  NpyHeader header;

  bool isFloat() const {
    return header.element == NpyElement::float32 ||
           header.element == NpyElement::float64;
  }
};

class NpzReader : public SampleReader {
public:
  NpzReader(Archive archive, Entry samples)
      : archive(std::move(archive)), entry(std::move(samples)) {
    count = entry.header.shape.front();
    shape.assign(entry.header.shape.begin() + 1, entry.header.shape.end());
  }

  llvm::Error open();
  void setLabels(std::vector<int64_t> values) { labels = std::move(values); }
  llvm::Error read(uint64_t index,
                   llvm::MutableArrayRef<float> values) const override;

private:
  Archive archive;
  Entry entry;
  Member member;            ///< of a stored array
  std::string inflated;     ///< elements of a deflated one
  mutable std::mutex mutex; ///< the library's handles have a position
};
} // namespace

/// Reads exactly `count` bytes.
static bool readExactly(zip_file_t *member, char *to, uint64_t count) {
  while (count > 0) {
    zip_int64_t found = zip_fread(member, to, count);
    if (found <= 0)
      return false;
    to += found;
    count -= found;
  }
  return true;
}

static llvm::Expected<std::string> readMember(zip_t *archive, uint64_t index,
                                              uint64_t bytes) {
  Member member(zip_fopen_index(archive, index, 0));
  std::string content(bytes, '\0');
  if (!member || !readExactly(member.get(), content.data(), bytes))
    return sampleError("the .npz file is damaged: " +
                       StringRef(zip_strerror(archive)));
  return content;
}

/// Reads the headers of all arrays, in the order of the archive.
static llvm::Expected<std::vector<Entry>> readEntries(zip_t *archive) {
  std::vector<Entry> entries;
  for (zip_int64_t i = 0, n = zip_get_num_entries(archive, 0); i < n; ++i) {
    zip_stat_t stat;
    constexpr zip_uint64_t needed =
        ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(archive, i, 0, &stat) != 0 ||
        (stat.valid & needed) != needed)
      return sampleError("the .npz file is damaged: " +
                         StringRef(zip_strerror(archive)));
    StringRef name = stat.name;
    if (!name.consume_back(".npy"))
      continue;
    auto start =
        readMember(archive, i, std::min<uint64_t>(stat.size, maxHeaderBytes));
    if (!start)
      return start.takeError();
    auto header = parseNpyHeader(*start, stat.size);
    if (!header)
      return sampleError("array '" + name +
                         "': " + llvm::toString(header.takeError()));
    entries.push_back({name.str(), static_cast<uint64_t>(i),
                       stat.comp_method == ZIP_CM_STORE, std::move(*header)});
  }
  return entries;
}

static const Entry *findNamed(llvm::ArrayRef<Entry> entries,
                              llvm::ArrayRef<StringRef> names) {
  for (StringRef name : names)
    for (const Entry &entry : entries)
      if (entry.name == name)
        return &entry;
  return nullptr;
}

static const Entry *findSamples(llvm::ArrayRef<Entry> entries) {
  if (const Entry *found =
          findNamed(entries, {"x", "samples", "data", "images"}))
    return found;
  for (const Entry &entry : entries)
    if (entry.header.shape.size() >= 2)
      return &entry;
  return nullptr;
}

static const Entry *findLabels(llvm::ArrayRef<Entry> entries) {
  if (const Entry *found = findNamed(entries, {"y", "labels"}))
    return found;
  const Entry *only = nullptr;
  for (const Entry &entry : entries)
    if (entry.header.shape.size() == 1 && !entry.isFloat()) {
      if (only)
        return nullptr;
      only = &entry;
    }
  return only;
}

llvm::Error NpzReader::open() {
  if (entry.isStored) {
    member.reset(zip_fopen_index(archive.get(), entry.index, 0));
    if (member && zip_fseek(member.get(), 0, SEEK_SET) == 0)
      return llvm::Error::success();
    member.reset();
  }
  const NpyHeader &header = entry.header;
  if (header.elementBytes > maxInflatedBytes)
    return sampleError("expected at most " + Twine(maxInflatedBytes >> 20) +
                       " MiB in a compressed .npz file, found " +
                       Twine(header.elementBytes >> 20) +
                       " MiB: save it with numpy.savez, which is read piece by "
                       "piece");
  auto content = readMember(archive.get(), entry.index,
                            header.headerBytes + header.elementBytes);
  if (!content)
    return content.takeError();
  inflated = std::move(*content);
  inflated.erase(0, header.headerBytes);
  return llvm::Error::success();
}

llvm::Error NpzReader::read(uint64_t index,
                            llvm::MutableArrayRef<float> values) const {
  const uint64_t bytes =
      values.size() * getNpyElementBytes(entry.header.element);
  std::string piece;
  StringRef elements;
  if (member) {
    piece.resize(bytes);
    std::lock_guard<std::mutex> lock(mutex);
    uint64_t position = entry.header.headerBytes + index * bytes;
    if (zip_fseek(member.get(), position, SEEK_SET) != 0 ||
        !readExactly(member.get(), piece.data(), bytes))
      return sampleError("the .npz file is damaged");
    elements = piece;
  } else {
    elements = StringRef(inflated).substr(index * bytes, bytes);
  }
  for (uint64_t i = 0; i < values.size(); ++i)
    values[i] =
        static_cast<float>(readNpyElement(entry.header.element, elements, i));
  return llvm::Error::success();
}

OpenedSamples thimble::openNpzSamples(StringRef path) {
  int code = 0;
  Archive archive(zip_open(path.str().c_str(), ZIP_RDONLY, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return sampleError("expected a .npz file, a zip archive: " + text);
  }
  auto entries = readEntries(archive.get());
  if (!entries)
    return entries.takeError();
  const Entry *samples = findSamples(*entries);
  if (!samples || samples->header.shape.empty())
    return sampleError("expected an array named x, samples, data or images, or "
                       "one of at least 2 dimensions, in the .npz file");
  std::vector<int64_t> labels;
  if (const Entry *found = findLabels(*entries); found && found != samples) {
    uint64_t bytes = found->header.headerBytes + found->header.elementBytes;
    if (bytes > maxInflatedBytes)
      return sampleError("array '" + found->name + "' is too large for labels");
    auto content = readMember(archive.get(), found->index, bytes);
    if (!content)
      return content.takeError();
    auto numbers = readNpyLabels(*content);
    if (!numbers)
      return sampleError("array '" + found->name +
                         "': " + llvm::toString(numbers.takeError()));
    labels = std::move(*numbers);
  }
  auto reader = std::make_unique<NpzReader>(std::move(archive), *samples);
  if (llvm::Error error = reader->open())
    return std::move(error);
  reader->setLabels(std::move(labels));
  return reader;
}
