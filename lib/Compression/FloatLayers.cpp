//===- FloatLayers.cpp - Layers before quantization -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Moments are extended by a last number 1: their last column is the mean.
//
//===----------------------------------------------------------------------===//

#include "FloatLayers.h"
#include "thimble/Compression/Numerics/Refit.h"
#include "thimble/Compression/Statistics.h"
#include "thimble/Compression/Teacher.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

std::string thimble::getLayerName(Operation *op) {
  auto id = op->getAttrOfType<StringAttr>(idAttrName);
  return id ? id.str() : op->getName().getStringRef().str();
}

FailureOr<SmallVector<WeightedOp>> thimble::getFloatLayers(func::FuncOp model) {
  SmallVector<WeightedOp> layers;
  for (Operation &op : model.front()) {
    auto layer = dyn_cast<WeightedOp>(op);
    if (!layer || !constantValue(layer.getWeightOperand().get()))
      continue;
    if (!isFloat(layer.getWeightOperand().get()))
      return op.emitOpError("expected a weight of floats, found ")
             << layer.getWeightOperand().get().getType()
             << ": this pass runs before thimble-quantize";
    layers.push_back(layer);
  }
  return layers;
}

LogicalResult thimble::verifyNoTeacher(func::FuncOp model) {
  if (func::FuncOp teacher = getTeacher(model))
    return teacher.emitOpError("expected no teacher yet, whose inner values "
                               "would not be the model's any more: this pass "
                               "runs before those that change results");
  return success();
}

std::vector<Eigen::MatrixXd> thimble::getHessians(WeightedOp op) {
  std::vector<Eigen::MatrixXd> hessians;
  for (const Eigen::MatrixXd &matrix : getMoments(op))
    hessians.push_back(eliminateBias(matrix));
  return hessians;
}

FailureOr<std::vector<Eigen::MatrixXd>>
thimble::requireHessians(WeightedOp op) {
  std::vector<Eigen::MatrixXd> hessians = getHessians(op);
  if (hessians.empty())
    return op->emitOpError("expected the attribute '")
           << momentsAttrName << "': run thimble-calibrate first";
  return hessians;
}

Eigen::VectorXd thimble::getRowShift(WeightedOp op,
                                     const Eigen::MatrixXd &error) {
  Eigen::VectorXd shift = Eigen::VectorXd::Zero(error.rows());
  std::vector<Eigen::MatrixXd> moments = getMoments(op);
  if (moments.empty())
    return shift;
  int64_t columns = error.cols(), rows = error.rows() / moments.size();
  for (size_t group = 0; group < moments.size(); ++group)
    shift.segment(group * rows, rows) =
        error.middleRows(group * rows, rows) *
        moments[group].col(columns).head(columns);
  return shift;
}
