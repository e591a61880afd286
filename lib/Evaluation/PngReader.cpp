//===- PngReader.cpp - Samples that are images ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Decoding by libpng. Its gamma correction is not asked for: what trains
// networks reads the numbers as they are stored.
//
//===----------------------------------------------------------------------===//

#include "SampleReader.h"
#include <cstring>
#include <png.h>

using namespace thimble;
using llvm::StringRef;

/// No microcontroller sees larger ones; a damaged header must not ask for more.
static constexpr png_uint_32 maxSide = 8192;

namespace {
/// libpng reports errors by longjmp. So functions below that call setjmp have
/// no variables of their own: everything that outlives a jump is a member.
class PngDecoder {
public:
  explicit PngDecoder(StringRef bytes) : bytes(bytes) {
    png =
        png_create_read_struct(PNG_LIBPNG_VER_STRING, this, onError, onWarning);
    if (png)
      info = png_create_info_struct(png);
  }
  ~PngDecoder() { png_destroy_read_struct(&png, &info, nullptr); }
  PngDecoder(const PngDecoder &) = delete;

  llvm::Expected<DecodedFile> decode();

private:
  static void onError(png_structp png, png_const_charp message);
  static void onWarning(png_structp, png_const_charp) {}
  static void onRead(png_structp png, png_bytep to, size_t count);
  bool readHeader();
  bool readPixels();

  StringRef bytes;
  std::string message = "out of memory";
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<png_byte> pixels;
  std::vector<png_bytep> rows;
};
} // namespace

void PngDecoder::onError(png_structp png, png_const_charp message) {
  static_cast<PngDecoder *>(png_get_error_ptr(png))->message = message;
  png_longjmp(png, 1);
}

void PngDecoder::onRead(png_structp png, png_bytep to, size_t count) {
  auto &decoder = *static_cast<PngDecoder *>(png_get_io_ptr(png));
  if (count > decoder.bytes.size())
    png_error(png, "the file is truncated");
  std::memcpy(to, decoder.bytes.data(), count);
  decoder.bytes = decoder.bytes.drop_front(count);
}

/// Reads everything before the pixels and asks for 8 bits, grey or RGB.
bool PngDecoder::readHeader() {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_set_read_fn(png, this, onRead);
  png_set_user_limits(png, maxSide, maxSide);
  png_read_info(png, info);
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

bool PngDecoder::readPixels() {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_read_image(png, rows.data());
  png_read_end(png, nullptr);
  return true;
}

llvm::Expected<DecodedFile> PngDecoder::decode() {
  if (!info || !readHeader())
    return sampleError("cannot decode the PNG file: " + message);
  const size_t pitch = png_get_rowbytes(png, info);
  pixels.resize(pitch * png_get_image_height(png, info));
  for (size_t row = 0; row < pixels.size(); row += pitch)
    rows.push_back(&pixels[row]);
  if (!readPixels())
    return sampleError("cannot decode the PNG file: " + message);
  DecodedFile file;
  file.shape = {png_get_image_height(png, info), png_get_image_width(png, info),
                png_get_channels(png, info)};
  file.values.assign(pixels.begin(), pixels.end());
  return file;
}

llvm::Expected<DecodedFile> thimble::decodePng(StringRef bytes) {
  return PngDecoder(bytes).decode();
}
