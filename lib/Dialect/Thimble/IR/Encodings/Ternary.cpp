//===- Ternary.cpp - Three consecutive numbers ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times 3 the next digit of a fraction of eight bits is above them, and what is
// left is the next fraction. Four fractions are in the halfwords of two words,
// so an operation is for two digits.
//
//===----------------------------------------------------------------------===//

#include "Schemes.h"
#include "WordLanes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace thimble;

static constexpr int64_t digitsPerByte = 5;
/// Symbols that are decoded together, from a word.
static constexpr int64_t groupSize = 4 * digitsPerByte;

LogicalResult
TernaryAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                    std::optional<int64_t> first) {
  if (first && (*first < -128 || *first > 253))
    return emitError() << "expected a first number from -128 to 253, found "
                       << *first;
  return success();
}

Attribute TernaryAttr::parse(AsmParser &parser, Type) {
  std::optional<int64_t> first;
  if (succeeded(parser.parseOptionalLess()))
    if (parser.parseInteger(first.emplace()) || parser.parseGreater())
      return {};
  return parser.getChecked<TernaryAttr>(parser.getContext(), first);
}

void TernaryAttr::print(AsmPrinter &printer) const {
  if (isComplete())
    printer << "<" << *getFirst() << ">";
}

bool TernaryAttr::isComplete() const { return getFirst().has_value(); }

FailureOr<Attribute> TernaryAttr::specialize(const SymbolLevel &inner,
                                             std::string &reason) const {
  std::vector<uint64_t> counts = inner.histogram();
  auto valueOf = [&](unsigned symbol) {
    return inner.info.isSigned ? int64_t(int8_t(symbol)) : int64_t(symbol);
  };
  std::optional<int64_t> least, most;
  for (unsigned symbol = 0; symbol < 256; ++symbol)
    if (counts[symbol]) {
      int64_t value = valueOf(symbol);
      least = std::min(least.value_or(value), value);
      most = std::max(most.value_or(value), value);
    }
  auto holds = [&](int64_t first) {
    return !least || (*least >= first && *most <= first + 2);
  };
  int64_t limit = inner.info.isSigned ? 125 : 253;
  int64_t first = getFirst().value_or(inner.info.isSigned && holds(-1)
                                          ? -1
                                          : std::min(least.value_or(0), limit));
  if (holds(first))
    return Attribute(TernaryAttr::get(getContext(), first));
  reason = "its numbers are from " + std::to_string(*least) + " to " +
           std::to_string(*most) + ", not from " + std::to_string(first) +
           " to " + std::to_string(first + 2);
  return failure();
}

FailureOr<LevelInfo> TernaryAttr::getOuterLevel(
    const LevelInfo &inner,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  if (inner.isSigned && *getFirst() > 125)
    return emitError() << "expected a first number up to 125 of signed "
                          "symbols, found "
                       << *getFirst();
  LevelInfo outer;
  outer.isSigned = false;
  outer.zero = std::nullopt;
  outer.perWeight = false;
  return outer;
}

bool TernaryAttr::keepsCount() const { return false; }
std::optional<int64_t> TernaryAttr::getOuterCount(int64_t count) const {
  return (count + digitsPerByte - 1) / digitsPerByte;
}
Value TernaryAttr::buildOuterCount(StepBuilder &b, Value count) const {
  return buildQuotient(b, b.add(count, digitsPerByte - 1), digitsPerByte);
}

/// Calls `visit(outer symbol, digit, inner symbol)`, digits in ascending order
/// for each outer symbol.
template <typename Visitor>
static void visitDigits(int64_t count, Visitor visit) {
  int64_t whole = count / groupSize * groupSize;
  for (int64_t outer = 0; outer < (count + 4) / digitsPerByte; ++outer)
    for (int64_t digit = 0; digit < digitsPerByte; ++digit) {
      int64_t group = outer / 4 * groupSize;
      int64_t inner = group < whole
                          ? group + 4 * digit + outer % 4
                          : group + digitsPerByte * (outer % 4) + digit;
      if (inner < count)
        visit(outer, digit, inner);
    }
}

static constexpr unsigned powersOf3[] = {81, 27, 9, 3, 1};

