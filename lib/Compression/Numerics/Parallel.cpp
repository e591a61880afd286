//===- Parallel.cpp - Independent pieces of work on both cores ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two threads: the caller's, and one more.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/Parallel.h"
#include <thread>

using namespace thimble;

void thimble::forEachInParallel(int64_t count,
                                const std::function<void(int64_t)> &body) {
  auto everySecond = [&](int64_t first) {
    for (int64_t i = first; i < count; i += 2)
      body(i);
  };
  if (count < 2)
    return everySecond(0);
  std::thread odd(everySecond, 1);
  everySecond(0);
  odd.join();
}
