//===- InitAll.h - The one registration point -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What every tool registers. Light: the upstream InitAll headers are included
// by lib/InitAll.cpp only.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_INITALL_H
#define THIMBLE_INITALL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace thimble {

/// The dialects that Thimble's pipelines use, with their interfaces.
void registerDialects(mlir::DialectRegistry &registry);
/// For tools on textual IR: all of upstream's dialects, too.
void registerAllDialects(mlir::DialectRegistry &registry);
/// All passes and pipelines, Thimble's and upstream's, by name.
void registerAllPasses();

} // namespace thimble

#endif // THIMBLE_INITALL_H
