//===- OpImporter.cpp - One operator of a .tflite file --------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operators come in an order in which each reads what earlier ones computed;
// one that does not is refused, which also excludes cycles.
//
//===----------------------------------------------------------------------===//

#include "OpImporter.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Verifier.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "llvm/Support/Endian.h"
#include <limits>
#include <optional>

using namespace mlir;
using namespace thimble;
using namespace thimble::tflite;

Value thimble::tflite::createConstant(OpBuilder &builder, Location location,
                                      const ImportedTensor &tensor) {
  ArrayRef<char> raw(reinterpret_cast<const char *>(tensor.bytes.data()),
                     tensor.bytes.size());
  auto value = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get(tensor.shape,
                            storageType(tensor.type.getElementType())),
      raw);
  return ConstantOp::create(builder, location, tensor.type, value);
}

SmallVector<int64_t>
thimble::tflite::readIntegers(const ImportedTensor &tensor) {
  using namespace llvm::support;
  SmallVector<int64_t> values;
  int64_t size = elementBytes(tensor.kind);
  for (const uint8_t *p = tensor.bytes.begin(); p != tensor.bytes.end();
       p += size)
    values.push_back(size == 8
                         ? endian::read<int64_t, llvm::endianness::little>(p)
                         : endian::read<int32_t, llvm::endianness::little>(p));
  return values;
}

std::vector<uint8_t> thimble::tflite::writeIntegers(ArrayRef<int64_t> values,
                                                    TensorType kind) {
  int64_t size = elementBytes(kind);
  std::vector<uint8_t> bytes(values.size() * size);
  for (auto [i, value] : llvm::enumerate(values))
    for (int64_t b = 0; b < size; ++b)
      bytes[i * size + b] = static_cast<uint64_t>(value) >> (8 * b);
  return bytes;
}

InFlightDiagnostic OpImporter::emitError() const {
  InFlightDiagnostic diagnostic = mlir::emitError(location);
  diagnostic << "operator " << index << " (" << opName << ", '"
             << cast<NameLoc>(location).getName().getValue() << "'): ";
  return diagnostic;
}

LogicalResult OpImporter::emitOptionsError(BuiltinOptions expected) const {
  const char *found = EnumNameBuiltinOptions(table.builtin_options_type());
  return emitError() << "expected " << EnumNameBuiltinOptions(expected)
                     << ", found " << (*found ? found : "other options")
                     << "; the file is damaged";
}

LogicalResult OpImporter::resolveInputs(const OpRow &row,
                                        TensorReader &reader) {
  size_t count = sizeOf(table.inputs());
  if (count < row.minInputs || count > row.maxInputs) {
    InFlightDiagnostic diagnostic = emitError();
    diagnostic << "expected " << row.minInputs;
    if (row.maxInputs != row.minInputs)
      diagnostic << " to " << row.maxInputs;
    return diagnostic << " inputs, found " << count;
  }
  for (size_t i = 0; i < count; ++i) {
    int32_t tensor = table.inputs()->Get(i);
    if (tensor == -1 && i >= row.minInputs && row.maxInputs != manyInputs) {
      inputs.push_back(nullptr);
      continue;
    }
    inputs.push_back(reader.read(tensor, [&] { return emitError(); }));
    if (!inputs.back())
      return failure();
    if (!inputs.back()->value && !inputs.back()->constant)
      return emitError() << "expected an input that an earlier operator "
                            "computes, found '"
                         << inputs.back()->name << "' (" << tensor
                         << "), which nothing before defines; the file's "
                            "operators are out of order or form a cycle";
  }
  return success();
}

LogicalResult OpImporter::resolve(const OpRow &row, TensorReader &reader) {
  if (failed(resolveInputs(row, reader)))
    return failure();
  if (sizeOf(table.outputs()) != 1)
    return emitError() << "expected one output, found "
                       << sizeOf(table.outputs());
  result = reader.read(table.outputs()->Get(0), [&] { return emitError(); });
  if (!result)
    return failure();
  if (result->value || result->constant)
    return emitError()
           << "expected an output that nothing else defines, found '"
           << result->name << "' (" << result->index << "), "
           << (result->constant ? "which has numbers already"
                                : "which is defined already")
           << "; the file is damaged";
  return limitFolding();
}

/// Far more than fits on a microcontroller. Without a limit a small file could
/// have operators on constants whose results fill the memory.
static constexpr int64_t maxFoldedBytes = int64_t(1) << 26;

LogicalResult OpImporter::limitFolding() {
  if (!isConstant())
    return success();
  folded.total += result->elements() * elementBytes(result->kind);
  if (folded.total <= maxFoldedBytes)
    return success();
  return emitError() << "expected at most " << maxFoldedBytes
                     << " bytes of constants that operators compute from "
                        "constants, found "
                     << folded.total << " with output '" << result->name
                     << "' (" << result->index << ")";
}

bool OpImporter::isConstant() const {
  return llvm::all_of(inputs, [](const ImportedTensor *tensor) {
    return !tensor || tensor->constant;
  });
}

