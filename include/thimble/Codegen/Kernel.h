//===- Kernel.h - What a kernel tells the compiler --------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel computes the body of a thimble.kernel in row steps. The selector
// asks every registered kernel; without any other match the reference kernel
// lowers the body itself.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_CODEGEN_KERNEL_H
#define THIMBLE_CODEGEN_KERNEL_H

#include "thimble/Dialect/Thimble/IR/Thimble.h"
#include "llvm/ADT/ArrayRef.h"
#include <memory>

namespace thimble {

class Kernel {
public:
  virtual ~Kernel();
  /// The name in the IR, reports and remarks.
  virtual llvm::StringRef getName() const = 0;
  /// True if the kernel computes exactly what the body does.
  virtual bool matches(KernelOp op, const TargetInfo &target) const = 0;
  /// True if the kernel may read weights that are stored as this stack of
  /// schemes, whose parameters can be open, instead of having them decoded.
  virtual bool mayRead(llvm::ArrayRef<mlir::Attribute>) const { return false; }
  /// Estimated cycles of one run of the whole layer.
  virtual int64_t cost(KernelOp op, const TargetInfo &target) const = 0;
  /// Operand rows, constant tables in the kernel's layout, and scratch.
  virtual StepSpec describe(KernelOp op, const TargetInfo &target) const = 0;
  /// Emits the body of the step function that `describe` announced.
  virtual void buildStep(KernelOp op, StepBuilder &step) const = 0;
};

/// All kernels, the reference kernel last. Kernels/<Kernel>.cpp define them,
/// KernelRegistry.cpp lists them.
llvm::ArrayRef<std::unique_ptr<Kernel>> registeredKernels();
/// The registered kernel of that name, or null.
const Kernel *findKernel(llvm::StringRef name);

/// Records in `op` that `kernel`, which matches it, computes it.
void setKernel(KernelOp op, const Kernel &kernel, const TargetInfo &target);

/// The weights of a layer that are decoded before they are read.
struct WeightDecoding {
  ConstantOp constant; ///< the encoded weights
  EncodingAttr encoding;
  mlir::RankedTensorType type; ///< with the encoding
};
/// What thimble.decode in a layer's body decodes, if there is one.
std::optional<WeightDecoding> findWeightDecoding(KernelOp op);

/// What lies in a layer's scratch: the arrays of row pointers, the padding
/// row, a tile of decoded weights, the decoder's look-up tables, the kernel's
/// own part. Offsets in bytes from its start.
struct LayerScratch {
  llvm::SmallVector<int64_t> rowPointers; ///< per operand, -1 for none
  int64_t paddingRow = 0;
  int64_t tile = 0;
  int64_t lookup = 0;
  int64_t kernel = 0;
  int64_t bytes = 0;
};
/// Whether the padding row only marks rows outside of the image by its address,
/// which may then be that of the kernel's own part of the scratch.
bool marksPadding(const StepSpec &spec);
LayerScratch layOutScratch(const StepSpec &spec,
                           const std::optional<WeightDecoding> &decoding,
                           const TargetInfo &target);

/// The same for one row step of a stream: arrays of row pointers, the kernel's
/// own part, the padding row. Offsets in bytes from the start of the scratch.
struct StepScratch {
  llvm::SmallVector<int64_t> rowPointers; ///< per operand, -1 for none
  int64_t kernel = 0;
  int64_t paddingRow = 0;
  int64_t insideBytes = 0; ///< of a step that reads no row outside the image
  int64_t edgeBytes = 0;   ///< of any step
};
StepScratch layOutStepScratch(const StepSpec &spec, const TargetInfo &target);

/// What lies in the bytes that the row steps of a layer share: sums, or decoded
/// weights and the decoder's look-up tables. Offsets in bytes.
struct KeptLayout {
  int64_t lookup = 0;
  int64_t bytes = 0;
};
KeptLayout layOutKept(const std::optional<WeightDecoding> &decoding,
                      int64_t sumBytes, const TargetInfo &target);

/// How the layer runs in a stream; null if it only runs as a whole, as it does
/// if it reads an operand whole or in tiles of output channels.
RowStepAttr rowStepOf(KernelOp op, const Kernel &kernel,
                      const TargetInfo &target);

} // namespace thimble

#endif // THIMBLE_CODEGEN_KERNEL_H
