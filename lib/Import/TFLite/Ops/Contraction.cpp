//===- Contraction.cpp - Convolutions and matrix products -----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"
#include "thimble/Support/QuantizedParameters.h"

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

/// Constant weights of the input's kind (INT8 for INT16), symmetric, per tensor
/// or per channel.
static LogicalResult checkFilter(OpImporter &op, int64_t channelAxis) {
  ImportedTensor &filter = op.input(1);
  if (!filter.constant)
    return op.emitError() << "expected constant weights, found '" << filter.name
                          << "' (" << filter.index << "), computed at run time";
  tflite::TensorType kind =
      op.input(0).isInt16() ? tflite::TensorType::INT8 : op.input(0).kind;
  if (filter.kind != kind)
    return op.emitError() << "expected weights of " << kindText(kind)
                          << ", found '" << filter.name << "' (" << filter.index
                          << ") of " << kindText(filter.kind)
                          << "; convert the model with full int8 quantization "
                             "or as float32";
  if (filter.isFloat())
    return success();
  if (filter.scales.size() > 1 && filter.axis != channelAxis)
    return op.emitError() << "expected scales along dimension " << channelAxis
                          << " of the weights, found dimension " << filter.axis;
  for (int64_t zeroPoint : filter.zeroPoints)
    if (zeroPoint != 0)
      return op.emitError()
             << "expected symmetric weights, found zero point " << zeroPoint
             << " in '" << filter.name << "' (" << filter.index << ")";
  return success();
}

/// What a bias may be of, for people.
static StringRef biasKinds(OpImporter &op) {
  return op.input(0).isFloat()   ? "FLOAT32"
         : op.input(0).isInt16() ? "INT64 or INT32"
                                 : "INT32";
}

static bool isBiasKind(OpImporter &op, tflite::TensorType kind) {
  if (op.input(0).isFloat())
    return kind == tflite::TensorType::FLOAT32;
  return kind == tflite::TensorType::INT32 ||
         (op.input(0).isInt16() && kind == tflite::TensorType::INT64);
}

static LogicalResult checkBias(OpImporter &op, int64_t channels) {
  if (!op.has(2))
    return success();
  ImportedTensor &bias = op.input(2);
  bool fits = isBiasKind(op, bias.kind);
  if (!fits || !bias.constant || bias.elements() != channels)
    return op.emitError() << "expected a constant bias of " << channels << " "
                          << biasKinds(op) << " elements, found '" << bias.name
                          << "' (" << bias.index << ") of "
                          << kindText(bias.kind) << " and shape "
                          << shapeText(bias.shape)
                          << (bias.constant ? "" : ", computed at run time");
  if (!bias.isFloat() && !bias.zeroPoints.empty())
    return op.emitError() << "expected a bias with zero point 0, found "
                          << bias.zeroPoints[0] << " in '" << bias.name << "' ("
                          << bias.index << ")";
  return success();
}

/// Sums of INT16 are of the type of the bias; without one, of 64 bits unless
/// the options say otherwise.
static LogicalResult checkSums(OpImporter &op, tflite::TensorType sums) {
  if (op.has(2) || !op.input(0).isInt16() || sums != tflite::TensorType::INT32)
    return success();
  return op.emitError() << "expected a bias where sums of INT16 have 32 bits, "
                           "found none; convert the model with biases of INT64";
}

/// Strides, dilations and padding of either convolution.
template <typename OpT, typename Options>
static LogicalResult buildConvolution(OpImporter &op, const Options &options) {
  ArrayRef<int64_t> input = op.input(0).shape, filter = op.input(1).shape;
  auto padding = windowPadding(
      op,
      {input[1], filter[1], options.stride_h(), options.dilation_h_factor()},
      {input[2], filter[2], options.stride_w(), options.dilation_w_factor()},
      options.padding());
  if (failed(padding))
    return failure();
  FailureOr<Activation> activation = op.activationOf(&options);
  if (failed(activation))
    return failure();
  return op.create<OpT>(
      op.value(0), op.value(1), op.value(2),
      ArrayRef<int64_t>{options.stride_h(), options.stride_w()},
      ArrayRef<int64_t>{options.dilation_h_factor(),
                        options.dilation_w_factor()},
      ArrayRef<int64_t>(*padding), *activation);
}

static LogicalResult checkConvolution(OpImporter &op, int64_t channelAxis) {
  if (failed(op.expectActivations()) || failed(op.expectRank(op.input(0), 4)) ||
      failed(op.expectRank(op.input(1), 4)) ||
      failed(op.expectRank(op.output(), 4)) ||
      failed(checkFilter(op, channelAxis)))
    return failure();
  int64_t channels = op.input(1).shape[channelAxis];
  if (channels != op.output().shape[3])
    return op.emitError() << "expected " << channels
                          << " output channels, as the weights have, found "
                          << op.output().shape[3];
  return checkBias(op, channels);
}

