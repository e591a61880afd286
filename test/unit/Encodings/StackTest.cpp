//===- StackTest.cpp - Every stack is lossless and as large as it says ----===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Random weights of every kind, in every order that kernels read, through all
// schemes and random stacks of them. What a stack cannot hold it must refuse
// with a reason.
//
//===----------------------------------------------------------------------===//

#include "RandomWeights.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/MLIRContext.h"
#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/TargetInfo/TargetInfo.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::test;

namespace {
class StackTest : public ::testing::Test {
protected:
  StackTest() {
    context.loadDialect<ThimbleDialect>();
    std::string error;
    target = *TargetInfo::lookup("cortex-m4", error);
  }

  int64_t pick(int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  }
  EncodingStack parse(StringRef text) {
    std::string error;
    FailureOr<EncodingStack> stack = parseEncodingStack(text, &context, error);
    EXPECT_TRUE(succeeded(stack)) << error;
    return succeeded(stack) ? *stack : EncodingStack();
  }
  EncodingStack randomStack() {
    SmallVector<StringRef> names = encodingSchemeNames();
    std::string text;
    for (int64_t depth = pick(1, 3); depth > 0; --depth)
      text +=
          (text.empty() ? "" : ",") + names[pick(0, names.size() - 1)].str();
    return parse(text);
  }
  RankedTensorType randomType(int64_t &axis);
  /// True if the stack holds the weights.
  bool check(const EncodingStack &stack, RankedTensorType type, int64_t axis,
             WeightKind kind);

  MLIRContext context;
  TargetInfo target;
  std::mt19937 engine{20};
};
} // namespace

RankedTensorType StackTest::randomType(int64_t &axis) {
  auto element = quant::UniformQuantizedType::getChecked(
      UnknownLoc::get(&context), quant::QuantizationFlags::Signed,
      IntegerType::get(&context, 8), Float32Type::get(&context), 0.5, 0, -128,
      127);
  axis = 0;
  int64_t most = pick(0, 9) == 0 ? 60 : 9;
  if (pick(0, 2) == 0)
    return RankedTensorType::get({pick(1, most), pick(1, 4 * most)}, element);
  SmallVector<int64_t> shape = {pick(1, most), pick(1, 4), pick(1, 4),
                                pick(1, most)};
  if (pick(0, 2) == 0) {
    shape[0] = 1;
    axis = 3;
  }
  return RankedTensorType::get(shape, element);
}

bool StackTest::check(const EncodingStack &stack, RankedTensorType type,
                      int64_t axis, WeightKind kind) {
  int64_t channels = type.getDimSize(axis);
  int64_t lanes = channels >= 4 && pick(0, 1) ? 4 : 1, tile = 0;
  if (pick(0, 1) && channels > lanes) {
    tile = pick(1, channels / lanes) * lanes;
    if (int64_t rest = channels % tile; rest && rest < lanes)
      tile = 0;
  }
  int64_t row = axis == 0 ? type.getNumElements() / channels : channels;
  std::vector<uint8_t> weights =
      randomWeights(engine, kind, type.getNumElements(), row);
  std::string reason;
  FailureOr<EncodingAttr> encoding =
      EncodingAttr::specialize(stack, axis, lanes, tile, type, weights, reason);
  if (failed(encoding)) {
    EXPECT_FALSE(reason.empty()) << printEncodingStack(stack);
    return false;
  }
  SCOPED_TRACE(printEncodingStack(stack) + " as " +
               printEncodingStack(encoding->getStack()));
  std::vector<uint8_t> payload = encoding->encode(type, weights);
  FailureOr<std::vector<uint8_t>> decoded = encoding->decode(type, payload);
  if (failed(decoded)) {
    ADD_FAILURE() << "its own payload is not decoded";
    return true;
  }
  EXPECT_EQ(*decoded, weights);
  int64_t tables = 0;
  for (const ConstantTable &table : StackDecoder(*encoding, target).getTables())
    tables += int64_t(table.bytes.size());
  EXPECT_EQ(encoding->sizeInBits(payload, target),
            8 * (int64_t(payload.size()) + tables));
  // Written and read again, the encoding is the same.
  std::string text;
  llvm::raw_string_ostream(text) << Attribute(*encoding);
  EXPECT_EQ(parseAttribute(text, &context), Attribute(*encoding)) << text;
  // Cut off, the payload is refused, never read beyond its end.
  payload.pop_back();
  EXPECT_TRUE(failed(encoding->decode(type, payload)));
  return true;
}

TEST_F(StackTest, SingleSchemesAreLossless) {
  for (StringRef name : encodingSchemeNames()) {
    EncodingStack stack = parse(name);
    unsigned held = 0;
    for (int round = 0; round < 800; ++round) {
      int64_t axis;
      RankedTensorType type = randomType(axis);
      held += check(stack, type, axis, WeightKind(round % weightKinds));
    }
    EXPECT_GT(held, 20u) << name.str() << " holds next to nothing";
  }
}

TEST_F(StackTest, RandomStacksAreLossless) {
  unsigned held = 0;
  for (int round = 0; round < 6000; ++round) {
    int64_t axis;
    RankedTensorType type = randomType(axis);
    held += check(randomStack(), type, axis, WeightKind(round % weightKinds));
  }
  EXPECT_GT(held, 200u);
}

TEST_F(StackTest, CandidatesHoldWhatTheyAreFor) {
  for (const EncodingStack &stack : candidateEncodingStacks(&context)) {
    unsigned held = 0;
    for (int round = 0; round < 120; ++round) {
      int64_t axis;
      RankedTensorType type = randomType(axis);
      held += check(stack, type, axis, WeightKind(round % weightKinds));
    }
    EXPECT_GT(held, 0u) << printEncodingStack(stack);
  }
}

TEST_F(StackTest, DamagedPayloadsAreDecodedOrRefused) {
  // Any result will do: the sanitizers watch.
  for (int round = 0; round < 3000; ++round) {
    int64_t axis;
    RankedTensorType type = randomType(axis);
    std::vector<uint8_t> weights =
        randomWeights(engine, WeightKind(round % weightKinds),
                      type.getNumElements(), type.getShape().back());
    std::string reason;
    FailureOr<EncodingAttr> encoding = EncodingAttr::specialize(
        randomStack(), axis, 1, 0, type, weights, reason);
    if (failed(encoding))
      continue;
    std::vector<uint8_t> payload = encoding->encode(type, weights);
    for (int damage = 0; damage < 4 && !payload.empty(); ++damage)
      payload[pick(0, payload.size() - 1)] ^= 1 << pick(0, 7);
    FailureOr<std::vector<uint8_t>> decoded = encoding->decode(type, payload);
    if (succeeded(decoded)) {
      EXPECT_EQ(int64_t(decoded->size()), type.getNumElements());
    }
  }
}
