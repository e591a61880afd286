//===- model.hpp - Typed wrapper of a compiled model ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Makes a C++17 type of the header that thimblec writes. One line at namespace
// scope binds it; element types, sizes and quantization follow from the header:
//
//   #include "mixer.h"
//   #include "thimble_rt/model.hpp"
//
//   THIMBLE_MODEL(Mixer, mixer, MIXER);
//
//   static Mixer::Arena arena;
//
//   float mix(const float *left, const float *right) {
//     Mixer mixer(arena);
//     for (uint32_t i = 0; i < mixer.input<0>().size(); ++i)
//       mixer.input<0>()[i] = Mixer::Input<0>::quantize(left[i]);
//     for (uint32_t i = 0; i < mixer.input<1>().size(); ++i)
//       mixer.input<1>()[i] = Mixer::Input<1>::quantize(right[i]);
//     mixer.invoke();
//     return Mixer::Output<1>::dequantize(mixer.output<1>()[0]);
//   }
//
// Models compiled with --io=pointers are bound by THIMBLE_POINTER_MODEL and get
// their tensors as arguments of invoke.
//
// Freestanding: no heap, no virtual functions, no exceptions, no static
// constructors, no C++ library. A model object holds one pointer and everything
// is inline, so that the code is that of the C calls; calls on different arenas
// may run at the same time.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_MODEL_HPP
#define THIMBLE_RT_MODEL_HPP

#include "thimble_rt/abi.h"
#include "thimble_rt/quantize.hpp"
#include "thimble_rt/span.hpp"

#include <stdint.h>

namespace thimble::rt {

namespace detail {

template <uint32_t Index, typename First, typename... Rest>
struct TypeAt : TypeAt<Index - 1, Rest...> {};
template <typename First, typename... Rest>
struct TypeAt<0, First, Rest...> {
  using Type = First;
};

template <typename T>
struct Pointee;
template <typename T>
struct Pointee<T *> {
  using Type = T;
};
template <typename T>
struct Pointee<const T *> {
  using Type = T;
};

/// What argument `Index` of a function points to.
template <uint32_t Index, typename Function>
struct ArgumentPointee;
template <uint32_t Index, typename... Arguments>
struct ArgumentPointee<Index, void(Arguments...)>
    : Pointee<typename TypeAt<Index, Arguments...>::Type> {};

template <typename T>
struct IsFloat {
  static constexpr bool value = false;
};
template <>
struct IsFloat<float> {
  static constexpr bool value = true;
};

/// Whether a generated header's version, the spelling of P_ABI_VERSION, is the
/// one this file was written for. A macro that does not exist is spelled by its
/// own name: such headers are of version 1.
constexpr bool isAbiVersion(const char *spelling) {
  uint32_t version = 0;
  if (*spelling < '0' || *spelling > '9')
    version = 1;
  for (; *spelling >= '0' && *spelling <= '9'; ++spelling)
    version = 10 * version + static_cast<uint32_t>(*spelling - '0');
  return version == THIMBLE_ABI_VERSION;
}

} // namespace detail

/// The tensors of one side of a model, in order.
template <typename... Tensors>
struct TensorList {
  template <uint32_t Index>
  using At = typename detail::TypeAt<Index, Tensors...>::Type;
};

/// What is known of a tensor at compile time. `Description` comes from the
/// macros below.
template <typename Description>
struct Tensor : Description {
  using Element = typename Description::Element;
  /// Number of elements.
  static constexpr uint32_t count = Description::bytes / sizeof(Element);
  static_assert(count * sizeof(Element) == Description::bytes,
                "the tensor's size is no multiple of its element's");

  /// The element for a real number: quantize, or the number itself if the
  /// tensor is float.
  static constexpr Element quantize(float value) {
    if constexpr (detail::IsFloat<Element>::value)
      return value;
    else
      return rt::quantize<Element>(value, Description::scale,
                                   Description::zeroPoint);
  }

