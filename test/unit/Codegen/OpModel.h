//===- OpModel.h - Models around a few ops for tests ------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Builds a module with one model, op by op, and the numbers that go in.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_CODEGEN_OPMODEL_H
#define THIMBLE_TEST_UNIT_CODEGEN_OPMODEL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include <random>

namespace thimble::test {

using Bytes = std::vector<uint8_t>;

/// Equal seeds give equal numbers with every standard library.
class Random {
public:
  explicit Random(unsigned seed) : engine(seed) {}

  int64_t pick(int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  }
  template <typename T>
  T oneOf(std::initializer_list<T> values) {
    return values.begin()[pick(0, values.size() - 1)];
  }
  /// Elements of a tensor: integers of any value, one in four the least or the
  /// greatest; floats in [-2, 2].
  Bytes elements(mlir::RankedTensorType type);

private:
  std::mt19937 engine;
};

/// A module with the model `m`, an empty function at first.
class OpModel {
public:
  OpModel();

  mlir::RankedTensorType f32(llvm::ArrayRef<int64_t> shape);
  mlir::RankedTensorType i32(llvm::ArrayRef<int64_t> shape);
  mlir::RankedTensorType int8(llvm::ArrayRef<int64_t> shape, double scale,
                              int64_t zeroPoint);
  /// Symmetric int8 weights with scales along `axis`.
  mlir::RankedTensorType weights(llvm::ArrayRef<int64_t> shape,
                                 llvm::ArrayRef<double> scales, int32_t axis);

  mlir::Value input(mlir::RankedTensorType type);
  mlir::Value constant(mlir::RankedTensorType type, const Bytes &bytes);

  /// Creates an op of one result; its id is its number.
  template <typename Op, typename... Args>
  mlir::Value add(Args &&...args) {
    Op op = Op::create(builder, builder.getUnknownLoc(),
                       std::forward<Args>(args)...);
    op->setAttr(idAttrName,
                builder.getStringAttr("op_" + llvm::Twine(opCount++)));
    return op->getResult(0);
  }
  /// Ends the model with its results.
  void finish(mlir::ValueRange results);

  /// A copy of the module, for pipelines to work on.
  mlir::OwningOpRef<mlir::ModuleOp> clone() const;
  mlir::MLIRContext &getContext() const { return *context; }

private:
  std::unique_ptr<mlir::MLIRContext> context;

public:
  mlir::OpBuilder builder;

private:
  mlir::OwningOpRef<mlir::ModuleOp> module;
  mlir::func::FuncOp model;
  unsigned opCount = 0;
};

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_CODEGEN_OPMODEL_H
