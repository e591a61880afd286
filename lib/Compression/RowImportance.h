//===- RowImportance.h - How much results depend on channels ----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An error of one output channel does more harm than the same error of another.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_ROWIMPORTANCE_H
#define THIMBLE_LIB_COMPRESSION_ROWIMPORTANCE_H

#include "FunctionNetwork.h"
#include "ValueStore.h"

namespace thimble {

/// For each layer and output channel the mean square of the derivative of the
/// function's first output by that channel's results: the diagonal of the
/// Fisher information, of one draw for each sample (Kunstner, Balles and Hennig
/// 2019, arXiv 1905.12558). The geometric mean of a layer is 1; channels that
/// do not matter count as a tenth of the mean.
std::vector<Eigen::VectorXd>
measureRowImportance(const FunctionNetwork &function,
                     const SampleBlock &samples);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_ROWIMPORTANCE_H