  /// The real number an element stands for.
  static constexpr float dequantize(Element element) {
    if constexpr (detail::IsFloat<Element>::value)
      return element;
    else
      return rt::dequantize<Element>(element, Description::scale,
                                     Description::zeroPoint);
  }
};

/// What every model has, wherever its tensors are.
template <typename Traits>
class ModelBase {
public:
  static constexpr uint32_t arenaBytes = Traits::arenaBytes;
  static constexpr uint32_t arenaAlignment = Traits::arenaAlignment;
  /// Bound on the stack that invoke uses, without exception frames.
  static constexpr uint32_t stackBytes = Traits::stackBytes;
  static constexpr uint32_t inputCount = Traits::inputCount;
  static constexpr uint32_t outputCount = Traits::outputCount;

  template <uint32_t Index = 0>
  using Input = typename Traits::Inputs::template At<Index>;
  template <uint32_t Index = 0>
  using Output = typename Traits::Outputs::template At<Index>;

  /// Memory of one model object. Not initialized.
  struct alignas(arenaAlignment) Arena {
    uint8_t bytes[arenaBytes];
  };

  /// Whether memory from elsewhere can be an arena.
  static bool isArena(const void *memory, uint32_t bytes) {
    return bytes >= arenaBytes &&
           reinterpret_cast<uintptr_t>(memory) % arenaAlignment == 0;
  }

protected:
  explicit ModelBase(void *arena) : arena(arena) {}

  void *arena;
};

/// What models have whose inputs and outputs are in the arena.
template <typename Traits>
class ArenaModel : public ModelBase<Traits> {
  using Base = ModelBase<Traits>;

public:
  /// Where to write an input: all of them, before every invoke.
  template <uint32_t Index = 0>
  auto input() const {
    using Tensor = typename Base::template Input<Index>;
    return Span<typename Tensor::Element, Tensor::count>::fromPointer(
        Tensor::address(this->arena));
  }

  /// Where to read an output after invoke.
  template <uint32_t Index = 0>
  auto output() const {
    using Tensor = typename Base::template Output<Index>;
    return Span<const typename Tensor::Element, Tensor::count>::fromPointer(
        Tensor::address(this->arena));
  }

protected:
  using Base::Base;
};

/// A model whose inputs and outputs are in the arena.
template <typename Traits>
class Model : public ArenaModel<Traits> {
  using Base = ArenaModel<Traits>;

public:
  explicit Model(typename Base::Arena &arena) : Base(arena.bytes) {}
  /// Memory for which isArena holds.
  explicit Model(void *arena) : Base(arena) {}

  void invoke() const { Traits::invoke(this->arena); }
};

/// A model that was compiled with --io=pointers.
template <typename Traits, typename Inputs = typename Traits::Inputs,
          typename Outputs = typename Traits::Outputs>
class PointerModel;
template <typename Traits, typename... Inputs, typename... Outputs>
class PointerModel<Traits, TensorList<Inputs...>, TensorList<Outputs...>>
    : public ModelBase<Traits> {
  using Base = ModelBase<Traits>;

public:
  explicit PointerModel(typename Base::Arena &arena) : Base(arena.bytes) {}
  /// Memory for which isArena holds.
  explicit PointerModel(void *arena) : Base(arena) {}

  /// Arrays or spans of exactly the tensors' sizes, inputs first, each aligned
  /// to THIMBLE_ABI_IO_ALIGNMENT.
  void
  invoke(Span<const typename Inputs::Element, Inputs::count>... inputs,
         Span<typename Outputs::Element, Outputs::count>... outputs) const {
    Traits::invoke(this->arena, inputs.data()..., outputs.data()...);
  }
};

} // namespace thimble::rt

// Arguments that become names cannot be parenthesized.
// NOLINTBEGIN(bugprone-macro-parentheses)

/// Makes `Name` the Model of the generated header with function prefix `prefix`
/// and macro prefix `PREFIX`. Up to 8 inputs and 8 outputs.
#define THIMBLE_MODEL(Name, prefix, PREFIX)                                    \
  struct Name##Traits {                                                        \
    THIMBLE_DETAIL_TRAITS(prefix, PREFIX, THIMBLE_DETAIL_ARENA_TENSOR)         \
  };                                                                           \
  using Name = ::thimble::rt::Model<Name##Traits>

/// The same for a model that was compiled with --io=pointers.
#define THIMBLE_POINTER_MODEL(Name, prefix, PREFIX)                            \
  struct Name##Traits {                                                        \
    THIMBLE_DETAIL_TRAITS(prefix, PREFIX, THIMBLE_DETAIL_POINTER_TENSOR)       \
  };                                                                           \
  using Name = ::thimble::rt::PointerModel<Name##Traits>

