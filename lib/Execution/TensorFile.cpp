//===- TensorFile.cpp - A model's tensors in files ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A wrong file is the most frequent mistake of whoever runs a model, so every
// message says which tensor it is about and what that tensor looks like.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/TensorFile.h"
#include "mlir/IR/Diagnostics.h"
#include "thimble/Support/NpyFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace thimble;

static NpyElement npyElement(ElementKind kind) {
  switch (kind) {
  case ElementKind::int8:
    return NpyElement::int8;
  case ElementKind::int16:
    return NpyElement::int16;
  case ElementKind::int32:
    return NpyElement::int32;
  case ElementKind::float32:
    return NpyElement::float32;
  }
  llvm_unreachable("covered switch");
}

static std::string describeType(StringRef element, ArrayRef<int64_t> shape) {
  std::string text = element.str() + "[";
  llvm::raw_string_ostream stream(text);
  llvm::interleave(shape, stream, ",");
  return text + "]";
}

std::string thimble::describeType(const TensorInfo &tensor) {
  return ::describeType(getElementName(tensor.element), tensor.shape);
}

namespace {
/// The values of one file.
struct FileValues {
  std::string bytes;
  uint64_t count = 1;
  bool hasAxis = false;
};
} // namespace

static llvm::Expected<FileValues> interpretNpy(const TensorInfo &tensor,
                                               StringRef content) {
  llvm::Expected<NpyArray> array = parseNpy(content);
  if (!array)
    return array.takeError();
  FileValues values;
  ArrayRef<int64_t> shape = array->shape;
  values.hasAxis = shape.size() == tensor.shape.size() + 1;
  if (values.hasAxis) {
    values.count = shape.front();
    shape = shape.drop_front();
  }
  if (array->element != npyElement(tensor.element) ||
      shape != ArrayRef<int64_t>(tensor.shape))
    return llvm::createStringError(
        "expected " + describeType(tensor) +
        ", or one more axis in front of it, found " +
        ::describeType(getNpyElementName(array->element), array->shape));
  values.bytes = array->bytes.str();
  return values;
}

static llvm::Expected<FileValues> interpretRaw(const TensorInfo &tensor,
                                               StringRef content) {
  if (tensor.bytes == 0 || content.size() % tensor.bytes != 0)
    return llvm::createStringError(
        "expected " + describeType(tensor) + ", " + llvm::Twine(tensor.bytes) +
        " bytes a vector, found " + llvm::Twine(content.size()) + " bytes");
  FileValues values;
  values.bytes = content.str();
  values.count = content.size() / tensor.bytes;
  values.hasAxis = values.count != 1;
  return values;
}

static llvm::Expected<FileValues> readValues(const TensorInfo &tensor,
                                             StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError("cannot read it: " +
                                   buffer.getError().message());
  StringRef content = (*buffer)->getBuffer();
  llvm::Expected<FileValues> values = path.ends_with(".npy")
                                          ? interpretNpy(tensor, content)
                                          : interpretRaw(tensor, content);
  if (values && values->count == 0)
    return llvm::createStringError("expected at least one vector, found none");
  return values;
}

/// As `input 0 'name' int8[1,3]`.
static std::string describeTensor(const TensorInfo &tensor, StringRef what,
                                  size_t index) {
  return (what + " " + llvm::Twine(index) + " '" + tensor.name + "' " +
          describeType(tensor))
      .str();
}

static LogicalResult checkCount(Location location, ArrayRef<TensorInfo> tensors,
                                size_t given, StringRef option,
                                StringRef what) {
  if (given == tensors.size())
    return success();
  InFlightDiagnostic error =
      emitError(location) << "expected " << tensors.size() << " --" << option
                          << (tensors.size() == 1 ? " file" : " files")
                          << " (.npy, or raw bytes), found " << given << ": ";
  llvm::interleave(
      llvm::enumerate(tensors),
      [&](auto item) {
        error << describeTensor(item.value(), what, item.index()) << " ("
              << item.value().bytes << " bytes)";
      },
      [&] { error << ", "; });
  return error;
}

