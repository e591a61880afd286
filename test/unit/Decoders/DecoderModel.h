//===- DecoderModel.h - A model that only decodes weights -------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs the decoder of an encoding on the host or an emulated core, chunk after
// chunk, outside of any network.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TEST_UNIT_DECODERS_DECODERMODEL_H
#define THIMBLE_TEST_UNIT_DECODERS_DECODERMODEL_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "thimble/Execution/Execution.h"

namespace thimble::test {

/// What a run of a decoder gave.
struct DecoderRun {
  std::vector<uint8_t> symbols; ///< of all chunks, in the kernel's order
  int64_t codeBytes = 0;        ///< of the decoder and of what fills scratch
  double decodeCycles = 0;      ///< of all chunks together
  double setupCycles = 0;
  double decodeInstructions = 0;
};

/// A constant of `type` with the encoding and its payload, decoded on `cpu`.
class DecoderModel {
public:
  DecoderModel(mlir::MLIRContext &context, llvm::StringRef cpu)
      : context(context), cpu(cpu.str()) {}

  /// `prefix` is the folder that boards and the cycle counter are in. The
  /// assembly goes to `assembly` where that is not null.
  mlir::FailureOr<DecoderRun> run(EncodingAttr encoding,
                                  mlir::RankedTensorType type,
                                  llvm::ArrayRef<uint8_t> payload,
                                  llvm::StringRef prefix,
                                  std::string *assembly = nullptr);

private:
  mlir::MLIRContext &context;
  std::string cpu;
};

} // namespace thimble::test

#endif // THIMBLE_TEST_UNIT_DECODERS_DECODERMODEL_H
