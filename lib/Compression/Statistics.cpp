//===- Statistics.cpp - What calibration found of a model -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges are attributes of op or argument; moments are large, so they are
// resources, which textual IR keeps at its end.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Statistics.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "thimble/Compression/WeightGeometry.h"

using namespace mlir;
using namespace thimble;

/// The function that a value is an argument of; null for others.
static func::FuncOp functionOf(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  return argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp())
                  : func::FuncOp();
}

std::optional<RealRange> thimble::getRange(Value value) {
  ArrayAttr range;
  if (func::FuncOp function = functionOf(value))
    range = function.getArgAttrOfType<ArrayAttr>(
        cast<BlockArgument>(value).getArgNumber(), rangeAttrName);
  else if (Operation *op = value.getDefiningOp())
    range = op->getAttrOfType<ArrayAttr>(rangeAttrName);
  if (!range || range.size() != 2)
    return std::nullopt;
  auto min = dyn_cast<FloatAttr>(range[0]);
  auto max = dyn_cast<FloatAttr>(range[1]);
  if (!min || !max)
    return std::nullopt;
  return RealRange{static_cast<float>(min.getValueAsDouble()),
                   static_cast<float>(max.getValueAsDouble())};
}

/// Sets an attribute of an op's result or of a function's argument.
static void setAttribute(Value value, StringRef name, Attribute attribute) {
  if (func::FuncOp function = functionOf(value))
    function.setArgAttr(cast<BlockArgument>(value).getArgNumber(), name,
                        attribute);
  else
    value.getDefiningOp()->setAttr(name, attribute);
}

void thimble::setRange(Value value, RealRange range) {
  setAttribute(
      value, rangeAttrName,
      Builder(value.getContext()).getF32ArrayAttr({range.min, range.max}));
}

void thimble::setHistogram(Value value, RealRange range,
                           ArrayRef<uint64_t> counts) {
  Builder b(value.getContext());
  auto type = RankedTensorType::get({static_cast<int64_t>(counts.size())},
                                    b.getIntegerType(64, /*isSigned=*/false));
  auto stored = DenseUI64ResourceElementsAttr::get(
      type, "histogram",
      HeapAsmResourceBlob::allocateAndCopyInferAlign<uint64_t>(counts));
  setAttribute(value, histogramAttrName,
               b.getDictionaryAttr(
                   {b.getNamedAttr("counts", stored),
                    b.getNamedAttr(
                        "range", b.getF32ArrayAttr({range.min, range.max}))}));
}

/// The floats of an attribute that is a resource or dense; empty if it is
/// neither, or not `count` of them.
static std::vector<float> floatsOf(Attribute attribute, int64_t count) {
  std::vector<float> values;
  if (auto resource =
          dyn_cast_or_null<DenseF32ResourceElementsAttr>(attribute)) {
    if (auto floats = resource.tryGetAsArrayRef())
      values.assign(floats->begin(), floats->end());
  } else if (auto dense = dyn_cast_or_null<DenseElementsAttr>(attribute)) {
    if (auto floats = dense.tryGetValues<float>(); succeeded(floats))
      values.assign(floats->begin(), floats->end());
  }
  if (static_cast<int64_t>(values.size()) != count)
    values.clear();
  return values;
}

std::vector<Eigen::MatrixXd> thimble::getMoments(Operation *op) {
  auto weighted = dyn_cast<WeightedOp>(op);
  if (!weighted)
    return {};
  WeightGeometry geometry = WeightGeometry::of(weighted);
  const int64_t size = geometry.columns + 1, area = size * size;
  std::vector<float> values =
      floatsOf(op->getAttr(momentsAttrName), geometry.groups * area);
  std::vector<Eigen::MatrixXd> matrices;
  for (size_t begin = 0; begin < values.size(); begin += area)
    matrices.push_back(
        Eigen::Map<const Eigen::MatrixXf>(&values[begin], size, size)
            .cast<double>());
  return matrices;
}

void thimble::setMoments(Operation *op,
                         const std::vector<Eigen::MatrixXd> &moments) {
  SmallVector<int64_t> shape = {moments[0].rows(), moments[0].cols()};
  if (WeightGeometry::of(cast<WeightedOp>(op)).isDepthwise)
    shape.insert(shape.begin(), moments.size());
  std::vector<float> values;
  for (const Eigen::MatrixXd &matrix : moments)
    values.insert(values.end(), matrix.data(), matrix.data() + matrix.size());
  auto type = RankedTensorType::get(shape, Float32Type::get(op->getContext()));
  op->setAttr(momentsAttrName,
              DenseF32ResourceElementsAttr::get(
                  type, "moments",
                  HeapAsmResourceBlob::allocateAndCopyInferAlign<float>(
                      ArrayRef<float>(values))));
}

void thimble::dropStatistics(Operation *root) {
  const StringRef names[] = {rangeAttrName, momentsAttrName, histogramAttrName};
  root->walk([&](Operation *op) {
    for (StringRef name : names)
      op->removeAttr(name);
    if (auto function = dyn_cast<func::FuncOp>(op))
      for (unsigned i = 0; i < function.getNumArguments(); ++i)
        for (StringRef name : names)
          function.removeArgAttr(i, StringAttr::get(op->getContext(), name));
  });
}
