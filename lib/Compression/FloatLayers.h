//===- FloatLayers.h - Layers before quantization ---------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the passes that change weights of float networks ask of each layer.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_FLOATLAYERS_H
#define THIMBLE_LIB_COMPRESSION_FLOATLAYERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include <Eigen/Core>
#include <vector>

namespace thimble {

/// The op's id, or the kind of op that it is.
std::string getLayerName(mlir::Operation *op);

/// The ops with a constant weight, in order. Emits an error at one whose weight
/// is not of floats.
mlir::FailureOr<llvm::SmallVector<WeightedOp>>
getFloatLayers(mlir::func::FuncOp model);

/// Emits an error if a teacher of `model` is kept: a pass that gives the inner
/// values of a network other meanings comes before.
mlir::LogicalResult verifyNoTeacher(mlir::func::FuncOp model);

/// K x K second moments, about the mean, of what each group of the weight (see
/// WeightGeometry) is multiplied with; empty without `thimble.moments`.
std::vector<Eigen::MatrixXd> getHessians(WeightedOp op);
/// The same; emits an error if there are none.
mlir::FailureOr<std::vector<Eigen::MatrixXd>> requireHessians(WeightedOp op);

/// What `error` (rows x columns, as of WeightMatrix.h) of the weights takes
/// from the mean of each row's result; 0 if moments are not known.
Eigen::VectorXd getRowShift(WeightedOp op, const Eigen::MatrixXd &error);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_FLOATLAYERS_H