static LogicalResult importConv2D(OpImporter &op) {
  auto options = op.requiredOptions<Conv2DOptions>();
  if (failed(options) || failed(checkConvolution(op, /*channelAxis=*/0)) ||
      failed(checkSums(op, (*options)->quantized_bias_type())))
    return failure();
  int64_t channels = op.input(0).shape[3];
  if (op.input(1).shape[3] != channels)
    return op.emitError() << "expected weights for " << channels
                          << " input channels, found " << op.input(1).shape[3]
                          << "; grouped convolutions are not supported, split "
                             "the model's layer into one a group";
  return buildConvolution<Conv2DOp>(op, **options);
}

static LogicalResult importDepthwiseConv2D(OpImporter &op) {
  auto options = op.requiredOptions<DepthwiseConv2DOptions>();
  if (failed(options) || failed(checkConvolution(op, /*channelAxis=*/3)))
    return failure();
  ArrayRef<int64_t> filter = op.input(1).shape;
  int64_t channels = op.input(0).shape[3];
  int64_t multiplier = (*options)->depth_multiplier();
  if (filter[0] != 1 || multiplier < 1 || filter[3] != channels * multiplier)
    return op.emitError() << "expected weights of shape [1, height, width, "
                          << channels << " * depth multiplier], found "
                          << shapeText(filter) << " with depth multiplier "
                          << multiplier;
  return buildConvolution<DepthwiseConv2DOp>(op, **options);
}

/// The bias is added to the products as it is; the reference checks that its
/// scale is theirs only for weights with one scale.
static LogicalResult checkBiasScale(OpImporter &op) {
  if (!op.has(2) || !op.input(0).isQuantized() || !op.input(1).isInt8())
    return success();
  ImportedTensor &bias = op.input(2);
  double input = op.input(0).scales[0], weights = op.input(1).scales[0];
  double scale = bias.scales.empty() ? 0.0 : double(bias.scales[0]);
  if (isFullyConnectedBiasScaleSupported(input, weights, scale,
                                         op.output().scales[0]))
    return success();
  return op.emitError() << "expected a bias of scale " << input * weights
                        << ", the product of the input's and the weights', "
                           "found "
                        << scale << " in '" << bias.name << "' (" << bias.index
                        << ")";
}

static LogicalResult importFullyConnected(OpImporter &op) {
  auto options = op.options<FullyConnectedOptions>();
  if (failed(options) || failed(op.expectActivations()) ||
      failed(op.expectRank(op.input(1), 2)) ||
      failed(checkFilter(op, /*channelAxis=*/0)))
    return failure();
  if (*options && (*options)->weights_format() != WeightsFormat::DEFAULT)
    return op.emitError()
           << "expected weights in the DEFAULT format, found number "
           << static_cast<int>((*options)->weights_format());
  ArrayRef<int64_t> filter = op.input(1).shape;
  if (failed(checkBias(op, filter[0])) || failed(checkBiasScale(op)) ||
      (*options && failed(checkSums(op, (*options)->quantized_bias_type()))))
    return failure();
  if (op.input(0).elements() % filter[1] != 0 ||
      op.output().elements() / filter[0] !=
          op.input(0).elements() / filter[1] ||
      op.output().shape.empty() || op.output().shape.back() != filter[0])
    return op.emitError() << "expected rows of " << filter[1]
                          << " elements in and of " << filter[0]
                          << " out, as the weights have, found shapes "
                          << shapeText(op.input(0).shape) << " and "
                          << shapeText(op.output().shape);
  if (*options && (*options)->keep_num_dims() &&
      op.output().shape.size() != op.input(0).shape.size())
    return op.emitError() << "expected an output of the input's rank, found "
                             "shapes "
                          << shapeText(op.input(0).shape) << " and "
                          << shapeText(op.output().shape);
  FailureOr<Activation> activation = op.activationOf(*options);
  if (failed(activation))
    return failure();
  return op.create<FullyConnectedOp>(op.value(0), op.value(1), op.value(2),
                                     *activation);
}

llvm::ArrayRef<OpRow> thimble::tflite::contractionRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::CONV_2D, 2, 3, importConv2D},
      {BuiltinOperator::DEPTHWISE_CONV_2D, 2, 3, importDepthwiseConv2D},
      {BuiltinOperator::FULLY_CONNECTED, 2, 3, importFullyConnected},
  };
  return rows;
}
