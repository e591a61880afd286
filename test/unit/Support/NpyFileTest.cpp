//===- NpyFileTest.cpp - .npy files, good and hostile ---------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files are written out here byte by byte, as NumPy's format description has
// them; the round trip alone would accept a wrong format.
//
//===----------------------------------------------------------------------===//

#include "thimble/Support/NpyFile.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace thimble;
using llvm::StringRef;
using testing::ElementsAre;
using testing::HasSubstr;

/// A version 1 file with `header` as it is.
static std::string makeFile(const std::string &header,
                            const std::string &elements) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size() & 0xff);
  file += static_cast<char>(header.size() >> 8);
  return file + header + elements;
}

static std::string makeHeader(const std::string &descr,
                              const std::string &shape,
                              const std::string &order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order +
         ", 'shape': " + shape + ", }\n";
}

static std::string errorOf(const std::string &file) {
  auto array = parseNpy(file);
  EXPECT_FALSE(static_cast<bool>(array));
  return array ? "" : llvm::toString(array.takeError());
}

TEST(NpyFile, ReadsEveryType) {
  struct Case {
    const char *descr;
    NpyElement element;
    unsigned bytes;
  };
  for (const Case &c :
       {Case{"|i1", NpyElement::int8, 1}, Case{"|u1", NpyElement::uint8, 1},
        Case{"<i2", NpyElement::int16, 2}, Case{"<u2", NpyElement::uint16, 2},
        Case{"<i4", NpyElement::int32, 4}, Case{"<i8", NpyElement::int64, 8},
        Case{"<f4", NpyElement::float32, 4},
        Case{"<f8", NpyElement::float64, 8}}) {
    std::string file =
        makeFile(makeHeader(c.descr, "(2, 3)"), std::string(6 * c.bytes, 'x'));
    auto array = parseNpy(file);
    ASSERT_TRUE(static_cast<bool>(array)) << llvm::toString(array.takeError());
    EXPECT_EQ(array->element, c.element);
    EXPECT_THAT(array->shape, ElementsAre(2, 3));
    EXPECT_EQ(array->bytes.size(), 6 * c.bytes);
  }
}

TEST(NpyFile, ReadsElementsAsNumbers) {
  StringRef bytes("\xfe\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00"
                  "\x00\x00\xf8\xbf",
                  16);
  EXPECT_EQ(readNpyElement(NpyElement::int8, bytes, 0), -2);
  EXPECT_EQ(readNpyElement(NpyElement::uint8, bytes, 0), 254);
  EXPECT_EQ(readNpyElement(NpyElement::int16, bytes, 0), -2);
  EXPECT_EQ(readNpyElement(NpyElement::uint16, bytes, 0), 65534);
  EXPECT_EQ(readNpyElement(NpyElement::int32, bytes, 0), -2);
  EXPECT_EQ(readNpyElement(NpyElement::int64, bytes, 0), -2);
  EXPECT_EQ(readNpyElement(NpyElement::float32, bytes, 3), -1.9375f);
  EXPECT_EQ(readNpyElement(NpyElement::float64, bytes, 1), -1.5);
}

TEST(NpyFile, ReadsScalarsVectorsAndEmptyArrays) {
  std::string file = makeFile(makeHeader("|i1", "()"), "\x05");
  auto scalar = parseNpy(file);
  ASSERT_TRUE(static_cast<bool>(scalar));
  EXPECT_TRUE(scalar->shape.empty());
  EXPECT_EQ(scalar->bytes, "\x05");

  file = makeFile(makeHeader("|i1", "(3,)", "True"), "abc");
  auto vector = parseNpy(file);
  ASSERT_TRUE(static_cast<bool>(vector));
  EXPECT_THAT(vector->shape, ElementsAre(3));

  file = makeFile(makeHeader("<f4", "(0, 7)"), "");
  auto empty = parseNpy(file);
  ASSERT_TRUE(static_cast<bool>(empty));
  EXPECT_THAT(empty->shape, ElementsAre(0, 7));
}

