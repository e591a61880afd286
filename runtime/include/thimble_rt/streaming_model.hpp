//===- streaming_model.hpp - Typed wrapper of a streaming model -*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For models compiled with --streaming: each call takes the new rows of a
// stream, and what earlier rows left behind is kept in a state.
//
//   #include "wake.h"
//   #include "thimble_rt/streaming_model.hpp"
//
//   THIMBLE_STREAMING_MODEL(Wake, wake, WAKE);
//
//   static Wake::Arena arena;   // may be used for other things between calls
//   static Wake::State state;   // may not
//
//   void listen() {
//     Wake wake(arena, state);  // begins a stream
//     for (;;) {
//       readFeatures(wake.input());
//       wake.invoke();
//       use(wake.output());
//     }
//   }
//
// As model.hpp: freestanding, and all code is that of the C calls.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_RT_STREAMING_MODEL_HPP
#define THIMBLE_RT_STREAMING_MODEL_HPP

#include "thimble_rt/model.hpp"

namespace thimble::rt {

/// A streaming model whose inputs and outputs are in the arena.
template <typename Traits>
class StreamingModel : public ArenaModel<Traits> {
  using Base = ArenaModel<Traits>;

public:
  static constexpr uint32_t stateBytes = Traits::stateBytes;
  static constexpr uint32_t stateAlignment = Traits::stateAlignment;

  /// What is kept between calls. Not initialized: see reset.
  struct alignas(stateAlignment) State {
    uint8_t bytes[stateBytes];
  };

  /// Begins a stream.
  StreamingModel(typename Base::Arena &arena, State &state)
      : Base(arena.bytes), state(state.bytes) {
    reset();
  }

  /// Begins another stream, as if all earlier rows had been zeros (in real
  /// numbers): when rows were lost.
  void reset() const { Traits::reset(state); }

  /// Takes the new rows, which are in the inputs.
  void invoke() const { Traits::invoke(this->arena, state); }

private:
  void *state;
};

} // namespace thimble::rt

// NOLINTBEGIN(bugprone-macro-parentheses)

/// Makes `Name` the StreamingModel of the generated header with function prefix
/// `prefix` and macro prefix `PREFIX`. Up to 8 outputs.
#define THIMBLE_STREAMING_MODEL(Name, prefix, PREFIX)                          \
  struct Name##Traits {                                                        \
    static constexpr uint32_t stateBytes = PREFIX##_STATE_BYTES;               \
    static constexpr uint32_t stateAlignment = PREFIX##_STATE_ALIGNMENT;       \
    static void reset(void *state) { prefix##_reset(state); }                  \
    THIMBLE_DETAIL_TRAITS(prefix, PREFIX, THIMBLE_DETAIL_ARENA_TENSOR)         \
  };                                                                           \
  using Name = ::thimble::rt::StreamingModel<Name##Traits>

// NOLINTEND(bugprone-macro-parentheses)

#endif // THIMBLE_RT_STREAMING_MODEL_HPP
