//===- Teacher.h - The float network beside the compressed one --*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first pass that changes numbers keeps the function as it was, as private
// @<model>.teacher; ops correspond by their thimble.id.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_TEACHER_H
#define THIMBLE_COMPRESSION_TEACHER_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace thimble {

/// The teacher of `model`, null if none is kept.
mlir::func::FuncOp getTeacher(mlir::func::FuncOp model);
/// Keeps `model` as it is as its teacher, unless there is one.
mlir::func::FuncOp keepTeacher(mlir::func::FuncOp model);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_TEACHER_H