TEST(NpyFile, ReadsVersion2AndAnyOrderOfKeys) {
  std::string header = "{\"shape\": (2,), \"fortran_order\": False, "
                       "\"descr\": \"|i1\"}   \n";
  std::string file("\x93NUMPY\x02\x00", 8);
  file += static_cast<char>(header.size());
  file += std::string(3, '\0') + header + "ab";
  auto array = parseNpy(file);
  ASSERT_TRUE(static_cast<bool>(array)) << llvm::toString(array.takeError());
  EXPECT_EQ(array->bytes, "ab");
}

TEST(NpyFile, WritesWhatTheFormatSays) {
  std::string file = formatNpy(NpyElement::int8, {1, 12}, "twelve bytes");
  ASSERT_EQ(file.size(), 128u + 12);
  EXPECT_EQ(file.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_EQ(file.substr(8, 2), std::string("\x76\x00", 2));
  EXPECT_EQ(StringRef(file).slice(10, 127).rtrim(' '),
            "{'descr': '|i1', 'fortran_order': False, 'shape': (1, 12), }");
  EXPECT_EQ(file[127], '\n');
  EXPECT_EQ(file.substr(128), "twelve bytes");
}

TEST(NpyFile, ReadsWhatItWrites) {
  for (const llvm::SmallVector<int64_t> &shape :
       {llvm::SmallVector<int64_t>{}, {4}, {2, 1, 2}}) {
    size_t size = shape.empty() ? 4 : 16;
    std::string file =
        formatNpy(NpyElement::float32, shape, std::string(size, 'f'));
    EXPECT_EQ((file.size() - size) % 64, 0u);
    auto array = parseNpy(file);
    ASSERT_TRUE(static_cast<bool>(array)) << llvm::toString(array.takeError());
    EXPECT_EQ(array->element, NpyElement::float32);
    EXPECT_EQ(array->shape, shape);
  }
}

TEST(NpyFile, RefusesOtherFiles) {
  EXPECT_THAT(errorOf(""), HasSubstr("no such magic number"));
  EXPECT_THAT(errorOf("PK\x03\x04"), HasSubstr("no such magic number"));
  EXPECT_THAT(errorOf(std::string("\x93NUMPY\x09\x00\x00\x00", 10)),
              HasSubstr("version 1, 2 or 3, found 9"));
}

TEST(NpyFile, RefusesEveryTruncation) {
  std::string file = makeFile(makeHeader("<i4", "(2,)"), "12345678");
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(errorOf(file.substr(0, size)).empty()) << size;
  EXPECT_THAT(errorOf(file + "9"), HasSubstr("expected 8 bytes"));
}

TEST(NpyFile, RefusesTypesAndOrdersItDoesNotKnow) {
  for (const char *descr : {">i4", "<f2", "<u8", "|b1", "|O", ""})
    EXPECT_THAT(errorOf(makeFile(makeHeader(descr, "(1,)"), "12345678")),
                HasSubstr("expected int8, uint8, int16, uint16, int32"));
  EXPECT_THAT(errorOf(makeFile(makeHeader("|i1", "(2, 2)", "True"), "1234")),
              HasSubstr("ascontiguousarray"));
}

TEST(NpyFile, RefusesHostileHeaders) {
  for (const char *header :
       {"", "{", "{}", "{'descr': '|i1'}", "{'descr': '|i1', 'shape': (1,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1,), 'a': 1}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1,), "
        "'shape': (1,)}",
        "{'descr': '|i1', 'fortran_order': Maybe, 'shape': (1,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1",
        "{'descr': '|i1, 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '|i1', 'fortran_order': False, "
        "'shape': (99999999999999999999,)}"})
    EXPECT_FALSE(errorOf(makeFile(header, "1")).empty()) << header;
}

TEST(NpyFile, RefusesShapesWhoseSizeOverflows) {
  // The product is 2^64 + 0 bytes: it must not wrap to the empty array.
  EXPECT_THAT(
      errorOf(makeFile(makeHeader("|i1", "(4294967296, 4294967296)"), "")),
      HasSubstr("far more"));
  std::string shape = "(";
  for (int i = 0; i < 65; ++i)
    shape += "1, ";
  EXPECT_THAT(errorOf(makeFile(makeHeader("|i1", shape + ")"), "1")),
              HasSubstr("at most 64 dimensions"));
}
