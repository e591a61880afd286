//===- SampleFiles.cpp - Files of samples for tests -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Archives and sounds are written by way of files, as their libraries like it.
//
//===----------------------------------------------------------------------===//

#include "SampleFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <png.h>
#include <sndfile.h>
#include <zip.h>

using namespace thimble::test;
using llvm::StringRef;

TemporaryFolder::TemporaryFolder() {
  EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("thimble", folder));
}

TemporaryFolder::~TemporaryFolder() {
  llvm::sys::fs::remove_directories(folder);
}

std::string TemporaryFolder::path(StringRef name) const {
  llvm::SmallString<128> full(folder);
  llvm::sys::path::append(full, name);
  return full.str().str();
}

std::string TemporaryFolder::write(StringRef name, StringRef content) const {
  std::string full = path(name);
  EXPECT_FALSE(
      llvm::sys::fs::create_directories(llvm::sys::path::parent_path(full)));
  std::error_code error;
  llvm::raw_fd_ostream stream(full, error);
  stream << content;
  EXPECT_FALSE(error);
  return full;
}

static std::string readBack(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  EXPECT_TRUE(static_cast<bool>(buffer));
  return buffer ? (*buffer)->getBuffer().str() : "";
}

std::string
thimble::test::npz(const TemporaryFolder &folder,
                   llvm::ArrayRef<std::pair<std::string, std::string>> members,
                   bool isCompressed) {
  std::string path = folder.path("written.npz");
  zip_t *archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  for (auto &[name, content] : members) {
    zip_int64_t index = zip_file_add(
        archive, (name + ".npy").c_str(),
        zip_source_buffer(archive, content.data(), content.size(), 0), 0);
    EXPECT_EQ(
        zip_set_file_compression(
            archive, index, isCompressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0),
        0);
  }
  EXPECT_EQ(zip_close(archive), 0);
  return readBack(path);
}

std::string thimble::test::png(unsigned height, unsigned width,
                               unsigned channels,
                               const std::vector<uint8_t> &pixels) {
  const unsigned formats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB,
                              PNG_FORMAT_RGBA};
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = formats[channels - 1];
  png_alloc_size_t size = 0;
  EXPECT_TRUE(png_image_write_to_memory(&image, nullptr, &size, 0,
                                        pixels.data(), 0, nullptr));
  std::string file(size, '\0');
  EXPECT_TRUE(png_image_write_to_memory(&image, file.data(), &size, 0,
                                        pixels.data(), 0, nullptr));
  file.resize(size);
  return file;
}

std::string thimble::test::wav(const TemporaryFolder &folder, unsigned channels,
                               const std::vector<int16_t> &samples) {
  std::string path = folder.path("written.sound");
  SF_INFO info = {};
  info.samplerate = 16000;
  info.channels = channels;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SNDFILE *sound = sf_open(path.c_str(), SFM_WRITE, &info);
  EXPECT_EQ(sf_write_short(sound, samples.data(), samples.size()),
            static_cast<sf_count_t>(samples.size()));
  sf_close(sound);
  return readBack(path);
}
