//===- TensorReader.cpp - Tensors of a .tflite file -----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The limits are far above what fits on a microcontroller and low enough that
// no product of sizes overflows 64 bits.
//
//===----------------------------------------------------------------------===//

#include "TensorReader.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include <cmath>

using namespace mlir;
using namespace thimble::tflite;

static constexpr size_t maxRank = 8;
static constexpr int64_t maxElements = int64_t(1) << 28;
static constexpr size_t maxNameBytes = 256;

int64_t ImportedTensor::elements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

std::string thimble::tflite::shapeText(ArrayRef<int64_t> shape) {
  std::string text = "[";
  llvm::raw_string_ostream stream(text);
  llvm::interleaveComma(shape, stream);
  return text + "]";
}

std::string thimble::tflite::kindText(TensorType kind) {
  const char *name = EnumNameTensorType(kind);
  return *name ? name : "type " + llvm::itostr(static_cast<int8_t>(kind));
}

int64_t thimble::tflite::elementBytes(TensorType kind) {
  switch (kind) {
  case TensorType::INT64:
    return 8;
  case TensorType::FLOAT32:
  case TensorType::INT32:
    return 4;
  case TensorType::FLOAT16:
  case TensorType::INT16:
    return 2;
  default:
    return 1;
  }
}

std::string thimble::tflite::printable(StringRef text) {
  std::string result = text.take_front(maxNameBytes).str();
  for (char &c : result)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      c = '?';
  return result;
}

std::string thimble::tflite::readTensorName(const Tensor &table,
                                            int64_t index) {
  if (!table.name() || table.name()->size() == 0)
    return "tensor_" + llvm::itostr(index);
  return printable(StringRef(table.name()->c_str(), table.name()->size()));
}

/// Zero point `i`. FlatBuffers' verifier sees to it that vectors start at a
/// multiple of 4, which is not enough for an int64_t.
static int64_t zeroPointAt(const QuantizationParameters &parameters, size_t i) {
  return llvm::support::endian::read64le(parameters.zero_point()->Data() +
                                         i * sizeof(int64_t));
}

TensorReader::TensorReader(const ModelFile &file, MLIRContext *context)
    : file(file), context(context), tensors(file.graph().tensors()->size()) {}

ImportedTensor *TensorReader::read(int64_t index, EmitError emitError) {
  if (index < 0 || index >= static_cast<int64_t>(tensors.size())) {
    emitError() << "expected the index of one of the " << tensors.size()
                << " tensors, found " << index << "; the file is damaged";
    return nullptr;
  }
  if (tensors[index])
    return tensors[index].get();
  const Tensor &table = *file.graph().tensors()->Get(index);
  auto tensor = std::make_unique<ImportedTensor>();
  tensor->index = index;
  tensor->name = readTensorName(table, index);
  tensor->kind = table.type();
  auto emitTensorError = [&] {
    InFlightDiagnostic diagnostic = emitError();
    diagnostic << "tensor '" << tensor->name << "' (" << index << "): ";
    return diagnostic;
  };
  if (failed(check(table, *tensor, emitTensorError)))
    return nullptr;
  tensors[index] = std::move(tensor);
  return tensors[index].get();
}

LogicalResult TensorReader::check(const Tensor &table, ImportedTensor &tensor,
                                  EmitError emitError) {
  if (table.is_variable())
    return emitError() << "expected no state, found a variable tensor; convert "
                          "the model without stateful layers";
  if (table.sparsity())
    return emitError() << "expected dense numbers, found a sparse tensor; "
                          "convert the model without sparsity";
  switch (tensor.kind) {
  case TensorType::FLOAT32:
  case TensorType::FLOAT16:
  case TensorType::INT32:
  case TensorType::INT64:
  case TensorType::INT8:
  case TensorType::INT16:
    break;
  default:
    return emitError() << "expected elements of INT8, INT16 or FLOAT32, found "
                       << kindText(tensor.kind)
                       << "; convert the model with full int8 quantization or "
                          "as float32";
  }
  if (failed(readShape(table, tensor, emitError)) ||
      failed(readQuantization(table, tensor, emitError)) ||
      failed(readBuffer(table, tensor, emitError)))
    return failure();
  tensor.type = RankedTensorType::get(tensor.shape, elementType(tensor));
  return success();
}

LogicalResult TensorReader::readShape(const Tensor &table,
                                      ImportedTensor &tensor,
                                      EmitError emitError) {
  if (sizeOf(table.shape()) > maxRank)
    return emitError() << "expected at most " << maxRank
                       << " dimensions, found " << sizeOf(table.shape());
  llvm::append_range(tensor.shape, toIntegers(table.shape()));
  int64_t count = 1;
  for (int64_t size : tensor.shape) {
    if (size < 1)
      return emitError() << "expected static sizes of at least 1, found shape "
                         << shapeText(tensor.shape)
                         << "; fix the shape of the model's inputs before "
                            "converting it";
    count *= size;
    if (count >= maxElements)
      return emitError() << "expected fewer than " << maxElements
                         << " elements, found shape "
                         << shapeText(tensor.shape);
  }
  return success();
}

