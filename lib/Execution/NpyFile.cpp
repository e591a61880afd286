//===- NpyFile.cpp - Arrays as NumPy stores them --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header is a Python dictionary as text; the parser knows exactly the three
// entries that the format has.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/NpyFile.h"
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
  case NpyElement::int32:
    return "int32";
  case NpyElement::float32:
    return "float32";
  }
  llvm_unreachable("covered switch");
}

unsigned thimble::getNpyElementBytes(NpyElement element) {
  switch (element) {
  case NpyElement::int8:
  case NpyElement::uint8:
    return 1;
  case NpyElement::int16:
    return 2;
  case NpyElement::int32:
  case NpyElement::float32:
    return 4;
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
  llvm::Error parse(NpyArray &array);

private:
  bool consume(StringRef token);
  llvm::Error expect(StringRef token);
  llvm::Expected<StringRef> parseString();
  llvm::Error parseEntry(NpyArray &array);
  llvm::Error parseElement(NpyArray &array);
  llvm::Error parseOrder();
  llvm::Error parseShape(NpyArray &array);
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

llvm::Error HeaderParser::parseElement(NpyArray &array) {
  llvm::Expected<StringRef> descr = parseString();
  if (!descr)
    return descr.takeError();
  auto element = llvm::StringSwitch<std::optional<NpyElement>>(*descr)
                     .Cases({"|i1", "<i1"}, NpyElement::int8)
                     .Cases({"|u1", "<u1"}, NpyElement::uint8)
                     .Case("<i2", NpyElement::int16)
                     .Case("<i4", NpyElement::int32)
                     .Case("<f4", NpyElement::float32)
                     .Default(std::nullopt);
  if (!element) {
    std::string name;
    llvm::raw_string_ostream stream(name);
    llvm::printEscapedString(descr->take_front(16), stream);
    return fail("expected int8, uint8, int16, int32 or float32, little-endian, "
                "in the .npy file, found '" +
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

llvm::Error HeaderParser::parseShape(NpyArray &array) {
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

llvm::Error HeaderParser::parseEntry(NpyArray &array) {
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

llvm::Error HeaderParser::parse(NpyArray &array) {
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

/// Splits the file into its header and what follows.
static llvm::Expected<std::pair<StringRef, StringRef>>
splitHeader(StringRef file) {
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
  return std::make_pair(file.take_front(length), file.drop_front(length));
}

llvm::Expected<NpyArray> thimble::parseNpy(StringRef file) {
  auto parts = splitHeader(file);
  if (!parts)
    return parts.takeError();
  NpyArray array;
  if (llvm::Error error = HeaderParser(parts->first).parse(array))
    return error;
  bool overflowed = false;
  uint64_t bytes = getNpyElementBytes(array.element);
  for (int64_t size : array.shape) {
    bool step = false;
    bytes = llvm::SaturatingMultiply<uint64_t>(bytes, size, &step);
    overflowed |= step;
  }
  if (overflowed || bytes != parts->second.size())
    return fail("expected " +
                (overflowed ? "far more" : llvm::Twine(bytes).str()) +
                " bytes of elements in the .npy file, found " +
                llvm::Twine(parts->second.size()));
  array.bytes = parts->second;
  return array;
}

static StringRef descriptor(NpyElement element) {
  switch (element) {
  case NpyElement::int8:
    return "|i1";
  case NpyElement::uint8:
    return "|u1";
  case NpyElement::int16:
    return "<i2";
  case NpyElement::int32:
    return "<i4";
  case NpyElement::float32:
    return "<f4";
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
