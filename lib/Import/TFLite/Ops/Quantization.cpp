//===- Quantization.cpp - Changes of the type -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// QUANTIZE and DEQUANTIZE. Weights that are stored as float16 or int8 and used
// as float32 are expanded when importing.
//
//===----------------------------------------------------------------------===//

#include "../OpTables.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Endian.h"
#include <cstring>

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

static LogicalResult emitKindError(OpImporter &op, StringRef expected) {
  return op.emitError() << "expected " << expected << ", found "
                        << op.input(0).type << " and " << op.output().type;
}

static LogicalResult importQuantize(OpImporter &op) {
  if (!(op.input(0).isFloat() || op.input(0).isQuantized()) ||
      !op.output().isQuantized())
    return emitKindError(op, "FLOAT32, INT8 or INT16 in and INT8 or INT16 out");
  if (failed(op.expectOutputShape(op.input(0).shape)))
    return failure();
  return op.create<QuantizeOp>(op.value(0));
}

/// Element `i` as float32, rounded once.
static float dequantizeElement(const ImportedTensor &tensor, int64_t i) {
  if (tensor.kind == tflite::TensorType::FLOAT16) {
    uint16_t bits = llvm::support::endian::read16le(&tensor.bytes[2 * i]);
    llvm::APFloat value(llvm::APFloat::IEEEhalf(), llvm::APInt(16, bits));
    bool inexact;
    value.convert(llvm::APFloat::IEEEsingle(),
                  llvm::APFloat::rmNearestTiesToEven, &inexact);
    return value.convertToFloat();
  }
  int64_t channel = 0;
  if (tensor.scales.size() > 1) {
    int64_t inner = 1;
    for (size_t d = tensor.axis + 1; d < tensor.shape.size(); ++d)
      inner *= tensor.shape[d];
    channel = i / inner % tensor.shape[tensor.axis];
  }
  int64_t number = static_cast<int8_t>(tensor.bytes[i]);
  return static_cast<float>(double(tensor.scales[channel]) *
                            double(number - tensor.zeroPoints[channel]));
}

static LogicalResult importDequantize(OpImporter &op) {
  ImportedTensor &input = op.input(0);
  bool foldable =
      input.constant && (input.kind == tflite::TensorType::FLOAT16 ||
                         input.kind == tflite::TensorType::INT8);
  if (!(foldable || input.isQuantized()) || !op.output().isFloat())
    return emitKindError(op,
                         "INT8, INT16 or constant FLOAT16 in and FLOAT32 out");
  if (failed(op.expectOutputShape(input.shape)))
    return failure();
  if (!foldable)
    return op.create<DequantizeOp>(op.value(0));
  std::vector<uint8_t> bytes(input.elements() * sizeof(float));
  for (int64_t i = 0, e = input.elements(); i < e; ++i) {
    float number = dequantizeElement(input, i);
    uint32_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    llvm::support::endian::write32le(&bytes[i * sizeof bits], bits);
  }
  return op.fold(std::move(bytes));
}

llvm::ArrayRef<OpRow> thimble::tflite::quantizationRows() {
  static const OpRow rows[] = {
      {BuiltinOperator::DEQUANTIZE, 1, 1, importDequantize},
      {BuiltinOperator::QUANTIZE, 1, 1, importQuantize},
  };
  return rows;
}
