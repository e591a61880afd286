//===- Adam.h - A stochastic gradient method --------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Adam (Kingma and Ba 2015, arXiv 1412.6980), and a learning rate that falls
// along half a cosine.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_GRADIENT_ADAM_H
#define THIMBLE_COMPRESSION_GRADIENT_ADAM_H

#include <cstdint>
#include <vector>

namespace thimble::gradient {

/// The moving averages of one group of numbers.
class Adam {
public:
  explicit Adam(int64_t count) : means(count), squares(count) {}

  /// Moves `numbers` against `gradients`, by about `rate` each.
  void step(float *numbers, const float *gradients, float rate);

private:
  std::vector<float> means, squares;
  int64_t steps = 0;
};

/// 1 at step 0, falling to 0 at step `steps`.
float getCosineFactor(int64_t step, int64_t steps);

} // namespace thimble::gradient

#endif // THIMBLE_COMPRESSION_GRADIENT_ADAM_H
