//===- ModelTest.cpp - Tests of model.hpp -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Binds the two hand-written headers and checks types, constants and calls.
//
//===----------------------------------------------------------------------===//

#include "thimble_rt/model.hpp"
#include "blender.h"
#include "mixer.h"

#include "gtest/gtest.h"

#include <numeric>
#include <string>
#include <type_traits>
#include <utility>

/// Example.cpp.
float mix(const float *left, const float *right);

// What Arduino's headers define must not disturb the macros.
#define INPUT 0x0
#define OUTPUT 0x1

namespace {

THIMBLE_MODEL(Mixer, mixer, MIXER);
THIMBLE_POINTER_MODEL(Blender, blender, BLENDER);

using thimble::rt::Span;

template <typename Model>
void expectConstants() {
  EXPECT_EQ(Model::arenaBytes, 64u);
  EXPECT_EQ(Model::arenaAlignment, 16u);
  EXPECT_EQ(Model::stackBytes, 24u);
  EXPECT_EQ(Model::inputCount, 2u);
  EXPECT_EQ(Model::outputCount, 2u);

  using Left = typename Model::template Input<0>;
  EXPECT_EQ(Left::bytes, 12u);
  EXPECT_EQ(Left::count, 12u);
  EXPECT_EQ(Left::rank, 4u);
  EXPECT_EQ(Left::shape[2], 3u);
  EXPECT_EQ(Left::scale, 0.5f);
  EXPECT_EQ(Left::zeroPoint, -3);
  EXPECT_EQ(std::string(Left::name), "left");
  static_assert(std::is_same_v<typename Left::Element, int8_t>);
  static_assert(
      std::is_same_v<typename Model::template Input<1>::Element, float>);
  static_assert(
      std::is_same_v<typename Model::template Output<0>::Element, int16_t>);
  using Verdict = typename Model::template Output<1>;
  static_assert(std::is_same_v<typename Verdict::Element, int8_t>);
  EXPECT_EQ(Verdict::rank, 0u);
  EXPECT_EQ(Verdict::count, 1u);
  EXPECT_EQ(std::string(Verdict::name), "verdict");
}

/// Objects that need no constructor before main and are as small as the pointer
/// they hold.
template <typename Model>
void expectTrivial() {
  static_assert(sizeof(Model) == sizeof(void *));
  static_assert(std::is_trivially_copyable_v<Model>);
  static_assert(!std::is_polymorphic_v<Model>);
  static_assert(
      std::is_trivially_default_constructible_v<typename Model::Arena>);
  static_assert(sizeof(typename Model::Arena) == Model::arenaBytes);
  static_assert(alignof(typename Model::Arena) == Model::arenaAlignment);
}

TEST(ModelTest, Constants) {
  expectConstants<Mixer>();
  expectConstants<Blender>();
  expectTrivial<Mixer>();
  expectTrivial<Blender>();
}

TEST(ModelTest, Quantization) {
  EXPECT_EQ(Mixer::Input<0>::quantize(1.25f), 0);
  EXPECT_EQ(Mixer::Input<0>::quantize(1000.0f), 127);
  EXPECT_EQ(Mixer::Input<0>::dequantize(-3), 0.0f);
  EXPECT_EQ(Mixer::Input<1>::quantize(1.2345f), 1.2345f);
  EXPECT_EQ(Mixer::Input<1>::dequantize(1.2345f), 1.2345f);
  EXPECT_EQ(Mixer::Output<0>::dequantize(300), 37.5f);
}

TEST(ModelTest, InvokeInArena) {
  Mixer::Arena arena;
  Mixer mixer(arena);
  static_assert(
      std::is_same_v<decltype(mixer.output<0>()), Span<const int16_t, 2>>);
  std::iota(mixer.input<0>().begin(), mixer.input<0>().end(), int8_t(1));
  for (float &element : mixer.input<1>())
    element = 2.5f;
  mixer.invoke();
  EXPECT_EQ(mixer.output<0>()[0], 78);
  EXPECT_EQ(mixer.output<0>()[1], 10);
  EXPECT_EQ(mixer.output<1>()[0], 14);
}

TEST(ModelTest, InvokeWithPointers) {
  Blender::Arena arena;
  alignas(THIMBLE_ABI_IO_ALIGNMENT) int8_t left[12];
  alignas(THIMBLE_ABI_IO_ALIGNMENT) const float right[4] = {1, 2, 3, 4};
  alignas(THIMBLE_ABI_IO_ALIGNMENT) int16_t sums[2];
  alignas(THIMBLE_ABI_IO_ALIGNMENT) int8_t verdict[1];
  std::iota(left, left + 12, int8_t(1));
  Blender(arena).invoke(left, right, sums, verdict);
  EXPECT_EQ(sums[0], 78);
  EXPECT_EQ(sums[1], 10);
  EXPECT_EQ(verdict[0], 14);

  left[0] = 101;
  Blender(arena).invoke(Span<int8_t, 12>(left), right, Span<int16_t, 2>(sums),
                        verdict);
  EXPECT_EQ(sums[0], 178);
}

template <typename Model, typename... Buffers>
auto canInvoke(int)
    -> decltype(std::declval<Model>().invoke(std::declval<Buffers>()...),
                std::true_type());
template <typename Model, typename... Buffers>
std::false_type canInvoke(...);
template <typename... Buffers>
constexpr bool isInvocable = decltype(canInvoke<Blender, Buffers...>(0))::value;

/// Wrong buffers don't compile.
TEST(ModelTest, InvokeIsTyped) {
  using Left = int8_t (&)[12];
  using Right = const float (&)[4];
  using Sums = int16_t (&)[2];
  using Verdict = int8_t (&)[1];
  static_assert(isInvocable<Left, Right, Sums, Verdict>);
  static_assert(!isInvocable<int8_t (&)[11], Right, Sums, Verdict>);
  static_assert(!isInvocable<uint8_t (&)[12], Right, Sums, Verdict>);
  static_assert(!isInvocable<Left, Right, const int16_t (&)[2], Verdict>);
  static_assert(!isInvocable<Left, Right, Sums>);
  static_assert(!isInvocable<int8_t *, Right, Sums, Verdict>);
}

TEST(ModelTest, IsArena) {
  alignas(16) uint8_t memory[80];
  EXPECT_TRUE(Mixer::isArena(memory, 64));
  EXPECT_TRUE(Mixer::isArena(memory + 16, 64));
  EXPECT_FALSE(Mixer::isArena(memory, 63));
  EXPECT_FALSE(Mixer::isArena(memory + 8, 64));
}

TEST(ModelTest, AbiVersion) {
  using thimble::rt::detail::isAbiVersion;
  static_assert(isAbiVersion("1u"));
  static_assert(isAbiVersion("MIXER_ABI_VERSION"));
  static_assert(!isAbiVersion("2u"));
  static_assert(!isAbiVersion("11u"));
}

TEST(ExampleTest, Runs) {
  float left[12] = {};
  const float right[4] = {};
  left[1] = 4.0f;   // quantized 5
  left[11] = 0.74f; // quantized -2
  EXPECT_EQ(mix(left, right), 0.25f * (5 - 2 - 7));
}

} // namespace
