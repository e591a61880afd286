//===- Teacher.cpp - The float network beside the compressed one ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A name with a point cannot be one that a user gave.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Teacher.h"

using namespace mlir;
using namespace thimble;

static std::string teacherName(func::FuncOp model) {
  return (model.getName() + ".teacher").str();
}

func::FuncOp thimble::getTeacher(func::FuncOp model) {
  return model->getParentOfType<ModuleOp>().lookupSymbol<func::FuncOp>(
      teacherName(model));
}

func::FuncOp thimble::keepTeacher(func::FuncOp model) {
  if (func::FuncOp teacher = getTeacher(model))
    return teacher;
  OpBuilder builder(model.getContext());
  builder.setInsertionPointAfter(model);
  auto teacher = cast<func::FuncOp>(builder.clone(*model));
  teacher.setName(teacherName(model));
  teacher.setPrivate();
  return teacher;
}
