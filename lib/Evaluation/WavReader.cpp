//===- WavReader.cpp - Samples that are sounds ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decoding by libsndfile, from memory.
//
//===----------------------------------------------------------------------===//

#include "SampleReader.h"
#include "llvm/Support/Endian.h"
#include <cstring>
#include <sndfile.h>

using namespace thimble;
using llvm::StringRef;

/// An hour of four channels at 48 kHz; a damaged header must not ask for more.
static constexpr sf_count_t maxNumbers = sf_count_t(48000) * 3600 * 4;

namespace {
/// A file in memory, as libsndfile wants to see it.
struct MemoryFile {
  StringRef bytes;
  sf_count_t position = 0;

  static sf_count_t size(void *file) {
    return static_cast<MemoryFile *>(file)->bytes.size();
  }
  static sf_count_t seek(sf_count_t offset, int whence, void *data) {
    auto &file = *static_cast<MemoryFile *>(data);
    sf_count_t base = whence == SEEK_SET   ? 0
                      : whence == SEEK_CUR ? file.position
                                           : size(data);
    file.position = std::clamp<sf_count_t>(base + offset, 0, size(data));
    return file.position;
  }
  static sf_count_t read(void *to, sf_count_t count, void *data) {
    auto &file = *static_cast<MemoryFile *>(data);
    count = std::min(count, size(data) - file.position);
    std::memcpy(to, file.bytes.data() + file.position, count);
    file.position += count;
    return count;
  }
  static sf_count_t write(const void *, sf_count_t, void *) { return 0; }
  static sf_count_t tell(void *file) {
    return static_cast<MemoryFile *>(file)->position;
  }
};

struct CloseSound {
  void operator()(SNDFILE *sound) const { sf_close(sound); }
};
} // namespace

/// The library plays what is there of a truncated file; a network would be
/// given less than was recorded.
static llvm::Error checkLength(StringRef bytes) {
  if (bytes.size() < 12 || !bytes.starts_with("RIFF") ||
      bytes.substr(8, 4) != "WAVE")
    return sampleError("expected a WAV file (RIFF, WAVE)");
  uint64_t size = llvm::support::endian::read32le(bytes.data() + 4);
  if (size + 8 > bytes.size())
    return sampleError("the WAV file is truncated: expected " +
                       llvm::Twine(size + 8) + " bytes, found " +
                       llvm::Twine(bytes.size()));
  return llvm::Error::success();
}

llvm::Expected<DecodedFile> thimble::decodeWav(StringRef bytes) {
  if (llvm::Error error = checkLength(bytes))
    return std::move(error);
  SF_VIRTUAL_IO io = {MemoryFile::size, MemoryFile::seek, MemoryFile::read,
                      MemoryFile::write, MemoryFile::tell};
  MemoryFile file{bytes};
  SF_INFO info = {};
  std::unique_ptr<SNDFILE, CloseSound> sound(
      sf_open_virtual(&io, SFM_READ, &info, &file));
  if (!sound)
    return sampleError("cannot decode the WAV file: " +
                       StringRef(sf_strerror(nullptr)));
  if (info.frames <= 0 || info.channels <= 0 ||
      info.frames > maxNumbers / info.channels)
    return sampleError("expected between 1 and " + llvm::Twine(maxNumbers) +
                       " numbers in the WAV file, found " +
                       llvm::Twine(info.frames) + " of " +
                       llvm::Twine(info.channels) + " channels");
  DecodedFile decoded;
  decoded.shape = {info.frames};
  if (info.channels > 1)
    decoded.shape.push_back(info.channels);
  decoded.values.resize(info.frames * info.channels);
  if (sf_readf_float(sound.get(), decoded.values.data(), info.frames) !=
      info.frames)
    return sampleError("the WAV file is truncated");
  return decoded;
}
