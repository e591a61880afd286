//===- NpyFile.cpp - Arrays as NumPy stores them --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header is a Python dictionary as text; the parser knows exactly the three
// entries that the format has.
//
//===----------------------------------------------------------------------===//

#include "thimble/Support/NpyFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace thimble;
using llvm::ArrayRef;
using llvm::StringRef;

static constexpr StringRef magic("\x93NUMPY", 6);
/// More dimensions than any array of NumPy has.
static constexpr unsigned maxRank = 64;

StringRef thimble::getNpyElementName(NpyElement element) {
  switch (element) {
  case NpyElement::int8:
    return "int8";
  case NpyElement::uint8:
    return "uint8";
  case NpyElement::int16:
    return "int16";
  case NpyElement::uint16:
    return "uint16";
  case NpyElement::int32:
    return "int32";
  case NpyElement::int64:
    return "int64";
  case NpyElement::float32:
    return "float32";
  case NpyElement::float64:
    return "float64";
  }
  llvm_unreachable("covered switch");
}

unsigned thimble::getNpyElementBytes(NpyElement element) {
  switch (element) {
  case NpyElement::int8:
  case NpyElement::uint8:
    return 1;
  case NpyElement::int16:
  case NpyElement::uint16:
    return 2;
  case NpyElement::int32:
  case NpyElement::float32:
    return 4;
  case NpyElement::int64:
  case NpyElement::float64:
    return 8;
  }
  llvm_unreachable("covered switch");
}

double thimble::readNpyElement(NpyElement element, StringRef bytes,
                               uint64_t index) {
  namespace endian = llvm::support::endian;
  const char *at = bytes.data() + index * getNpyElementBytes(element);
  switch (element) {
  case NpyElement::int8:
    return static_cast<int8_t>(*at);
  case NpyElement::uint8:
    return static_cast<uint8_t>(*at);
  case NpyElement::int16:
    return static_cast<int16_t>(endian::read16le(at));
  case NpyElement::uint16:
    return endian::read16le(at);
  case NpyElement::int32:
    return static_cast<int32_t>(endian::read32le(at));
  case NpyElement::int64:
    return static_cast<double>(static_cast<int64_t>(endian::read64le(at)));
  case NpyElement::float32:
    return llvm::bit_cast<float>(endian::read32le(at));
  case NpyElement::float64:
    return llvm::bit_cast<double>(endian::read64le(at));
  }
  llvm_unreachable("covered switch");
}

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(message);
}

namespace {
/// Reads the dictionary of the header.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : text(text) {}
  llvm::Error parse(NpyHeader &array);

private:
  bool consume(StringRef token);
  llvm::Error expect(StringRef token);
  llvm::Expected<StringRef> parseString();
  llvm::Error parseEntry(NpyHeader &array);
  llvm::Error parseElement(NpyHeader &array);
  llvm::Error parseOrder();
  llvm::Error parseShape(NpyHeader &array);
  /// Names what stands at the current place.
  std::string found() const;

  StringRef text;
  bool hasElement = false, hasOrder = false, hasShape = false;
  bool isFortranOrder = false;
};
} // namespace

bool HeaderParser::consume(StringRef token) {
  text = text.ltrim();
  return text.consume_front(token);
}

std::string HeaderParser::found() const {
  if (text.empty())
    return "its end";
  std::string result;
  llvm::raw_string_ostream stream(result);
  stream << "'";
  llvm::printEscapedString(text.take_front(16), stream);
  stream << "'";
  return result;
}

llvm::Error HeaderParser::expect(StringRef token) {
  if (consume(token))
    return llvm::Error::success();
  return fail("expected '" + token + "' in the .npy header, found " + found());
}

llvm::Expected<StringRef> HeaderParser::parseString() {
  text = text.ltrim();
  char quote = text.empty() ? 0 : text.front();
  size_t end =
      quote == '\'' || quote == '"' ? text.find(quote, 1) : StringRef::npos;
  if (end == StringRef::npos)
    return fail("expected a string in the .npy header, found " + found());
  StringRef value = text.slice(1, end);
  text = text.drop_front(end + 1);
  return value;
}

llvm::Error HeaderParser::parseElement(NpyHeader &array) {
  llvm::Expected<StringRef> descr = parseString();
  if (!descr)
    return descr.takeError();
  auto element = llvm::StringSwitch<std::optional<NpyElement>>(*descr)
                     .Cases({"|i1", "<i1"}, NpyElement::int8)
                     .Cases({"|u1", "<u1"}, NpyElement::uint8)
                     .Case("<i2", NpyElement::int16)
                     .Case("<u2", NpyElement::uint16)
                     .Case("<i4", NpyElement::int32)
                     .Case("<i8", NpyElement::int64)
                     .Case("<f4", NpyElement::float32)
                     .Case("<f8", NpyElement::float64)
                     .Default(std::nullopt);
  if (!element) {
    std::string name;
    llvm::raw_string_ostream stream(name);
    llvm::printEscapedString(descr->take_front(16), stream);
    return fail("expected int8, uint8, int16, uint16, int32, int64, float32 or "
                "float64, little-endian, in the .npy file, found '" +
                name + "'");
  }
  array.element = *element;
  hasElement = true;
  return llvm::Error::success();
}

llvm::Error HeaderParser::parseOrder() {
  hasOrder = true;
  isFortranOrder = consume("True");
  if (isFortranOrder || consume("False"))
    return llvm::Error::success();
  return fail("expected True or False as fortran_order in the .npy header, "
              "found " +
              found());
}

