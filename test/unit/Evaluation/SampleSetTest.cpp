//===- SampleSetTest.cpp - Samples, good and hostile ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every format with known numbers, and every truncation of a file of it.
//
//===----------------------------------------------------------------------===//

#include "thimble/Evaluation/SampleSet.h"
#include "SampleFiles.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <limits>

using namespace thimble;
using namespace thimble::test;
using llvm::StringRef;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

static std::unique_ptr<SampleSet> open(const std::string &path,
                                       const SampleOptions &options = {}) {
  auto set = SampleSet::open(path, options);
  if (set)
    return std::move(*set);
  ADD_FAILURE() << llvm::toString(set.takeError());
  return nullptr;
}

/// The message of the first error: opening, or reading any sample.
static std::string errorOf(const std::string &path,
                           const SampleOptions &options = {}) {
  auto set = SampleSet::open(path, options);
  if (!set)
    return llvm::toString(set.takeError());
  std::vector<float> values((*set)->getElements());
  for (uint64_t i = 0; i < (*set)->size(); ++i)
    if (llvm::Error error = (*set)->read(i, values))
      return llvm::toString(std::move(error));
  return "";
}

static std::vector<float> read(const SampleSet &set, uint64_t index) {
  std::vector<float> values(set.getElements());
  if (llvm::Error error = set.read(index, values))
    ADD_FAILURE() << llvm::toString(std::move(error));
  return values;
}

TEST(SampleSet, ReadsArrays) {
  TemporaryFolder folder;
  auto set =
      open(folder.write("x.npy", npyFloats({2, 1, 3}, {1, 2, 3, 4, 5, -6})));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->size(), 2u);
  EXPECT_THAT(set->getShape(), ElementsAre(1, 3));
  EXPECT_THAT(read(*set, 1), ElementsAre(4, 5, -6));
  EXPECT_THAT(read(*set, 0), ElementsAre(1, 2, 3));
  EXPECT_THAT(set->getLabels(), IsEmpty());
}

TEST(SampleSet, ScalesByOptionsBeforeSidecar) {
  TemporaryFolder folder;
  std::string path = folder.write(
      "x.npy", npy<uint8_t>(NpyElement::uint8, {2, 2}, {0, 255, 10, 20}));
  folder.write("y.npy", npy<int64_t>(NpyElement::int64, {2}, {7, 1}));
  folder.write("x.npy.json",
               R"({"scale": 0.5, "offset": -1, "labels": "y.npy"})");
  auto set = open(path);
  ASSERT_TRUE(set);
  EXPECT_THAT(read(*set, 0), ElementsAre(-1, 126.5));
  EXPECT_THAT(set->getLabels(), ElementsAre(7, 1));
  SampleOptions options;
  options.offset = 3;
  set = open(path, options);
  ASSERT_TRUE(set);
  EXPECT_THAT(read(*set, 1), ElementsAre(8, 13));
}

TEST(SampleSet, ReadsArchives) {
  TemporaryFolder folder;
  std::string x = npyFloats({3, 2}, {1, 2, 3, 4, 5, 6});
  std::string y = npy<int32_t>(NpyElement::int32, {3}, {2, 0, 1});
  std::string other = npyFloats({2, 2}, {9, 9, 9, 9});
  for (bool isCompressed : {false, true})
    for (auto &members : {std::vector<std::pair<std::string, std::string>>{
                              {"other", other}, {"y", y}, {"x", x}},
                          {{"train", x}, {"which", y}}}) {
      auto set =
          open(folder.write("x.npz", npz(folder, members, isCompressed)));
      ASSERT_TRUE(set);
      EXPECT_EQ(set->size(), 3u);
      EXPECT_THAT(read(*set, 2), ElementsAre(5, 6));
      EXPECT_THAT(read(*set, 1), ElementsAre(3, 4));
      EXPECT_THAT(set->getLabels(), ElementsAre(2, 0, 1));
    }
}

TEST(SampleSet, ReadsImages) {
  TemporaryFolder folder;
  folder.write("set/b.png", png(1, 2, 4, {1, 2, 3, 99, 4, 5, 6, 99}));
  folder.write("set/a.PNG", png(1, 2, 3, {7, 8, 9, 10, 11, 255}));
  folder.write("set/notes.txt", "no sample");
  folder.write("set/labels.csv", "file,label\nb.png,3\n a.PNG , 0\n\n");
  auto set = open(folder.path("set"));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->size(), 2u);
  EXPECT_THAT(set->getShape(), ElementsAre(1, 2, 3));
  EXPECT_THAT(read(*set, 0), ElementsAre(7, 8, 9, 10, 11, 255));
  EXPECT_THAT(read(*set, 1), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(set->getLabels(), ElementsAre(0, 3));

  folder.write("grey/a.png", png(2, 1, 1, {5, 250}));
  set = open(folder.path("grey"));
  ASSERT_TRUE(set);
  EXPECT_THAT(set->getShape(), ElementsAre(2, 1, 1));
  EXPECT_THAT(read(*set, 0), ElementsAre(5, 250));
}

