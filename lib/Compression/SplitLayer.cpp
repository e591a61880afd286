//===- SplitLayer.cpp - One op becomes two --------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The original becomes the second op, since its result, activation and bias are
// those of the second; the first is a copy that has only the window.
//
//===----------------------------------------------------------------------===//

#include "SplitLayer.h"
#include "mlir/IR/Builders.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"

using namespace mlir;
using namespace thimble;

bool thimble::canSplit(WeightedOp op) {
  return isa<Conv2DOp, FullyConnectedOp>(op) &&
         isFloat(op.getWeightOperand().get());
}

static Value makeConstant(WeightedOp op, Location location,
                          ArrayRef<int64_t> shape,
                          const std::vector<float> &values) {
  OpBuilder builder(op);
  auto type = RankedTensorType::get(shape, Float32Type::get(op->getContext()));
  return ConstantOp::create(builder, location, type,
                            DenseElementsAttr::get<float>(type, values));
}

/// Gives the op other numbers, in the tensor's order row by row.
static void setNumbers(WeightedOp op, ArrayRef<int64_t> shape,
                       const Eigen::MatrixXd &weights,
                       const Eigen::VectorXd &biases) {
  Value oldWeight = op.getWeightOperand().get(), oldBias = op.getBiasValue();
  std::vector<float> numbers;
  for (Eigen::Index row = 0; row < weights.rows(); ++row)
    for (double weight : weights.row(row))
      numbers.push_back(static_cast<float>(weight));
  op.getWeightOperand().set(
      makeConstant(op, oldWeight.getLoc(), shape, numbers));
  op.setBiasValue(makeConstant(op, oldBias ? oldBias.getLoc() : op->getLoc(),
                               {biases.size()},
                               {biases.begin(), biases.end()}));
  for (Value old : {oldWeight, oldBias})
    if (old && old.use_empty())
      old.getDefiningOp()->erase();
}

/// A recipe without rank, null if it says nothing else.
static RecipeAttr withoutRank(RecipeAttr recipe) {
  RecipeAttr rest = recipe.withRank(0);
  return rest == RecipeAttr::get(recipe.getContext()) ? RecipeAttr() : rest;
}

/// Divides window, strides, dilations and padding between the two, and returns
/// the shapes of their filters.
static std::pair<SmallVector<int64_t>, SmallVector<int64_t>>
splitWindow(Conv2DOp first, Conv2DOp second, const LayerSplit &split) {
  SmallVector<int64_t> shape(tensorType(second.getFilter()).getShape());
  SmallVector<int64_t> strides(second.getStrides());
  SmallVector<int64_t> dilations(second.getDilations());
  SmallVector<int64_t> padding(second.getPadding());
  if (!split.isSpatial) {
    second.setStrides({1, 1});
    second.setDilations({1, 1});
    second.setPadding({0, 0, 0, 0});
    return {{split.rank, shape[1], shape[2], shape[3]},
            {shape[0], 1, 1, split.rank}};
  }
  first.setStrides({strides[0], 1});
  first.setDilations({dilations[0], 1});
  first.setPadding({padding[0], padding[1], 0, 0});
  second.setStrides({1, strides[1]});
  second.setDilations({1, dilations[1]});
  second.setPadding({0, 0, padding[2], padding[3]});
  return {{split.rank, shape[1], 1, shape[3]},
          {shape[0], 1, shape[2], split.rank}};
}

/// The shape of what is between the two.
static SmallVector<int64_t> getMiddleShape(WeightedOp op,
                                           const LayerSplit &split) {
  RankedTensorType input = tensorType(op->getOperand(0));
  RankedTensorType output = tensorType(op->getResult(0));
  SmallVector<int64_t> shape(output.getShape());
  if (isa<FullyConnectedOp>(op))
    // Its result may have any shape: rows of all outputs.
    return {output.getNumElements() /
                tensorType(op.getWeightOperand().get()).getDimSize(0),
            split.rank};
  shape.back() = split.rank;
  if (split.isSpatial)
    shape[2] = input.getDimSize(2);
  return shape;
}

WeightedOp thimble::splitLayer(WeightedOp op, const LayerSplit &split) {
  MLIRContext *context = op->getContext();
  op->removeAttr(momentsAttrName);
  if (auto recipe = op->getAttrOfType<RecipeAttr>(recipeAttrName)) {
    op->removeAttr(recipeAttrName);
    if (RecipeAttr rest = withoutRank(recipe))
      op->setAttr(recipeAttrName, rest);
  }
  OpBuilder builder(op);
  auto first = cast<WeightedOp>(builder.clone(*op));
  for (StringRef name : {rangeAttrName, histogramAttrName})
    first->removeAttr(name);
  if (auto id = op->getAttrOfType<StringAttr>(idAttrName))
    first->setAttr(idAttrName,
                   StringAttr::get(context, id.getValue() + ".low"));
  cast<ActivatedOp>(*first).setActivation(Activation::None);
  first->getResult(0).setType(RankedTensorType::get(getMiddleShape(op, split),
                                                    Float32Type::get(context)));
  SmallVector<int64_t> firstShape = {split.rank, split.factors.first.cols()};
  SmallVector<int64_t> secondShape = {split.factors.second.rows(), split.rank};
  if (auto convolution = dyn_cast<Conv2DOp>(*op))
    std::tie(firstShape, secondShape) =
        splitWindow(cast<Conv2DOp>(*first), convolution, split);
  setNumbers(first, firstShape, split.factors.first, split.firstBiases);
  setNumbers(op, secondShape, split.factors.second, split.secondBiases);
  op->setOperand(0, first->getResult(0));
  return first;
}