std::vector<uint8_t> TernaryAttr::encode(const SymbolChunk &inner,
                                         const LevelInfo &,
                                         PayloadWriter &) const {
  int64_t count = inner.symbols.size();
  std::vector<unsigned> numbers(*getOuterCount(count), 0);
  visitDigits(count, [&](int64_t outer, int64_t digit, int64_t index) {
    numbers[outer] +=
        powersOf3[digit] * uint8_t(inner.symbols[index] - uint8_t(*getFirst()));
  });
  std::vector<uint8_t> symbols;
  for (unsigned number : numbers)
    symbols.push_back((number * 256 + 242) / 243);
  return symbols;
}

LogicalResult TernaryAttr::decode(ArrayRef<uint8_t> outer, const LevelInfo &,
                                  PayloadReader &, SymbolChunk &inner) const {
  std::vector<unsigned> fractions(outer.begin(), outer.end());
  visitDigits(inner.symbols.size(), [&](int64_t byte, int64_t, int64_t index) {
    fractions[byte] = (fractions[byte] & 255) * 3;
    inner.symbols[index] = uint8_t(*getFirst() + (fractions[byte] >> 8));
  });
  PayloadWriter none;
  std::vector<uint8_t> again = encode(inner, LevelInfo(), none);
  return success(ArrayRef<uint8_t>(again) == outer);
}

//===----------------------------------------------------------------------===//
// On the target
//===----------------------------------------------------------------------===//

/// Twenty symbols from a word.
static void buildGroup(StepBuilder &b, Value word, Value out, uint8_t first,
                       unsigned alignment) {
  Value low = b.constant(0x00FF00FF);
  auto rotated = [&](Value x) -> Value {
    return LLVM::FshrOp::create(b.builder, b.loc, x, x, b.constant(8));
  };
  Value even = b.bitAnd(word, low), odd = b.bitAnd(b.lshr(word, 8), low);
  for (int64_t digit = 0; digit < digitsPerByte; ++digit) {
    Value nextEven = b.mul(even, 3), nextOdd = b.mul(odd, 3);
    even = b.bitAnd(nextEven, low);
    odd = b.bitAnd(nextOdd, low);
    // The digits of the odd bytes are where they belong.
    Value digits = b.sub(nextOdd, odd);
    if (b.target.hasDSP)
      digits =
          buildIntrinsic(b, "llvm.arm.uxtab16", {digits, rotated(nextEven)});
    else
      digits = b.add(digits, b.bitAnd(b.lshr(nextEven, 8), low));
    buildStoreWord(b, buildAddLanes(b, digits, first, /*most=*/2),
                   b.at(out, 4 * digit), alignment);
  }
}

void TernaryAttr::buildDecode(StepBuilder &b, DecodeLevel &level) const {
  uint8_t first = *getFirst();
  Value groups = buildQuotient(b, level.count, groupSize);
  StepBuilder::Values ends =
      b.loop(b.constant(0), groups, 1, {level.symbols, level.out},
             [&](Value, ValueRange at) -> StepBuilder::Values {
               Value word = buildLoadWord(b, at[0], level.symbolsAlignment);
               buildGroup(b, word, at[1], first, level.outAlignment);
               return {b.at(at[0], 4), b.at(at[1], groupSize)};
             });
  Value rest = b.sub(level.count, b.mul(groups, groupSize));
  Value bytes = buildQuotient(b, b.add(rest, digitsPerByte - 1), digitsPerByte);
  b.loop(b.constant(0), bytes, 1, [&](Value i) {
    Value begin = b.mul(i, digitsPerByte);
    Value end = b.smin(b.add(begin, digitsPerByte), rest);
    b.loop(begin, end, 1, b.loadU8(b.at(ends[0], i)),
           [&](Value k, ValueRange fraction) -> StepBuilder::Values {
             Value next = b.mul(fraction[0], 3);
             b.storeI8(b.add(b.lshr(next, 8), first), b.at(ends[1], k));
             return {b.bitAnd(next, b.constant(255))};
           });
  });
}

DecodeCost TernaryAttr::getCost(const SymbolLevel &inner,
                                const TargetInfo &target) const {
  // Measured: docs/rationale/decoders.md.
  double perSymbol = target.thumb1Only ? 7.1 : target.hasDSP ? 2.4 : 3.2;
  return {perSymbol * double(inner.size()), 220};
}