LogicalResult TensorReader::readQuantization(const Tensor &table,
                                             ImportedTensor &tensor,
                                             EmitError emitError) {
  const QuantizationParameters *parameters = table.quantization();
  bool isInt16 = tensor.kind == TensorType::INT16;
  if (tensor.kind != TensorType::INT8 && !isInt16) {
    // Only of use where an int32 bias has a scale.
    if (parameters && sizeOf(parameters->scale()) == 1)
      tensor.scales.push_back(parameters->scale()->Get(0));
    int64_t count = parameters ? sizeOf(parameters->zero_point()) : 0;
    for (int64_t i = 0; i < std::min(count, tensor.elements()); ++i)
      if (int64_t zeroPoint = zeroPointAt(*parameters, i))
        tensor.zeroPoints.assign(1, zeroPoint);
    return success();
  }
  if (!parameters || sizeOf(parameters->scale()) == 0 ||
      sizeOf(parameters->zero_point()) == 0)
    return emitError() << "expected a scale and a zero point for "
                       << kindText(tensor.kind)
                       << ", found none; convert the model with full int8 "
                          "quantization";
  size_t scales = parameters->scale()->size();
  if (scales != parameters->zero_point()->size())
    return emitError() << "expected one zero point per scale, found " << scales
                       << " scales and " << parameters->zero_point()->size()
                       << " zero points";
  tensor.axis = parameters->quantized_dimension();
  if (scales > 1) {
    int64_t rank = tensor.shape.size();
    if (tensor.axis < 0 || tensor.axis >= rank)
      return emitError() << "expected a quantized dimension below " << rank
                         << ", found " << tensor.axis;
    if (static_cast<int64_t>(scales) != tensor.shape[tensor.axis])
      return emitError() << "expected " << tensor.shape[tensor.axis]
                         << " scales along dimension " << tensor.axis
                         << ", found " << scales;
  }
  for (size_t i = 0; i < scales; ++i) {
    float scale = parameters->scale()->Get(i);
    int64_t zeroPoint = zeroPointAt(*parameters, i);
    if (!std::isfinite(scale) || scale <= 0)
      return emitError() << "expected finite scales above 0, found "
                         << std::to_string(scale) << " as scale " << i;
    if (isInt16 && zeroPoint != 0)
      return emitError() << "expected zero points of 0 for INT16, found "
                         << zeroPoint;
    if (zeroPoint < -128 || zeroPoint > 127)
      return emitError() << "expected zero points from -128 to 127, found "
                         << zeroPoint;
    tensor.scales.push_back(scale);
    tensor.zeroPoints.push_back(zeroPoint);
  }
  return success();
}

LogicalResult TensorReader::readBuffer(const Tensor &table,
                                       ImportedTensor &tensor,
                                       EmitError emitError) {
  size_t buffers = sizeOf(file.model().buffers());
  if (table.buffer() == 0 && buffers == 0)
    return success();
  if (table.buffer() >= buffers)
    return emitError() << "expected the index of one of the " << buffers
                       << " buffers, found " << table.buffer()
                       << "; the file is damaged";
  const Buffer &buffer = *file.model().buffers()->Get(table.buffer());
  // The converter writes 1 where it means to fill in numbers but has none.
  if (buffer.offset() > 1 || buffer.size() > 1 || table.external_buffer() != 0)
    return emitError() << "expected its numbers in buffer " << table.buffer()
                       << ", found them outside of the FlatBuffer; convert the "
                          "model to one file below 2 GB";
  if (sizeOf(buffer.data()) == 0)
    return success();
  int64_t expected = tensor.elements() * elementBytes(tensor.kind);
  if (buffer.data()->size() != expected)
    return emitError() << "expected a buffer of " << expected
                       << " bytes for shape " << shapeText(tensor.shape)
                       << " of " << kindText(tensor.kind) << ", found "
                       << buffer.data()->size();
  tensor.constant = true;
  tensor.bytes = ArrayRef(buffer.data()->data(), buffer.data()->size());
  return success();
}

Type TensorReader::elementType(const ImportedTensor &tensor) const {
  Builder b(context);
  switch (tensor.kind) {
  case TensorType::FLOAT32:
    return b.getF32Type();
  case TensorType::FLOAT16:
    return b.getF16Type();
  case TensorType::INT64:
    return b.getI64Type();
  case TensorType::INT8:
  case TensorType::INT16:
    break;
  default:
    return b.getI32Type();
  }
  constexpr unsigned isSigned = quant::QuantizationFlags::Signed;
  unsigned bits = 8 * elementBytes(tensor.kind);
  Type storage = b.getIntegerType(bits);
  int64_t least = llvm::minIntN(bits), most = llvm::maxIntN(bits);
  if (tensor.scales.size() == 1)
    return quant::UniformQuantizedType::get(isSigned, storage, b.getF32Type(),
                                            tensor.scales[0],
                                            tensor.zeroPoints[0], least, most);
  SmallVector<double> scales(tensor.scales.begin(), tensor.scales.end());
  return quant::UniformQuantizedPerAxisType::get(
      isSigned, storage, b.getF32Type(), scales, tensor.zeroPoints, tensor.axis,
      least, most);
}