TEST(SampleSet, ReadsSoundsOfClasses) {
  TemporaryFolder folder;
  folder.write("set/yes/1.wav", wav(folder, 1, {0, 16384, -32768}));
  folder.write("set/no/9.wav", wav(folder, 1, {8192, 0, 0}));
  folder.write("set/no/10.wav", wav(folder, 1, {-8192, 0, 0}));
  auto set = open(folder.path("set"));
  ASSERT_TRUE(set);
  EXPECT_THAT(set->getShape(), ElementsAre(3));
  EXPECT_THAT(read(*set, 0), ElementsAre(-0.25, 0, 0));
  EXPECT_THAT(read(*set, 1), ElementsAre(0.25, 0, 0));
  EXPECT_THAT(read(*set, 2), ElementsAre(0, 0.5, -1));
  EXPECT_THAT(set->getLabels(), ElementsAre(0, 0, 1));
}

TEST(SampleSet, ShapesMayDifferInOnes) {
  TemporaryFolder folder;
  auto set =
      open(folder.write("x.npy", npyFloats({1, 3, 2}, {1, 2, 3, 4, 5, 6})));
  ASSERT_TRUE(set);
  EXPECT_FALSE(set->checkShape({1, 3, 2, 1}, "the input"));
  EXPECT_FALSE(set->checkShape({3, 2}, "the input"));
  EXPECT_THAT(llvm::toString(set->checkShape({1, 2, 3, 1}, "input 'x'")),
              HasSubstr("expected samples of the shape of input 'x', "
                        "[1, 2, 3, 1] (dimensions of 1 do not count), found "
                        "[3, 2]"));
}

TEST(SampleSet, RefusesNumbersThatAreNone) {
  TemporaryFolder folder;
  float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(errorOf(folder.write("x.npy", npyFloats({2, 2}, {1, 2, 3, nan}))),
              HasSubstr("x.npy': sample 1: expected finite numbers, found NaN "
                        "at element 1"));
  EXPECT_THAT(errorOf(folder.write("x.npy", npyFloats({1, 1}, {1.0f / 0.0f}))),
              HasSubstr("sample 0: expected finite numbers, found infinity"));
}

TEST(SampleSet, RefusesSetsWithoutSamples) {
  TemporaryFolder folder;
  EXPECT_THAT(errorOf(folder.write("x.npy", npyFloats({0, 2}, {}))),
              HasSubstr("expected at least one sample, found none"));
  EXPECT_THAT(errorOf(folder.write("x.npy", npyFloats({}, {1}))),
              HasSubstr("found a single number"));
  folder.write("set/notes.txt", "");
  EXPECT_THAT(errorOf(folder.path("set")), HasSubstr("found none"));
  EXPECT_THAT(errorOf(folder.path("absent.npy")), HasSubstr("cannot read"));
  EXPECT_THAT(errorOf(folder.write("x.bin", "")),
              HasSubstr("expected a .npy file, a .npz file, or a folder"));
  EXPECT_THAT(
      errorOf(folder.write(
          "x.npz", npz(folder, {{"y", npyFloats({2}, {1, 2})}}, false))),
      HasSubstr("expected an array named x"));
}

TEST(SampleSet, RefusesLabelsThatDoNotFit) {
  TemporaryFolder folder;
  std::string x = folder.write("x.npy", npyFloats({2, 1}, {1, 2}));
  SampleOptions options;
  options.labels = folder.path("absent.npy");
  EXPECT_THAT(errorOf(x, options), HasSubstr("labels: cannot read"));
  options.labels =
      folder.write("y.npy", npy<uint8_t>(NpyElement::uint8, {3}, {1, 2, 3}));
  EXPECT_THAT(errorOf(x, options),
              HasSubstr("expected a label for each of 2 samples, found 3"));
  options.labels =
      folder.write("y.npy", npy<int8_t>(NpyElement::int8, {2}, {1, -2}));
  EXPECT_THAT(errorOf(x, options),
              HasSubstr("at least 0, found -2 for sample 1"));
  options.labels = folder.write("y.npy", npyFloats({2}, {1, 2}));
  EXPECT_THAT(errorOf(x, options), HasSubstr("expected labels, integers"));
  folder.write("set/a.png", png(1, 1, 1, {5}));
  folder.write("set/labels.csv", "b.png,1\n");
  EXPECT_THAT(errorOf(folder.path("set")),
              HasSubstr("expected a line for 'a.png', found none"));
  folder.write("set/labels.csv", "a.png,cat\n");
  EXPECT_THAT(errorOf(folder.path("set")),
              HasSubstr("line 1: expected file,label with a number"));
}

TEST(SampleSet, RefusesSidecarsItDoesNotUnderstand) {
  TemporaryFolder folder;
  std::string x = folder.write("x.npy", npyFloats({1, 1}, {1}));
  for (const char *text : {"", "[]", "{\"scale\": \"2\"}", "{\"mean\": 1}"}) {
    folder.write("x.npy.json", text);
    EXPECT_THAT(errorOf(x), HasSubstr("x.npy.json'")) << text;
  }
}