llvm::Error HeaderParser::parseShape(NpyHeader &array) {
  hasShape = true;
  if (llvm::Error error = expect("("))
    return error;
  array.shape.clear();
  while (!consume(")")) {
    uint64_t size;
    text = text.ltrim();
    if (text.consumeInteger(10, size) || size > INT64_MAX)
      return fail("expected a dimension in the .npy header, found " + found());
    if (array.shape.size() == maxRank)
      return fail("expected at most " + llvm::Twine(maxRank) +
                  " dimensions in the .npy header");
    array.shape.push_back(static_cast<int64_t>(size));
    if (consume(","))
      continue;
    if (llvm::Error error = expect(")"))
      return error;
    break;
  }
  return llvm::Error::success();
}

llvm::Error HeaderParser::parseEntry(NpyHeader &array) {
  llvm::Expected<StringRef> key = parseString();
  if (!key)
    return key.takeError();
  if (llvm::Error error = expect(":"))
    return error;
  if (*key == "descr" && !hasElement)
    return parseElement(array);
  if (*key == "fortran_order" && !hasOrder)
    return parseOrder();
  if (*key == "shape" && !hasShape)
    return parseShape(array);
  return fail("expected the keys descr, fortran_order and shape once each in "
              "the .npy header");
}

llvm::Error HeaderParser::parse(NpyHeader &array) {
  if (llvm::Error error = expect("{"))
    return error;
  while (!consume("}")) {
    if (llvm::Error error = parseEntry(array))
      return error;
    if (consume(","))
      continue;
    if (llvm::Error error = expect("}"))
      return error;
    break;
  }
  if (!text.trim().empty())
    return fail("expected the end of the .npy header, found " + found());
  if (!hasElement || !hasOrder || !hasShape)
    return fail("expected the keys descr, fortran_order and shape in the .npy "
                "header");
  if (isFortranOrder && array.shape.size() > 1)
    return fail("expected C order in the .npy file, found Fortran order: save "
                "numpy.ascontiguousarray of it");
  return llvm::Error::success();
}

/// The text of the header, and in `headerBytes` where it ends.
static llvm::Expected<StringRef> findHeader(StringRef start,
                                            uint64_t &headerBytes) {
  StringRef file = start;
  if (!file.consume_front(magic))
    return fail("expected a .npy file, found no such magic number");
  if (file.size() < 2)
    return fail("the .npy file is truncated");
  unsigned major = static_cast<unsigned char>(file[0]);
  if (major < 1 || major > 3)
    return fail("expected .npy version 1, 2 or 3, found " + llvm::Twine(major));
  file = file.drop_front(2);
  size_t lengthBytes = major == 1 ? 2 : 4;
  if (file.size() < lengthBytes)
    return fail("the .npy file is truncated");
  size_t length = major == 1 ? llvm::support::endian::read16le(file.data())
                             : llvm::support::endian::read32le(file.data());
  file = file.drop_front(lengthBytes);
  if (length > file.size())
    return fail("expected a .npy header of " + llvm::Twine(length) +
                " bytes, found " + llvm::Twine(file.size()));
  headerBytes = start.size() - file.size() + length;
  return file.take_front(length);
}

llvm::Expected<NpyHeader> thimble::parseNpyHeader(StringRef start,
                                                  uint64_t fileBytes) {
  NpyHeader header;
  llvm::Expected<StringRef> text = findHeader(start, header.headerBytes);
  if (!text)
    return text.takeError();
  if (llvm::Error error = HeaderParser(*text).parse(header))
    return error;
  bool overflowed = false;
  uint64_t bytes = getNpyElementBytes(header.element);
  for (int64_t size : header.shape) {
    bool step = false;
    bytes = llvm::SaturatingMultiply<uint64_t>(bytes, size, &step);
    overflowed |= step;
  }
  uint64_t found = fileBytes - header.headerBytes;
  if (overflowed || bytes != found)
    return fail(
        "expected " + (overflowed ? "far more" : llvm::Twine(bytes).str()) +
        " bytes of elements in the .npy file, found " + llvm::Twine(found));
  header.elementBytes = bytes;
  return header;
}

llvm::Expected<NpyArray> thimble::parseNpy(StringRef file) {
  llvm::Expected<NpyHeader> header = parseNpyHeader(file, file.size());
  if (!header)
    return header.takeError();
  return NpyArray{header->element, std::move(header->shape),
                  file.drop_front(header->headerBytes)};
}

static StringRef descriptor(NpyElement element) {
  switch (element) {
  case NpyElement::int8:
    return "|i1";
  case NpyElement::uint8:
    return "|u1";
  case NpyElement::int16:
    return "<i2";
  case NpyElement::uint16:
    return "<u2";
  case NpyElement::int32:
    return "<i4";
  case NpyElement::int64:
    return "<i8";
  case NpyElement::float32:
    return "<f4";
  case NpyElement::float64:
    return "<f8";
  }
  llvm_unreachable("covered switch");
}

std::string thimble::formatNpy(NpyElement element, ArrayRef<int64_t> shape,
                               StringRef bytes) {
  std::string header;
  llvm::raw_string_ostream stream(header);
  stream << "{'descr': '" << descriptor(element)
         << "', 'fortran_order': False, 'shape': (";
  for (int64_t size : shape)
    stream << size << (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1)
    header.resize(header.size() - 2);
  stream << "), }";
  // The format wants the elements at a multiple of 64 bytes.
  size_t prefix = magic.size() + 4;
  header.append(llvm::alignTo(prefix + header.size() + 1, 64) - prefix -
                    header.size() - 1,
                ' ');
  header += '\n';
  std::string file = magic.str();
  file += '\x01';
  file += '\x00';
  file += static_cast<char>(header.size() & 0xff);
  file += static_cast<char>(header.size() >> 8);
  return file + header + bytes.str();
}
