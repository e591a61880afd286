//===- span.hpp - A pointer that knows how much it points to ----*- C++ -*-===//
//
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

/// `Count` consecutive elements that belong to somebody else.
template <typename T, uint32_t Count>
class Span {
public:
  using Element = T;

  /// The caller vouches for the number of elements.
  constexpr explicit Span(T *elements) : elements(elements) {}

  /// A whole array. An array of `U` is one of `const U`, too.
  template <typename U>
  constexpr Span(U (&array)[Count]) : elements(array) {}

  /// A span of `const U` from one of `U`.
  template <typename U>
  constexpr Span(const Span<U, Count> &other) : elements(other.data()) {}

  constexpr T *data() const { return elements; }
  static constexpr uint32_t size() { return Count; }
  static constexpr uint32_t sizeBytes() { return Count * sizeof(T); }
  constexpr T &operator[](uint32_t index) const { return elements[index]; }
  constexpr T *begin() const { return elements; }
  constexpr T *end() const { return elements + Count; }

private:
  T *elements;
};

} // namespace thimble::rt

#endif // THIMBLE_RT_SPAN_HPP
