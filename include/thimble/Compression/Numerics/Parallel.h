//===- Parallel.h - Independent pieces of work on both cores ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one place where the numerics start a thread.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_PARALLEL_H
#define THIMBLE_COMPRESSION_NUMERICS_PARALLEL_H

#include <cstdint>
#include <functional>

namespace thimble {

/// Calls `body(i)` for every i in [0, count), the even ones and the odd ones
/// at the same time. Calls must not touch each other's data; what they leave
/// behind is then the same however the threads are scheduled.
void forEachInParallel(int64_t count, const std::function<void(int64_t)> &body);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_PARALLEL_H
