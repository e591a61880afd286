//===- Report.h - What a compiled model costs -------------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The costs of a model and of each of its layers, as JSON for scripts and as a
// table for people. Flash and stack are facts of the emitted object, RAM of the
// memory plan; instructions and cycles are static estimates.
//
// The JSON document, version 1 ("schema": 1; all sizes in bytes, all offsets
// from the start of the arena; a field that may be absent is marked `?`):
//
//   schema, model, cpu, io ("arena" or "pointers")
//   totals     flash {code, weights, total}, ram, ram_alignment, stack, macs,
//              instructions?, cycles?
//   ram        {arena, live_peak?, peak_layer?, bound?, row_bound?, streams,
//              buffers}: most bytes that are live at once, in which layer, and
//              what no such plan needs fewer than; row_bound what no plan of
//              rows does (--max-ram), absent if this is one or weights are
//              decoded. Layers are numbers of elements of `layers`, from 0;
//              ranges include both ends.
//              streams: [{first_layer, last_layer}], layers that work at the
//              same time. buffers: [{name, kind, offset, bytes, rows?,
//              first_layer, last_layer}]: the id of a layer or the name of an
//              input, and when it is live. kind is input, output, tensor, ring
//              (of so many rows), newest (row), sums, decoded (weights),
//              scratch or position (in rows that are fed)
//   cycle_source?  how instructions and cycles were estimated
//   inputs, outputs   [{name, type, shape, scale?, zero_point?, bytes,
//              offset?}]: type is int8, int16, int32 or float32; scale and
//              zero_point are absent for float32, offset with pointers
//   layers     [{id, ops, source, flash {code, weights}, ram {live, scratch},
//              stack, macs, instructions?, cycles?, weight?, tensors,
//              functions}] in
//              execution order. `code` counts the functions that only this
//              layer uses, `weights` its tables, `stack` the layer's function
//              with all it calls. tensors: [{name, offset, bytes, result}]
//              weight (of integers only): {count, entropy, encoding,
//              bits_per_weight, bytes, bytes_saved, decode_cycles?,
//              tile_channels?, tile_bytes?}: entropy in bits, encoding the
//              names of the schemes, innermost first, empty if it is dense;
//              bytes with decoding tables, which layers may share
//   shared     [{symbol, code or weights, layers}]: what several layers use,
//              or none. code and weights of the layers, of this list and
//              of `other` add up to the totals
//   other      {code, weights}: the entry point, padding, merged constants
//   stack_path [{function, bytes}]: the deepest calls from the entry point,
//              with the stack needed from there on
//   undefined  [names that firmware has to define]
//   preserved? [{id, name, type, shape, scale?, zero_point?, bytes, offset}]:
//              results kept by --preserve-tensors, by thimble.id
//   evaluation? {samples, count, shared, task, networks [{name, score,
//              absolute_error?, agreement?, divergence?, drop?}]}: how networks
//              did on samples, the one that others are compared to first; all
//              {value, low, high}, but drop {value, standard_error}
//              (EvaluationInfo.h says in which units)
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_TARGET_REPORT_H
#define THIMBLE_TARGET_REPORT_H

#include "thimble/Target/EvaluationInfo.h"
#include "thimble/Target/ModelInfo.h"
#include "thimble/Target/ObjectInspector.h"
#include "thimble/Target/StackBound.h"

namespace thimble {

/// Code or constants in bytes of flash.
struct FlashBytes {
  uint64_t code = 0;
  uint64_t weights = 0;
  uint64_t total() const { return code + weights; }
};

/// What one layer costs beyond what LayerInfo says.
struct LayerCost {
  FlashBytes flash;
  uint64_t stackBytes = 0;
  llvm::SmallVector<std::string, 2> functions; ///< whose code is counted
};

/// A function or table that does not belong to one layer.
struct SharedSymbol {
  std::string name;
  FlashBytes flash;
  llvm::SmallVector<std::string, 2> layers; ///< ids of those that use it
};

/// A function on the deepest path of calls.
struct StackStep {
  std::string function;
  uint64_t bytes; ///< of it and all below
};

struct Report {
  ModelInfo model;
  std::string cpu;
  FlashBytes flash;
  uint64_t stackBytes = 0;
  llvm::SmallVector<LayerCost, 0> layers; ///< beside model.layers
  llvm::SmallVector<SharedSymbol, 0> shared;
  FlashBytes other;
  llvm::SmallVector<StackStep> stackPath;
  llvm::SmallVector<std::string> undefinedSymbols;
  std::optional<EvaluationInfo> evaluation;

  /// Sums over the layers; absent if a layer has none.
  std::optional<uint64_t> getInstructions() const;
  std::optional<uint64_t> getCycles() const;
  uint64_t getMacs() const;
};

/// Distributes the object's bytes over the model's layers. `cpu` is the core's
/// name.
Report makeReport(const ModelInfo &model, llvm::StringRef cpu,
                  const ObjectContents &contents, const StackBounds &stack);

/// Writes the document described above.
void writeJSON(const Report &report, llvm::raw_ostream &stream);

/// Writes a table with one line per layer and the totals, what the arena is
/// used for, and how weights are stored.
void writeTable(const Report &report, llvm::raw_ostream &stream);

/// Writes how full the arena is and has to be, and a map of it: a line for each
/// layer, a group of lines for each stream. Of very many lines those of the
/// most bytes are shown.
void writeMemoryMap(const ModelInfo &model, llvm::raw_ostream &stream);

} // namespace thimble

#endif // THIMBLE_TARGET_REPORT_H
