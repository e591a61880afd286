//===- span.hpp - A pointer that knows how much it points to ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// std::span of fixed extent for firmware without a C++ library. The extent is
// part of the type: a span is as large as a pointer, and passing a buffer of
// another size is a compile-time error.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_SPAN_HPP
#define THIMBLE_RT_SPAN_HPP

#include <stdint.h>

namespace thimble::rt {

namespace detail {

/// Has a member Type if T is `const U`.
template <typename T, typename U>
struct IfConstOf {};
template <typename U>
struct IfConstOf<const U, U> {
  using Type = void;
};

} // namespace detail

/// `Count` consecutive elements that belong to somebody else.
template <typename T, uint32_t Count>
class Span {
public:
  using Element = T;

  /// The caller vouches for the number of elements.
  static constexpr Span fromPointer(T *elements) {
    return Span(elements, nullptr);
  }

  /// A whole array. One of non-const elements is a span of const ones, too.
  constexpr Span(T (&array)[Count]) : elements(array) {}

  /// A span of const elements from one of the same, non-const elements.
  template <typename U, typename = typename detail::IfConstOf<T, U>::Type>
  constexpr Span(const Span<U, Count> &other) : elements(other.data()) {}

  constexpr T *data() const { return elements; }
  static constexpr uint32_t size() { return Count; }
  static constexpr uint32_t sizeBytes() { return Count * sizeof(T); }
  constexpr T &operator[](uint32_t index) const { return elements[index]; }
  constexpr T *begin() const { return elements; }
  constexpr T *end() const { return elements + Count; }

private:
  /// The second argument tells it from the constructor for arrays.
  constexpr Span(T *elements, decltype(nullptr)) : elements(elements) {}

  T *elements;
};

} // namespace thimble::rt

#endif // THIMBLE_RT_SPAN_HPP