FailureOr<TensorVectors> thimble::readTensors(Location location,
                                              ArrayRef<TensorInfo> tensors,
                                              ArrayRef<std::string> paths,
                                              StringRef option,
                                              StringRef what) {
  if (failed(checkCount(location, tensors, paths.size(), option, what)))
    return failure();
  TensorVectors vectors;
  for (auto [index, tensor] : llvm::enumerate(tensors)) {
    llvm::Expected<FileValues> values = readValues(tensor, paths[index]);
    if (!values)
      return emitError(location)
             << describeTensor(tensor, what, index) << ": '" << paths[index]
             << "': " << llvm::toString(values.takeError());
    if (index > 0 && values->count != vectors.count)
      return emitError(location)
             << describeTensor(tensor, what, index) << ": '" << paths[index]
             << "': expected " << vectors.count << " vectors as in '"
             << paths.front() << "', found " << values->count;
    vectors.count = values->count;
    vectors.hasAxis |= values->hasAxis;
    vectors.tensors.push_back(std::move(values->bytes));
  }
  return vectors;
}

std::string thimble::formatTensorFile(StringRef path, const TensorInfo &tensor,
                                      const TensorVectors &vectors,
                                      StringRef bytes) {
  if (!path.ends_with(".npy"))
    return bytes.str();
  SmallVector<int64_t> shape;
  if (vectors.hasAxis)
    shape.push_back(static_cast<int64_t>(vectors.count));
  llvm::append_range(shape, tensor.shape);
  return formatNpy(npyElement(tensor.element), shape, bytes);
}

double thimble::readElement(ElementKind kind, StringRef bytes, uint64_t index) {
  using namespace llvm::support::endian;
  const char *at = bytes.data() + index * getElementBytes(kind);
  switch (kind) {
  case ElementKind::int8:
    return static_cast<int8_t>(*at);
  case ElementKind::int16:
    return static_cast<int16_t>(read16le(at));
  case ElementKind::int32:
    return static_cast<int32_t>(read32le(at));
  case ElementKind::float32:
    return llvm::bit_cast<float>(read32le(at));
  }
  llvm_unreachable("covered switch");
}

/// Prints the elements of one vector, a line for each innermost row.
static void printRows(const TensorInfo &tensor, StringRef bytes,
                      llvm::function_ref<void(double)> print,
                      llvm::raw_ostream &stream) {
  uint64_t size = bytes.size() / getElementBytes(tensor.element);
  uint64_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
  for (uint64_t i = 0; i < size; ++i) {
    stream << (i % row == 0 ? "  " : " ");
    print(readElement(tensor.element, bytes, i));
    if (i % row == row - 1)
      stream << "\n";
  }
}

/// Prints one vector of one tensor.
static void printTensor(const TensorInfo &tensor, StringRef bytes,
                        llvm::raw_ostream &stream) {
  bool isFloat = tensor.element == ElementKind::float32;
  auto printStored = [&](double x) {
    stream << llvm::format(isFloat ? "%.9g" : "%.0f", x);
  };
  printRows(tensor, bytes, printStored, stream);
  if (isFloat || (tensor.scale == 1.0f && tensor.zeroPoint == 0))
    return;
  stream << " with scale " << llvm::format("%.9g", tensor.scale)
         << " and zero point " << tensor.zeroPoint << ":\n";
  auto printReal = [&](double x) {
    stream << llvm::format("%.6g",
                           (x - tensor.zeroPoint) * double(tensor.scale));
  };
  printRows(tensor, bytes, printReal, stream);
}

void thimble::printTensors(ArrayRef<TensorInfo> tensors,
                           const TensorVectors &vectors,
                           llvm::raw_ostream &stream) {
  for (uint64_t vector = 0; vector < vectors.count; ++vector)
    for (auto [index, tensor] : llvm::enumerate(tensors)) {
      if (vectors.count > 1)
        stream << "vector " << vector << ", ";
      stream << describeTensor(tensor, "output", index) << "\n";
      StringRef bytes = vectors.tensors[index];
      printTensor(tensor, bytes.substr(vector * tensor.bytes, tensor.bytes),
                  stream);
    }
}
