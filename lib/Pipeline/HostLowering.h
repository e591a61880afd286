//===- HostLowering.h - How evaluated functions are lowered -----*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Used where dialects are registered.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_PIPELINE_HOSTLOWERING_H
#define THIMBLE_LIB_PIPELINE_HOSTLOWERING_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace thimble {

/// Lets passes run functions (EvaluationLowering.h).
void registerHostLowering(mlir::DialectRegistry &registry);

} // namespace thimble

#endif // THIMBLE_LIB_PIPELINE_HOSTLOWERING_H
