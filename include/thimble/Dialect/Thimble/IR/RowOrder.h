//===- RowOrder.h - In which order a stream runs row steps ------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of a thimble.stream: events, and repetitions of events. Plain data,
// so that planners can work without IR.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_DIALECT_THIMBLE_IR_ROWORDER_H
#define THIMBLE_DIALECT_THIMBLE_IR_ROWORDER_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace mlir {
class InFlightDiagnostic;
} // namespace mlir

namespace thimble {

/// One event: a row step of a kernel, the arrival of a row, or a copy.
struct RowEvent {
  enum class Kind : uint8_t {
    Step,    ///< `k`: the row is written to `newest`, or to its place
    InPlace, ///< `k!`: the row is written to its place
    Hold,    ///< `k+`: the row is copied from `newest` to its place
  };
  /// The source of an event that concerns the input that is fed.
  static constexpr int32_t fedInput = -1;

  int32_t source = 0; ///< the number of a kernel in the stream, or fedInput
  Kind kind = Kind::Step;

  /// True if it makes a row, or takes one in.
  bool isStep() const { return kind != Kind::Hold; }
  bool operator==(const RowEvent &other) const {
    return source == other.source && kind == other.kind;
  }
};

class RowOrder {
public:
  /// An event, or `count` times a body.
  struct Item {
    RowEvent event;
    int64_t count = 1;
    std::vector<Item> body; ///< empty for an event

    bool isRun() const { return !body.empty(); }
  };

  RowOrder() = default;
  explicit RowOrder(std::vector<Item> items) : items(std::move(items)) {}

  /// Reads `0! 6(0 1 0+) 1`. An order has at most maxEvents events, runs are
  /// nested at most maxDepth deep.
  static mlir::FailureOr<RowOrder>
  parse(llvm::StringRef text,
        llvm::function_ref<mlir::InFlightDiagnostic()> emitError);
  /// The events, with what repeats folded into nested runs.
  static RowOrder fold(llvm::ArrayRef<RowEvent> events);

  /// What parse reads.
  std::string str() const;
  /// All events, one after the other.
  std::vector<RowEvent> expand() const;
  llvm::ArrayRef<Item> getItems() const { return items; }

  static constexpr int64_t maxEvents = int64_t(1) << 20;
  static constexpr unsigned maxDepth = 8;

private:
  std::vector<Item> items;
};

} // namespace thimble

#endif // THIMBLE_DIALECT_THIMBLE_IR_ROWORDER_H
