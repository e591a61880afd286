//===- SampleSet.cpp - Samples to calibrate and to score with -------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all formats have in common: scale and offset, labels, checks.
//
//===----------------------------------------------------------------------===//

#include "thimble/Evaluation/SampleSet.h"
#include "SampleReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <cmath>
#include <numeric>
#include <random>

using namespace thimble;
using llvm::ArrayRef;
using llvm::StringRef;
using llvm::Twine;

llvm::Error thimble::sampleError(const Twine &message) {
  return llvm::createStringError(message);
}

std::string thimble::describeShape(ArrayRef<int64_t> shape) {
  std::string text = "[";
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(shape, stream);
  return text + "]";
}

llvm::Expected<SampleOptions> SampleOptions::parse(StringRef scale,
                                                   StringRef offset) {
  SampleOptions options;
  auto read = [](StringRef name, StringRef text,
                 std::optional<double> &number) -> llvm::Error {
    double value;
    if (text.empty())
      return llvm::Error::success();
    if (text.getAsDouble(value) || !std::isfinite(value))
      return sampleError("expected a number as " + name + ", found '" + text +
                         "'");
    number = value;
    return llvm::Error::success();
  };
  if (llvm::Error error = read("sample-scale", scale, options.scale))
    return std::move(error);
  if (llvm::Error error = read("sample-offset", offset, options.offset))
    return std::move(error);
  return options;
}

SampleSet::~SampleSet() = default;
uint64_t SampleSet::size() const { return reader->getCount(); }
ArrayRef<int64_t> SampleSet::getShape() const { return reader->getShape(); }

uint64_t SampleSet::getElements() const {
  uint64_t elements = 1;
  for (int64_t size : getShape())
    elements *= size;
  return elements;
}

llvm::Error SampleSet::fail(const Twine &message) const {
  return sampleError("samples '" + path + "': " + message);
}

std::string SampleSet::describe(uint64_t index) const {
  std::string text = "sample " + std::to_string(index);
  std::string file = reader->getFile(index);
  return file.empty() ? text : text + " ('" + file + "')";
}

static OpenedSamples openReader(StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return openFolderSamples(path);
  if (path.ends_with(".npy"))
    return openNpySamples(path);
  if (path.ends_with(".npz"))
    return openNpzSamples(path);
  return sampleError("expected a .npy file, a .npz file, or a folder of .png "
                     "or .wav files");
}

static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return sampleError("cannot read '" + path +
                       "': " + buffer.getError().message());
  return std::move(*buffer);
}

/// Completes `options` by the file beside the samples, if there is one.
llvm::Error SampleSet::readSidecar(SampleOptions &options) {
  std::string file = StringRef(path).rtrim('/').str() + ".json";
  if (!llvm::sys::fs::exists(file))
    return llvm::Error::success();
  auto buffer = readFile(file);
  if (!buffer)
    return fail(llvm::toString(buffer.takeError()));
  auto value = llvm::json::parse((*buffer)->getBuffer());
  if (!value)
    return fail("'" + file + "': " + llvm::toString(value.takeError()));
  const llvm::json::Object *object = value->getAsObject();
  if (!object)
    return fail("'" + file +
                "': expected an object with scale, offset and "
                "labels");
  for (auto &[key, entry] : *object) {
    StringRef name = key;
    std::optional<double> number = entry.getAsNumber();
    std::optional<StringRef> text = entry.getAsString();
    bool isScale = name == "scale", isOffset = name == "offset";
    if ((isScale || isOffset) && number && std::isfinite(*number)) {
      auto &option = isScale ? options.scale : options.offset;
      option = option.value_or(*number);
    } else if (name == "labels" && text) {
      if (!options.labels.empty())
        continue;
      llvm::SmallString<128> labels(llvm::sys::path::parent_path(path));
      llvm::sys::path::append(labels, *text);
      options.labels = llvm::sys::path::is_absolute(*text) ? text->str()
                                                           : labels.str().str();
    } else {
      return fail("'" + file +
                  "': expected numbers as scale and offset and a "
                  "path as labels, found '" +
                  name + "'");
    }
  }
  return llvm::Error::success();
}

/// Labels in lines of `file,label`; a first line may name the columns.
llvm::Expected<std::vector<int64_t>> SampleSet::readLabelTable(StringRef text) {
  llvm::StringMap<int64_t> numbers;
  unsigned line = 0;
  while (!text.empty()) {
    auto [row, rest] = text.split('\n');
    text = rest;
    ++line;
    row = row.trim();
    auto [file, label] = row.rsplit(',');
    int64_t number;
    if (row.empty() || (line == 1 && row == "file,label"))
      continue;
    if (label.trim().getAsInteger(10, number))
      return sampleError("line " + Twine(line) +
                         ": expected file,label with a number as label, "
                         "found '" +
                         row + "'");
    numbers[file.trim()] = number;
  }
  std::vector<int64_t> found;
  for (uint64_t i = 0; i < size(); ++i) {
    std::string file = reader->getFile(i);
    auto entry = numbers.find(file);
    if (entry == numbers.end())
      return sampleError(
          file.empty() ? "expected a folder beside a table of labels"
                       : "expected a line for '" + file + "', found none");
    found.push_back(entry->second);
  }
  return found;
}

