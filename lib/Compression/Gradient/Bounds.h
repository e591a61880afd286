//===- Bounds.h - Where activations clamp -----------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What forward clamps to and backward lets through.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_GRADIENT_BOUNDS_H
#define THIMBLE_LIB_COMPRESSION_GRADIENT_BOUNDS_H

#include "thimble/Compression/Gradient/Network.h"
#include <limits>

namespace thimble::gradient {

/// Values that pass unchanged.
struct Bounds {
  float low = 0, high = 0;
};

/// What an activation clamps to, infinities included.
Bounds getBounds(Activation activation);

} // namespace thimble::gradient

#endif // THIMBLE_LIB_COMPRESSION_GRADIENT_BOUNDS_H
