//===- BitSource.h - Emits the reading of a bit stream ----------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How decoders of entropy codes get at their bits (Support/BitStream.h has the
// order of bits).
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_BITSOURCE_H
#define THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_BITSOURCE_H

#include "thimble/LoopNest/StepBuilder.h"

namespace thimble {

/// The position in a bit stream while code that reads it is emitted.
///
/// Where words can be loaded from any address, the state is the number of bits
/// that were read, and `refill` loads the word that the next one is in: no
/// branch, and at least 25 bits. Elsewhere it is a word of bits, how many there
/// are, and the address behind them, and `refill` appends an aligned halfword
/// if there are fewer than 17.
class BitSource {
public:
  using Value = mlir::Value;

  /// At the first bit of the byte at `stream`. The stream is not empty.
  BitSource(StepBuilder &b, Value stream);

  /// How many bits there are after `refill`.
  static unsigned guaranteedBits(const TargetInfo &target) {
    return target.thumb1Only ? 17 : 25;
  }

  /// What changes from one iteration of a loop to the next. Bits that were
  /// loaded but not read are not part of it.
  llvm::SmallVector<Value> getState() const;
  void setState(mlir::ValueRange state);

  /// Makes the guaranteed bits available. At least one bit must be left in the
  /// stream.
  void refill();
  /// The available bits, the next one lowest, and bits of no meaning above.
  Value peek() const { return word; }
  /// The next `bits` bits.
  Value peek(unsigned bits) const;
  /// Moves on by as many bits, of those available.
  void skip(Value bits);
  /// The address of the first byte of which nothing was read.
  Value buildEnd();

private:
  StepBuilder &b;
  Value stream;    ///< where words can be loaded from any address
  Value position;  ///< there: how many bits were read
  Value pointer;   ///< elsewhere: the next halfword
  Value available; ///< elsewhere: bits in `word`
  Value word;
};

/// How often a loop is expected to run each time it is entered, for the static
/// estimate of cycles.
struct ExpectedTrips {
  double constant = 0;
  double perBound = 0; ///< times what the condition compares with
};

/// Says so of the loop, or of the branch, whose condition this comparison is.
void expectTrips(StepBuilder &b, mlir::Value condition, ExpectedTrips trips);

/// while (condition(values)) values = body(values), where the condition is a
/// comparison.
mlir::SmallVector<mlir::Value> buildWhile(
    StepBuilder &b, mlir::ValueRange init, ExpectedTrips trips,
    llvm::function_ref<mlir::Value(mlir::ValueRange)> condition,
    llvm::function_ref<mlir::SmallVector<mlir::Value>(mlir::ValueRange)> body);

/// if (condition) values = then() else values = otherwise.
mlir::SmallVector<mlir::Value>
buildIf(StepBuilder &b, mlir::Value condition, mlir::ValueRange otherwise,
        llvm::function_ref<mlir::SmallVector<mlir::Value>()> then);

// Arithmetic on i32 and loads that only decoders need.
mlir::Value buildShiftRight(StepBuilder &b, mlir::Value value,
                            mlir::Value bits);
mlir::Value buildOr(StepBuilder &b, mlir::Value x, mlir::Value y);
mlir::Value buildXor(StepBuilder &b, mlir::Value x, mlir::Value y);
/// count / divisor * divisor, unsigned.
mlir::Value buildWholeGroups(StepBuilder &b, mlir::Value count,
                             unsigned divisor);
mlir::Value buildLoadU16(StepBuilder &b, mlir::Value pointer);
void buildStore16(StepBuilder &b, mlir::Value value, mlir::Value pointer);
/// The element of an array of elements of 2^scale bytes.
mlir::Value buildElement(StepBuilder &b, mlir::Value array, mlir::Value index,
                         unsigned scale);

} // namespace thimble

#endif // THIMBLE_LIB_DIALECT_THIMBLE_IR_ENCODINGS_BITSOURCE_H
