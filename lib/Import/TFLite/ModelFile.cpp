//===- ModelFile.cpp - A checked .tflite file -----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// FlatBuffers' verifier makes every access through the generated accessors
// safe; its limits keep files whose tables share subtables from taking
// exponential time.
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"
#include <cstring>

using namespace mlir;
using namespace thimble::tflite;

static constexpr uint32_t formatVersion = 3;
static constexpr unsigned maxDepth = 32;
static constexpr unsigned maxTables = 200000;
/// FlatBuffers' offsets are 32 bits wide and signed in places.
static constexpr size_t maxFileBytes = (size_t(1) << 31) - 1;
/// The root offset and the identifier.
static constexpr size_t headerBytes = 8;

LogicalResult ModelFile::open(llvm::MemoryBufferRef file, Location location) {
  StringRef content = file.getBuffer();
  if (content.empty())
    return emitError(location)
           << "expected a TensorFlow Lite model, found an empty file";
  if (content.size() < headerBytes ||
      !flatbuffers::BufferHasIdentifier(content.data(), ModelIdentifier()))
    return emitError(location)
           << "expected a TensorFlow Lite model with the identifier '"
           << ModelIdentifier()
           << "', found another kind of file; pass the .tflite file that the "
              "converter wrote";
  if (content.size() > maxFileBytes)
    return emitError(location) << "expected a file of at most " << maxFileBytes
                               << " bytes, found " << content.size();
  bytes = ArrayRef(reinterpret_cast<const uint8_t *>(content.data()),
                   content.size());
  // Buffers are aligned to 16 bytes relative to the file's start, 64-bit
  // numbers to 8.
  if (reinterpret_cast<uintptr_t>(bytes.data()) % alignof(uint64_t) != 0) {
    aligned.resize(bytes.size() / sizeof(uint64_t) + 1);
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    bytes = ArrayRef(reinterpret_cast<const uint8_t *>(aligned.data()),
                     bytes.size());
  }
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), maxDepth,
                                 maxTables);
  if (!VerifyModelBuffer(verifier))
    return emitError(location)
           << "expected a well-formed TensorFlow Lite model, found offsets "
              "that "
              "lead outside of the file's "
           << bytes.size()
           << " bytes; the file is truncated or damaged: copy or convert it "
              "again";
  root = GetModel(bytes.data());
  return checkEnvelope(location);
}

LogicalResult ModelFile::checkEnvelope(Location location) const {
  if (root->version() != formatVersion)
    return emitError(location)
           << "expected version " << formatVersion
           << " of the TensorFlow Lite format, found " << root->version()
           << "; convert the model with TensorFlow 2";
  if (sizeOf(root->subgraphs()) == 0)
    return emitError(location) << "expected a model with a subgraph, found "
                                  "none; the file is damaged or incomplete";
  if (sizeOf(graph().tensors()) == 0 || sizeOf(graph().inputs()) == 0 ||
      sizeOf(graph().outputs()) == 0)
    return emitError(location)
           << "expected a model with tensors, inputs and outputs, found "
           << sizeOf(graph().tensors()) << " tensors, "
           << sizeOf(graph().inputs()) << " inputs and "
           << sizeOf(graph().outputs()) << " outputs";
  return success();
}
