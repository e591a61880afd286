//===- row_model.hpp - Typed wrapper of a model fed by rows -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For models compiled with --io=rows: the first input is never in memory as a
// whole, its rows are delivered from the first to the last.
//
//   #include "digit.h"
//   #include "thimble_rt/row_model.hpp"
//
//   THIMBLE_ROW_MODEL(Digit, digit, DIGIT);
//
//   static Digit::Arena arena;
//
//   void classify() {
//     Digit digit(arena);
//     digit.begin();
//     for (uint32_t y = 0; y < Digit::rows; ++y)
//       digit.pushRow(readLine(y));
//     digit.finish();
//     use(digit.output());
//   }
//
// A debug build binds the model with THIMBLE_CHECKED_ROW_MODEL instead. Its
// objects count rows and tell a function of the firmware when there are too
// many or too few of them, or when they come outside of an inference.
//
// As model.hpp: freestanding, and all code is that of the C calls.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_ROW_MODEL_HPP
#define THIMBLE_RT_ROW_MODEL_HPP

#include "thimble_rt/model.hpp"

namespace thimble::rt {

/// How the rows of an inference can be wrong.
enum class RowMisuse : uint8_t {
  notBegun,    ///< a row or the end without a begin
  tooManyRows, ///< a row behind the last one
  tooFewRows,  ///< the end before the last row
};

/// Counts nothing.
struct UncheckedRows {
  void begin() const {}
  static constexpr bool push() { return true; }
  static constexpr bool finish() { return true; }
};

/// Counts the rows of one object. `report` decides what becomes of a mistake;
/// if it returns, the call that was wrong does nothing.
template <uint32_t rows, void (*report)(RowMisuse)>
class CheckedRows {
public:
  void begin() {
    count = 0;
    isBegun = true;
  }
  bool push() {
    if (!isBegun)
      return fail(RowMisuse::notBegun);
    if (count == rows)
      return fail(RowMisuse::tooManyRows);
    ++count;
    return true;
  }
  bool finish() {
    if (!isBegun)
      return fail(RowMisuse::notBegun);
    if (count < rows)
      return fail(RowMisuse::tooFewRows);
    isBegun = false;
    return true;
  }

private:
  static bool fail(RowMisuse misuse) {
    report(misuse);
    return false;
  }

  uint32_t count = 0;
  bool isBegun = false;
};

/// A model that was compiled with --io=rows.
template <typename Traits, typename Check = UncheckedRows>
class RowModel : public ArenaModel<Traits> {
  using Base = ArenaModel<Traits>;
  using Fed = typename Base::template Input<0>;

public:
  /// Rows of input 0, and elements of each.
  static constexpr uint32_t rows = Traits::rows;
  static constexpr uint32_t rowElements = Fed::count / rows;
  static_assert(rowElements * rows == Fed::count,
                "the input's size is no multiple of its rows");
  using Row = Span<const typename Fed::Element, rowElements>;

  explicit RowModel(typename Base::Arena &arena) : Base(arena.bytes) {}
  /// Memory for which isArena holds.
  explicit RowModel(void *arena) : Base(arena) {}

  /// Where to write another input than the first, before begin.
  template <uint32_t Index>
  auto input() const {
    static_assert(Index > 0, "rows of input 0 are pushed");
    return Base::template input<Index>();
  }

  /// Begins an inference, whatever became of the one before.
  void begin() {
    check.begin();
    Traits::begin(this->arena);
  }
  /// The next row. Its bytes are free again on return.
  void pushRow(Row row) {
    if (check.push())
      Traits::pushRow(this->arena, row.data());
  }
  /// After the last row: computes what is left.
  void finish() {
    if (check.finish())
      Traits::finish(this->arena);
  }

private:
  Check check;
};

} // namespace thimble::rt

// NOLINTBEGIN(bugprone-macro-parentheses)

/// Makes `Name` the RowModel of the generated header with function prefix
/// `prefix` and macro prefix `PREFIX`. Up to 8 inputs and 8 outputs.
#define THIMBLE_ROW_MODEL(Name, prefix, PREFIX)                                \
  THIMBLE_DETAIL_ROW_TRAITS(Name, prefix, PREFIX);                             \
  using Name = ::thimble::rt::RowModel<Name##Traits>

/// The same, for debug builds: `report(RowMisuse)` is told of mistakes.
#define THIMBLE_CHECKED_ROW_MODEL(Name, prefix, PREFIX, report)                \
  THIMBLE_DETAIL_ROW_TRAITS(Name, prefix, PREFIX);                             \
  using Name = ::thimble::rt::RowModel<                                        \
      Name##Traits, ::thimble::rt::CheckedRows<PREFIX##_INPUT_0_ROWS, report>>

#define THIMBLE_DETAIL_ROW_TRAITS(Name, prefix, PREFIX)                        \
  struct Name##Traits {                                                        \
    [[maybe_unused]] static constexpr uint32_t rows = PREFIX##_INPUT_0_ROWS;   \
    static void begin(void *arena) { prefix##_begin(arena); }                  \
    template <typename Element>                                                \
    static void pushRow(void *arena, const Element *row) {                     \
      prefix##_push_row(arena, row);                                           \
    }                                                                          \
    static void finish(void *arena) { prefix##_finish(arena); }                \
    THIMBLE_DETAIL_TRAITS(prefix, PREFIX, THIMBLE_DETAIL_ROW_TENSOR)           \
  }

/// The element type of the input that is fed is what push_row's row points to;
/// all other tensors are in the arena.
#define THIMBLE_DETAIL_ROW_TENSOR(prefix, PREFIX, Side, side, SIDE, first,     \
                                  index)                                       \
  THIMBLE_DETAIL_ROW_##Side##index(prefix, PREFIX, Side, side, SIDE, first,    \
                                   index)
#define THIMBLE_DETAIL_ROW_Input0(prefix, PREFIX, Side, side, SIDE, first,     \
                                  index)                                       \
  struct Input0Description {                                                   \
    THIMBLE_DETAIL_TENSOR(Side, PREFIX, SIDE, index)                           \
    using Element = ::thimble::rt::detail::ArgumentPointee<                    \
        1, decltype(prefix##_push_row)>::Type;                                 \
  };                                                                           \
  using Input0 = ::thimble::rt::Tensor<Input0Description>;
#define THIMBLE_DETAIL_ROW_Input1 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Input2 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Input3 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Input4 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Input5 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Input6 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Input7 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output0 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output1 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output2 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output3 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output4 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output5 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output6 THIMBLE_DETAIL_ARENA_TENSOR
#define THIMBLE_DETAIL_ROW_Output7 THIMBLE_DETAIL_ARENA_TENSOR

// NOLINTEND(bugprone-macro-parentheses)

#endif // THIMBLE_RT_ROW_MODEL_HPP
