//===- ReportTable.cpp - The report for people ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes an aligned table for the terminal.
//
//===----------------------------------------------------------------------===//

#include "TextTable.h"
#include "thimble/Target/Report.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace thimble;
using namespace thimble::detail;
using llvm::SmallVector;
using llvm::StringRef;

/// Rows of what belongs to no layer. Columns as in writeTable.
static void addRest(const Report &report, TextTable &table) {
  auto add = [&](StringRef name, const FlashBytes &flash, std::string users) {
    if (flash.total())
      table.addRow({clip(name), group(flash.code), group(flash.weights), "", "",
                    "", "", std::move(users)});
  };
  for (const SharedSymbol &shared : report.shared)
    add(shared.name, shared.flash,
        shared.layers.empty()
            ? ""
            : "used by " + std::to_string(shared.layers.size()) + " layers");
  add("entry point, padding", report.other, "");
}

static std::string decimal(double number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%.2f", number);
  return text;
}

/// How the integer weights are stored, one a line.
static void writeWeights(const ModelInfo &model, llvm::raw_ostream &stream) {
  auto isEncoded = [](const LayerInfo &layer) {
    return layer.weight && !layer.weight->encoding.empty();
  };
  if (llvm::none_of(model.layers, [](auto &layer) { return layer.weight; }))
    return;
  if (llvm::none_of(model.layers, isEncoded)) {
    stream << "\nAll weights are stored as they are.\n";
    return;
  }
  TextTable table;
  table.addRow({"weights of", "count", "bytes", "saved", "entropy b",
                "bits each", "decode cycles", "tile B", "encoding"});
  table.addRule();
  for (const LayerInfo &layer : model.layers) {
    if (!layer.weight)
      continue;
    const WeightInfo &weight = *layer.weight;
    bool encoded = isEncoded(layer);
    int64_t saved = int64_t(weight.count) - int64_t(weight.bytes);
    table.addRow({clip(layer.id), group(weight.count), group(weight.bytes),
                  (saved < 0 ? "-" : "") + group(uint64_t(std::abs(saved))),
                  decimal(weight.entropy),
                  decimal(8.0 * double(weight.bytes) / double(weight.count)),
                  encoded ? group(weight.decodeCycles) : "-",
                  encoded ? group(weight.tileBytes) : "-",
                  encoded ? clip(llvm::join(weight.encoding, ", ")) : "dense"});
  }
  stream << '\n';
  table.print(stream);
}

void thimble::writeTable(const Report &report, llvm::raw_ostream &stream) {
  const ModelInfo &model = report.model;
  TextTable table;
  table.addRow({"layer", "code B", "weights B", "RAM B", "stack B", "MACs",
                "cycles", "operations"});
  table.addRule();
  for (auto [info, cost] : llvm::zip_equal(model.layers, report.layers))
    table.addRow({clip(info.id), group(cost.flash.code),
                  group(cost.flash.weights), group(info.liveBytes),
                  group(cost.stackBytes), group(info.macs), group(info.cycles),
                  clip(llvm::join(info.opNames, " "))});
  addRest(report, table);
  table.addRule();
  table.addRow({"total", group(report.flash.code), group(report.flash.weights),
                group(model.getRamBytes()), group(report.stackBytes),
                group(report.getMacs()), group(report.getCycles()), ""});
  stream << model.name << " on " << report.cpu << ": flash "
         << group(report.flash.total()) << " B, RAM "
         << group(model.getRamBytes()) << " B"
         << (model.stateBytes > 0
                 ? " (of it state " + group(model.stateBytes) + " B)"
                 : "")
         << ", stack " << group(report.stackBytes) << " B\n\n";
  table.print(stream);
  writeMemoryMap(model, stream);
  writeWeights(model, stream);
  if (report.getCycles())
    stream << "\nCycles are static estimates"
           << (model.cycleSource.empty() ? "" : ": ") << model.cycleSource
           << ".\n";
}