/// Reads the labels of `file` and checks whatever labels there are then.
llvm::Error SampleSet::readLabels(StringRef file) {
  if (!file.empty()) {
    auto buffer = readFile(file);
    if (!buffer)
      return fail("labels: " + llvm::toString(buffer.takeError()));
    StringRef content = (*buffer)->getBuffer();
    auto found = file.ends_with(".csv")   ? readLabelTable(content)
                 : file.ends_with(".npy") ? readNpyLabels(content)
                                          : sampleError("expected a .npy or "
                                                        ".csv file");
    if (!found)
      return fail("labels '" + file +
                  "': " + llvm::toString(found.takeError()));
    labels = std::move(*found);
  }
  if (!labels.empty() && labels.size() != size())
    return fail("expected a label for each of " + Twine(size()) +
                " samples, found " + Twine(labels.size()));
  for (auto [index, label] : llvm::enumerate(labels))
    if (label < 0)
      return fail("expected labels of at least 0, found " + Twine(label) +
                  " for " + describe(index));
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<SampleSet>>
SampleSet::open(StringRef path, const SampleOptions &given) {
  std::unique_ptr<SampleSet> set(new SampleSet);
  set->path = path.str();
  OpenedSamples reader = openReader(path);
  if (!reader)
    return set->fail(llvm::toString(reader.takeError()));
  set->reader = std::move(*reader);
  if (set->size() == 0 || set->getElements() == 0)
    return set->fail("expected at least one sample, found none");
  SampleOptions options = given;
  if (llvm::Error error = set->readSidecar(options))
    return std::move(error);
  set->scale = options.scale.value_or(1);
  set->offset = options.offset.value_or(0);
  set->labels = set->reader->getLabels();
  llvm::SmallString<128> table(path);
  llvm::sys::path::append(table, "labels.csv");
  if (options.labels.empty() && llvm::sys::fs::is_directory(path) &&
      llvm::sys::fs::exists(table))
    options.labels = table.str();
  if (llvm::Error error = set->readLabels(options.labels))
    return std::move(error);
  return set;
}

/// The dimensions that are not 1.
static llvm::SmallVector<int64_t> essential(ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t> sizes(shape);
  llvm::erase(sizes, 1);
  return sizes;
}

llvm::Error SampleSet::checkShape(ArrayRef<int64_t> input,
                                  StringRef what) const {
  if (essential(input) == essential(getShape()))
    return llvm::Error::success();
  return fail("expected samples of the shape of " + what + ", " +
              describeShape(input) + " (dimensions of 1 do not count), found " +
              describeShape(getShape()));
}

llvm::Error SampleSet::read(uint64_t index,
                            llvm::MutableArrayRef<float> values) const {
  if (llvm::Error error = reader->read(index, values))
    return fail(describe(index) + ": " + llvm::toString(std::move(error)));
  for (auto [i, value] : llvm::enumerate(values)) {
    value = static_cast<float>(value * scale + offset);
    if (!std::isfinite(value))
      return fail(describe(index) + ": expected finite numbers, found " +
                  (std::isnan(value) ? "NaN" : "infinity") + " at element " +
                  Twine(i));
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<uint64_t>> SampleSet::hashSamples() const {
  std::vector<uint64_t> hashes;
  std::vector<float> values(getElements());
  for (uint64_t i = 0; i < size(); ++i) {
    if (llvm::Error error = read(i, values))
      return std::move(error);
    hashes.push_back(llvm::xxh3_64bits(
        ArrayRef(reinterpret_cast<const uint8_t *>(values.data()),
                 values.size() * sizeof(float))));
  }
  return hashes;
}

std::vector<uint64_t> thimble::shuffledIndices(uint64_t count, uint64_t seed) {
  std::vector<uint64_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0);
  // The engine is the same everywhere; the library's shuffle is not.
  std::mt19937_64 engine(seed);
  for (uint64_t i = count; i > 1; --i)
    std::swap(indices[i - 1], indices[engine() % i]);
  return indices;
}

SampleSplit thimble::splitSamples(uint64_t count, double validation,
                                  uint64_t seed) {
  std::vector<uint64_t> order = shuffledIndices(count, seed);
  auto aside = static_cast<uint64_t>(std::llround(count * validation));
  aside = std::min(aside, count - std::min<uint64_t>(count, 1));
  SampleSplit split;
  split.validation.assign(order.begin(), order.begin() + aside);
  split.calibration.assign(order.begin() + aside, order.end());
  llvm::sort(split.validation);
  llvm::sort(split.calibration);
  return split;
}

uint64_t thimble::combineHashes(ArrayRef<uint64_t> hashes) {
  return llvm::xxh3_64bits(
      ArrayRef(reinterpret_cast<const uint8_t *>(hashes.data()),
               hashes.size() * sizeof(uint64_t)));
}

uint64_t thimble::countShared(ArrayRef<uint64_t> a, ArrayRef<uint64_t> b) {
  // Not a DenseSet: any 64-bit number may be a hash.
  std::vector<uint64_t> sorted(a);
  llvm::sort(sorted);
  return llvm::count_if(b, [&](uint64_t hash) {
    return std::binary_search(sorted.begin(), sorted.end(), hash);
  });
}