TEST(SampleSet, RefusesFilesOfDifferentShapes) {
  TemporaryFolder folder;
  folder.write("set/a.png", png(1, 1, 1, {5}));
  folder.write("set/b.png", png(1, 1, 3, {5, 6, 7}));
  EXPECT_THAT(errorOf(folder.path("set")),
              HasSubstr("expected [1, 1, 1] as in 'a.png', found [1, 1, 3] in "
                        "'b.png'"));
  folder.write("set/c.wav", wav(folder, 1, {1}));
  EXPECT_THAT(errorOf(folder.path("set")),
              HasSubstr("expected files of one kind, found 'a.png' and "
                        "'c.wav'"));
}

/// No truncation may be read as if it were whole, none may crash.
static void refusesTruncations(const TemporaryFolder &folder,
                               const std::string &name,
                               const std::string &opened,
                               const std::string &content) {
  folder.write(name, content);
  ASSERT_EQ(errorOf(folder.path(opened)), "");
  for (size_t size = 0; size < content.size(); ++size) {
    folder.write(name, StringRef(content).take_front(size));
    EXPECT_NE(errorOf(folder.path(opened)), "") << name << " " << size;
  }
}

TEST(SampleSet, RefusesEveryTruncation) {
  TemporaryFolder folder;
  std::string x = npyFloats({2, 2}, {1, 2, 3, 4});
  refusesTruncations(folder, "x.npy", "x.npy", x);
  for (bool isCompressed : {false, true})
    refusesTruncations(folder, "x.npz", "x.npz",
                       npz(folder, {{"x", x}}, isCompressed));
  refusesTruncations(folder, "images/a.png", "images",
                     png(2, 2, 3, std::vector<uint8_t>(12, 77)));
  refusesTruncations(folder, "sounds/a.wav", "sounds",
                     wav(folder, 2, {1, 2, 3, 4, 5, 6}));
}

/// Bytes that are changed may go unnoticed, but nothing may crash.
TEST(SampleSet, SurvivesDamage) {
  TemporaryFolder folder;
  std::string x = npyFloats({2, 2}, {1, 2, 3, 4});
  std::pair<std::string, std::string> files[] = {
      {"x.npy", x},
      {"s.npz", npz(folder, {{"x", x}}, false)},
      {"c.npz", npz(folder, {{"x", x}}, true)},
      {"images/a.png", png(2, 2, 3, std::vector<uint8_t>(12, 77))},
      {"sounds/a.wav", wav(folder, 2, {1, 2, 3, 4, 5, 6})}};
  for (auto &[name, content] : files)
    for (size_t i = 0; i < content.size(); ++i)
      for (unsigned char mask : {0xff, 0x01, 0x80}) {
        std::string damaged = content;
        damaged[i] = static_cast<char>(damaged[i] ^ mask);
        folder.write(name, damaged);
        StringRef opened = StringRef(name).split('/').first;
        (void)errorOf(folder.path(opened));
      }
}

TEST(SampleSet, HashesAndSharedSamples) {
  TemporaryFolder folder;
  auto a = open(folder.write("a.npy", npyFloats({3, 1}, {1, 2, 3})));
  SampleOptions options;
  options.scale = 0.5;
  auto b = open(
      folder.write("b.npy", npy<uint8_t>(NpyElement::uint8, {3, 1}, {6, 2, 9})),
      options);
  ASSERT_TRUE(a && b);
  auto hashesA = a->hashSamples(), hashesB = b->hashSamples();
  ASSERT_TRUE(hashesA && hashesB);
  EXPECT_EQ(countShared(*hashesA, *hashesB), 2u);
  EXPECT_NE(combineHashes(*hashesA), combineHashes(*hashesB));
}

TEST(SampleSet, SplitsBySeed) {
  SampleSplit split = splitSamples(10, 0.3, 1);
  EXPECT_EQ(split.validation.size(), 3u);
  std::vector<uint64_t> all = split.calibration;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  EXPECT_THAT(all, testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(splitSamples(10, 0.3, 1).validation, split.validation);
  EXPECT_NE(splitSamples(10, 0.3, 2).validation, split.validation);
  EXPECT_EQ(splitSamples(1, 0.9, 1).calibration.size(), 1u);
  EXPECT_TRUE(splitSamples(0, 0.5, 1).calibration.empty());
}

TEST(SampleOptions, ReadsNumbers) {
  auto options = SampleOptions::parse("0.25", "");
  ASSERT_TRUE(static_cast<bool>(options));
  EXPECT_EQ(options->scale, 0.25);
  EXPECT_FALSE(options->offset);
  EXPECT_THAT(llvm::toString(SampleOptions::parse("", "x").takeError()),
              HasSubstr("expected a number as sample-offset, found 'x'"));
}