//===----------------------------------------------------------------------===//
// Implementation of the macros
//===----------------------------------------------------------------------===//

#define THIMBLE_DETAIL_CONCAT_(a, b) a##b
#define THIMBLE_DETAIL_CONCAT(a, b) THIMBLE_DETAIL_CONCAT_(a, b)
#define THIMBLE_DETAIL_SPELLING_(text) #text
#define THIMBLE_DETAIL_SPELLING(text) THIMBLE_DETAIL_SPELLING_(text)

#define THIMBLE_DETAIL_TRAITS(prefix, PREFIX, TENSOR)                          \
  static_assert(::thimble::rt::detail::isAbiVersion(                           \
                    THIMBLE_DETAIL_SPELLING(PREFIX##_ABI_VERSION)),            \
                "the model and thimble_rt are of different versions");         \
  [[maybe_unused]] static constexpr uint32_t arenaBytes =                      \
      PREFIX##_ARENA_BYTES;                                                    \
  [[maybe_unused]] static constexpr uint32_t arenaAlignment =                  \
      PREFIX##_ARENA_ALIGNMENT;                                                \
  [[maybe_unused]] static constexpr uint32_t stackBytes =                      \
      PREFIX##_STACK_BYTES;                                                    \
  [[maybe_unused]] static constexpr uint32_t inputCount =                      \
      PREFIX##_INPUT_COUNT;                                                    \
  [[maybe_unused]] static constexpr uint32_t outputCount =                     \
      PREFIX##_OUTPUT_COUNT;                                                   \
  template <typename... Pointers>                                              \
  static void invoke(void *arena, Pointers... pointers) {                      \
    prefix##_invoke(arena, pointers...);                                       \
  }                                                                            \
  THIMBLE_DETAIL_CONCAT(THIMBLE_DETAIL_EACH_, PREFIX##_INPUT_COUNT)            \
  (TENSOR, prefix, PREFIX, Input, _input_, _INPUT_, 1) using Inputs =          \
      ::thimble::rt::TensorList<THIMBLE_DETAIL_CONCAT(                         \
          THIMBLE_DETAIL_LIST_, PREFIX##_INPUT_COUNT)(Input)>;                 \
  THIMBLE_DETAIL_CONCAT(THIMBLE_DETAIL_EACH_, PREFIX##_OUTPUT_COUNT)           \
  (TENSOR, prefix, PREFIX, Output, _output_, _OUTPUT_,                         \
   1 + inputCount) using Outputs =                                             \
      ::thimble::rt::TensorList<THIMBLE_DETAIL_CONCAT(                         \
          THIMBLE_DETAIL_LIST_, PREFIX##_OUTPUT_COUNT)(Output)>;

/// The constants of tensor `index` of a side: `Side`, `side` and `SIDE` are
/// Input, _input_ and _INPUT_ or Output, _output_ and _OUTPUT_ (with
/// underscores, since vendors' headers define INPUT and OUTPUT).
#define THIMBLE_DETAIL_TENSOR(Side, PREFIX, SIDE, index)                       \
  [[maybe_unused]] static constexpr uint32_t bytes =                           \
      PREFIX##SIDE##index##_BYTES;                                             \
  [[maybe_unused]] static constexpr uint32_t rank =                            \
      PREFIX##SIDE##index##_RANK;                                              \
  /* Not without elements: a scalar has rank 0. */                             \
  [[maybe_unused]] static constexpr uint32_t shape[rank + (rank == 0)] =       \
      PREFIX##SIDE##index##_SHAPE;                                             \
  [[maybe_unused]] static constexpr float scale = PREFIX##SIDE##index##_SCALE; \
  [[maybe_unused]] static constexpr int32_t zeroPoint =                        \
      PREFIX##SIDE##index##_ZERO_POINT;                                        \
  [[maybe_unused]] static constexpr const char *name =                         \
      PREFIX##SIDE##index##_NAME;

/// The element type is what the accessor returns a pointer to.
#define THIMBLE_DETAIL_ARENA_TENSOR(prefix, PREFIX, Side, side, SIDE, first,   \
                                    index)                                     \
  struct Side##index##Description {                                            \
    THIMBLE_DETAIL_TENSOR(Side, PREFIX, SIDE, index)                           \
    using Element =                                                            \
        ::thimble::rt::detail::Pointee<decltype(prefix##side##index(           \
            static_cast<void *>(nullptr)))>::Type;                             \
    static auto address(void *arena) { return prefix##side##index(arena); }    \
  };                                                                           \
  using Side##index = ::thimble::rt::Tensor<Side##index##Description>;

/// The element type is what argument `first` + `index` of invoke points to.
#define THIMBLE_DETAIL_POINTER_TENSOR(prefix, PREFIX, Side, side, SIDE, first, \
                                      index)                                   \
  struct Side##index##Description {                                            \
    THIMBLE_DETAIL_TENSOR(Side, PREFIX, SIDE, index)                           \
    using Element = ::thimble::rt::detail::ArgumentPointee<                    \
        (first) + index, decltype(prefix##_invoke)>::Type;                     \
  };                                                                           \
  using Side##index = ::thimble::rt::Tensor<Side##index##Description>;

// A count in a generated header is spelled 1u to 8u. One definition for every
// tensor, then the list of their names.
#define THIMBLE_DETAIL_EACH_1u(TENSOR, prefix, PREFIX, Side, side, SIDE, n)    \
  TENSOR(prefix, PREFIX, Side, side, SIDE, n, 0)
#define THIMBLE_DETAIL_EACH_2u(TENSOR, ...)                                    \
  THIMBLE_DETAIL_EACH_1u(TENSOR, __VA_ARGS__) TENSOR(__VA_ARGS__, 1)
#define THIMBLE_DETAIL_EACH_3u(TENSOR, ...)                                    \
  THIMBLE_DETAIL_EACH_2u(TENSOR, __VA_ARGS__) TENSOR(__VA_ARGS__, 2)
#define THIMBLE_DETAIL_EACH_4u(TENSOR, ...)                                    \
  THIMBLE_DETAIL_EACH_3u(TENSOR, __VA_ARGS__) TENSOR(__VA_ARGS__, 3)
#define THIMBLE_DETAIL_EACH_5u(TENSOR, ...)                                    \
  THIMBLE_DETAIL_EACH_4u(TENSOR, __VA_ARGS__) TENSOR(__VA_ARGS__, 4)
#define THIMBLE_DETAIL_EACH_6u(TENSOR, ...)                                    \
  THIMBLE_DETAIL_EACH_5u(TENSOR, __VA_ARGS__) TENSOR(__VA_ARGS__, 5)
#define THIMBLE_DETAIL_EACH_7u(TENSOR, ...)                                    \
  THIMBLE_DETAIL_EACH_6u(TENSOR, __VA_ARGS__) TENSOR(__VA_ARGS__, 6)
#define THIMBLE_DETAIL_EACH_8u(TENSOR, ...)                                    \
  THIMBLE_DETAIL_EACH_7u(TENSOR, __VA_ARGS__) TENSOR(__VA_ARGS__, 7)

#define THIMBLE_DETAIL_LIST_1u(Side) Side##0
#define THIMBLE_DETAIL_LIST_2u(Side) THIMBLE_DETAIL_LIST_1u(Side), Side##1
#define THIMBLE_DETAIL_LIST_3u(Side) THIMBLE_DETAIL_LIST_2u(Side), Side##2
#define THIMBLE_DETAIL_LIST_4u(Side) THIMBLE_DETAIL_LIST_3u(Side), Side##3
#define THIMBLE_DETAIL_LIST_5u(Side) THIMBLE_DETAIL_LIST_4u(Side), Side##4
#define THIMBLE_DETAIL_LIST_6u(Side) THIMBLE_DETAIL_LIST_5u(Side), Side##5
#define THIMBLE_DETAIL_LIST_7u(Side) THIMBLE_DETAIL_LIST_6u(Side), Side##6
#define THIMBLE_DETAIL_LIST_8u(Side) THIMBLE_DETAIL_LIST_7u(Side), Side##7

// NOLINTEND(bugprone-macro-parentheses)

#endif // THIMBLE_RT_MODEL_HPP
