//===- BlockRounding.h - Rounding trained block by block --------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Hands the blocks of a reconstructed student to the engine's training of
// roundings.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_LIB_COMPRESSION_BLOCKROUNDING_H
#define THIMBLE_LIB_COMPRESSION_BLOCKROUNDING_H

#include "EngineLayers.h"

namespace thimble {

/// Nodes that lie between two points where one value alone is live: a residual
/// block, or one layer of a chain with what follows it.
struct NetworkBlock {
  gradient::NodeRange nodes;
  /// The block's result and the teacher's.
  gradient::ValuePair output;
  /// Layers in it, as indices in FunctionNetwork::layers; at least one.
  std::vector<size_t> layers;
};

/// The blocks, in order. A block whose result the teacher does not have goes on
/// to the next one that it has; what is left at the end has no block.
std::vector<NetworkBlock> findBlocks(const TeacherAndStudent &networks);

/// Trains the codes of each block, which then costs no more bits of entropy
/// where its codes are entropy coded. `parameters` become what the layers then
/// are.
void roundBlocks(const TeacherAndStudent &networks, const SampleBlock &samples,
                 llvm::ArrayRef<RecipeAttr> recipes,
                 llvm::ArrayRef<MaskMatrix> kept,
                 const gradient::RoundingOptions &options,
                 std::vector<CompressedLayer> &layers,
                 gradient::Parameters &parameters);

} // namespace thimble

#endif // THIMBLE_LIB_COMPRESSION_BLOCKROUNDING_H