Value OpImporter::value(unsigned i) {
  if (!has(i))
    return {};
  ImportedTensor &tensor = input(i);
  if (!tensor.value) {
    Location place = NameLoc::get(builder.getStringAttr(tensor.name),
                                  cast<NameLoc>(location).getChildLoc());
    tensor.value = createConstant(builder, place, tensor);
  }
  return tensor.value;
}

FailureOr<Activation>
OpImporter::activation(ActivationFunctionType type) const {
  struct Clamp {
    Activation activation;
    FusedActivation bounds;
  };
  auto clamp = [&]() -> std::optional<Clamp> {
    switch (type) {
    case ActivationFunctionType::NONE:
      return Clamp{Activation::None, FusedActivation::None};
    case ActivationFunctionType::RELU:
      return Clamp{Activation::Relu, FusedActivation::Relu};
    case ActivationFunctionType::RELU6:
      return Clamp{Activation::Relu6, FusedActivation::Relu6};
    case ActivationFunctionType::RELU_N1_TO_1:
      return Clamp{Activation::ReluN1To1, FusedActivation::ReluN1To1};
    default:
      return std::nullopt;
    }
  }();
  const char *name = EnumNameActivationFunctionType(type);
  if (!clamp)
    return emitError() << "expected a fused activation of NONE, RELU, RELU6 or "
                          "RELU_N1_TO_1, found "
                       << (*name ? name : "an unknown one")
                       << "; make the activation a layer of its own";
  if (result->isQuantized() &&
      !clampRange(clamp->bounds, result->quantization()))
    return emitError() << "expected an output scale in which the bounds of "
                       << name << " fit into 32 bits, found "
                       << double(result->scales[0]);
  return clamp->activation;
}

FailureOr<SmallVector<int64_t>> OpImporter::integers(unsigned i,
                                                     StringRef role) {
  ImportedTensor &tensor = input(i);
  if (tensor.isInteger() && tensor.constant) {
    // Limits such as the end of a slice may be any number; none of use is
    // beyond 32 bits, and sums of these do not overflow.
    SmallVector<int64_t> values = readIntegers(tensor);
    for (int64_t &value : values)
      value = std::clamp<int64_t>(value, std::numeric_limits<int32_t>::min(),
                                  std::numeric_limits<int32_t>::max());
    return values;
  }
  return emitError() << "expected constant " << role
                     << " of INT32 or INT64, found '" << tensor.name << "' ("
                     << tensor.index << ") of " << kindText(tensor.kind)
                     << (tensor.constant ? "" : ", computed at run time");
}

LogicalResult OpImporter::expectActivations(ArrayRef<unsigned> indices) {
  SmallVector<ImportedTensor *, 4> tensors{result};
  for (unsigned i : indices)
    tensors.push_back(inputs[i]);
  for (ImportedTensor *tensor : tensors)
    if (!(tensor->isFloat() || tensor->isQuantized()) ||
        tensor->kind != result->kind)
      return emitError() << "expected inputs and an output that are all "
                            "FLOAT32, all INT8 or all INT16 with one scale, "
                            "found '"
                         << tensor->name << "' (" << tensor->index << ") of "
                         << tensor->type;
  return success();
}

LogicalResult OpImporter::expectOutputElementType(unsigned i) {
  if (input(i).type.getElementType() == result->type.getElementType())
    return success();
  return emitError() << "expected the input '" << input(i).name << "' ("
                     << input(i).index
                     << ") to have the element type of the output, "
                     << result->type.getElementType() << ", found "
                     << input(i).type.getElementType();
}

LogicalResult OpImporter::expectRank(const ImportedTensor &tensor,
                                     size_t rank) {
  if (tensor.shape.size() == rank)
    return success();
  return emitError() << "expected '" << tensor.name << "' (" << tensor.index
                     << ") to have " << rank << " dimensions, found shape "
                     << shapeText(tensor.shape);
}

LogicalResult OpImporter::expectOutputShape(ArrayRef<int64_t> shape) {
  if (ArrayRef(result->shape) == shape)
    return success();
  return emitError() << "expected an output of shape " << shapeText(shape)
                     << ", found " << shapeText(result->shape)
                     << "; the file's shapes do not fit together";
}

LogicalResult OpImporter::fold(std::vector<uint8_t> bytes) {
  assert(static_cast<int64_t>(bytes.size()) ==
             result->elements() * elementBytes(result->kind) &&
         "the caller checks the output's shape and type");
  folded.tensors.push_back(std::move(bytes));
  result->bytes = folded.tensors.back();
  result->constant = true;
  return success();
}

LogicalResult OpImporter::finish(Operation *op) {
  std::string id =
      (op->getName().stripDialect() + "_" + llvm::Twine(index)).str();
  op->setAttr(idAttrName, builder.getStringAttr(id));
  std::string message;
  {
    // The verifier's error becomes part of the one that names the operator.
    ScopedDiagnosticHandler handler(op->getContext(), [&](Diagnostic &found) {
      if (message.empty())
        message = found.str();
      return success();
    });
    if (succeeded(verify(op))) {
      result->value = op->getResult(0);
      return success();
    }
  }
  return emitError() << "expected operands and options that fit together; "
                     << message;
}
