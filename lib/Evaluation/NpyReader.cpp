//===- NpyReader.cpp - Samples in a .npy file -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file is mapped: the pages of a sample are loaded when it is read.
//
//===----------------------------------------------------------------------===//

#include "SampleReader.h"
#include "thimble/Support/NpyFile.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace thimble;
using llvm::StringRef;

namespace {
class NpyReader : public SampleReader {
public:
  NpyReader(std::unique_ptr<llvm::MemoryBuffer> buffer, NpyArray array)
      : buffer(std::move(buffer)), element(array.element), bytes(array.bytes) {
    count = array.shape.front();
    shape.assign(array.shape.begin() + 1, array.shape.end());
  }

  llvm::Error read(uint64_t index,
                   llvm::MutableArrayRef<float> values) const override {
    for (uint64_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>(
          readNpyElement(element, bytes, index * values.size() + i));
    return llvm::Error::success();
  }

private:
  std::unique_ptr<llvm::MemoryBuffer> buffer;
  NpyElement element;
  StringRef bytes;
};
} // namespace

OpenedSamples thimble::openNpySamples(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return sampleError("cannot read it: " + buffer.getError().message());
  llvm::Expected<NpyArray> array = parseNpy((*buffer)->getBuffer());
  if (!array)
    return array.takeError();
  if (array->shape.empty())
    return sampleError("expected an array whose first dimension counts "
                       "samples, found a single number");
  return std::make_unique<NpyReader>(std::move(*buffer), std::move(*array));
}

llvm::Expected<std::vector<int64_t>> thimble::readNpyLabels(StringRef file) {
  llvm::Expected<NpyArray> array = parseNpy(file);
  if (!array)
    return array.takeError();
  bool isFloat = array->element == NpyElement::float32 ||
                 array->element == NpyElement::float64;
  if (array->shape.size() != 1 || isFloat)
    return sampleError("expected labels, integers of one dimension, found " +
                       getNpyElementName(array->element) +
                       describeShape(array->shape));
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < array->shape[0]; ++i)
    labels.push_back(
        static_cast<int64_t>(readNpyElement(array->element, array->bytes, i)));
  return labels;
}
