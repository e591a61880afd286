//===- ReportJSON.cpp - The report for scripts ----------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the document that Report.h describes.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/Report.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace thimble;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
class JSONReport {
public:
  JSONReport(const Report &report, llvm::raw_ostream &os)
      : report(report), model(report.model), json(os, /*IndentSize=*/2) {}

  void write();

private:
  /// Names of tensors are any bytes; JSON is UTF-8.
  void text(StringRef key, StringRef value) {
    json.attribute(key, json::fixUTF8(value));
  }
  void optional(StringRef key, std::optional<uint64_t> value) {
    if (value)
      json.attribute(key, *value);
  }
  void texts(StringRef key, llvm::ArrayRef<std::string> values) {
    json.attributeArray(key, [&] {
      for (StringRef value : values)
        json.value(json::fixUTF8(value));
    });
  }
  void flash(const FlashBytes &bytes, bool hasTotal = false) {
    json.attribute("code", bytes.code);
    json.attribute("weights", bytes.weights);
    if (hasTotal)
      json.attribute("total", bytes.total());
  }
  void totals();
  void memory();
  void tensor(const TensorInfo &info, bool hasOffset);
  void tensors(StringRef key, llvm::ArrayRef<TensorInfo> infos);
  void weight(const WeightInfo &info);
  void layer(const LayerInfo &info, const LayerCost &cost);
  void shared(const SharedSymbol &symbol);
  void preserved();
  void estimate(StringRef key, const std::optional<Estimate> &value);
  void network(const EvaluatedNetwork &evaluated);
  void evaluation();

  const Report &report;
  const ModelInfo &model;
  json::OStream json;
};
} // namespace

void JSONReport::totals() {
  json.attributeObject("totals", [&] {
    json.attributeObject("flash",
                         [&] { flash(report.flash, /*hasTotal=*/true); });
    json.attribute("ram", model.getRamBytes());
    if (model.stateBytes > 0)
      json.attribute("ram_state", model.stateBytes);
    json.attribute("ram_alignment", model.arenaAlignment);
    json.attribute("stack", report.stackBytes);
    json.attribute("macs", report.getMacs());
    optional("instructions", report.getInstructions());
    optional("cycles", report.getCycles());
  });
}

void JSONReport::memory() {
  const MemoryMap &map = model.memory;
  auto layers = [&](unsigned first, unsigned last) {
    json.attribute("first_layer", first);
    json.attribute("last_layer", last);
  };
  json.attribute("arena", model.arenaBytes);
  optional("live_peak", map.livePeak);
  optional("peak_layer", map.peakLayer);
  optional("bound", map.bound);
  optional("row_bound", map.rowBound);
  json.attributeArray("streams", [&] {
    for (const StreamRange &stream : map.streams)
      json.object([&] { layers(stream.firstLayer, stream.lastLayer); });
  });
  json.attributeArray("buffers", [&] {
    for (const ArenaBuffer &buffer : map.buffers)
      json.object([&] {
        text("name", buffer.name);
        text("kind", getBufferKindName(buffer.kind));
        json.attribute("offset", buffer.offset);
        json.attribute("bytes", buffer.bytes);
        if (buffer.rows)
          json.attribute("rows", buffer.rows);
        layers(buffer.firstLayer, buffer.lastLayer);
      });
  });
}

void JSONReport::tensor(const TensorInfo &info, bool hasOffset) {
  text("name", info.name);
  text("type", getElementName(info.element));
  json.attributeArray("shape", [&] {
    for (int64_t size : info.shape)
      json.value(size);
  });
  if (info.element != ElementKind::float32) {
    json.attribute("scale", double(info.scale));
    json.attribute("zero_point", info.zeroPoint);
  }
  json.attribute("bytes", info.bytes);
  if (hasOffset)
    json.attribute("offset", info.arenaOffset);
}

void JSONReport::tensors(StringRef key, llvm::ArrayRef<TensorInfo> infos) {
  json.attributeArray(key, [&] {
    for (const TensorInfo &info : infos)
      json.object([&] { tensor(info, model.ioMode == IOMode::arena); });
  });
}

void JSONReport::weight(const WeightInfo &info) {
  json.attribute("count", info.count);
  json.attribute("entropy", info.entropy);
  texts("encoding", info.encoding);
  json.attribute("bits_per_weight",
                 8.0 * double(info.bytes) / double(info.count));
  json.attribute("bytes", info.bytes);
  json.attribute("bytes_saved", int64_t(info.count) - int64_t(info.bytes));
  if (info.encoding.empty())
    return;
  json.attribute("decode_cycles", info.decodeCycles);
  json.attribute("tile_channels", info.tileChannels);
  json.attribute("tile_bytes", info.tileBytes);
}

void JSONReport::layer(const LayerInfo &info, const LayerCost &cost) {
  text("id", info.id);
  texts("ops", info.opNames);
  text("source", info.source);
  json.attributeObject("flash", [&] { flash(cost.flash); });
  json.attributeObject("ram", [&] {
    json.attribute("live", info.liveBytes);
    json.attribute("scratch", info.scratchBytes);
  });
  json.attribute("stack", cost.stackBytes);
  json.attribute("macs", info.macs);
  optional("instructions", info.instructions);
  optional("cycles", info.cycles);
  if (info.weight)
    json.attributeObject("weight", [&] { weight(*info.weight); });
  json.attributeArray("tensors", [&] {
    for (const PlacementInfo &placement : info.placements)
      json.object([&] {
        text("name", placement.name);
        json.attribute("offset", placement.arenaOffset);
        json.attribute("bytes", placement.bytes);
        json.attribute("result", placement.isResult);
      });
  });
  texts("functions", cost.functions);
}

void JSONReport::shared(const SharedSymbol &symbol) {
  text("symbol", symbol.name);
  if (symbol.flash.code)
    json.attribute("code", symbol.flash.code);
  if (symbol.flash.weights)
    json.attribute("weights", symbol.flash.weights);
  texts("layers", symbol.layers);
}

void JSONReport::preserved() {
  if (model.preserved.empty())
    return;
  json.attributeArray("preserved", [&] {
    for (const PreservedTensor &kept : model.preserved)
      json.object([&] {
        text("id", kept.id);
        tensor(kept.tensor, /*hasOffset=*/true);
      });
  });
}

void JSONReport::estimate(StringRef key, const std::optional<Estimate> &value) {
  if (!value)
    return;
  json.attributeObject(key, [&] {
    json.attribute("value", value->value);
    json.attribute("low", value->low);
    json.attribute("high", value->high);
  });
}

void JSONReport::network(const EvaluatedNetwork &evaluated) {
  const NetworkScore &score = evaluated.score;
  text("name", evaluated.name);
  estimate("score", score.score);
  estimate("absolute_error", score.absoluteError);
  estimate("agreement", score.agreement);
  estimate("divergence", score.divergence);
  if (score.drop)
    json.attributeObject("drop", [&] {
      json.attribute("value", score.drop->value);
      json.attribute("standard_error", score.drop->standardError);
    });
}

void JSONReport::evaluation() {
  if (!report.evaluation)
    return;
  json.attributeObject("evaluation", [&] {
    text("samples", report.evaluation->samples);
    json.attribute("count", report.evaluation->count);
    json.attribute("shared", report.evaluation->shared);
    text("task", report.evaluation->task);
    json.attributeArray("networks", [&] {
      for (const EvaluatedNetwork &evaluated : report.evaluation->networks)
        json.object([&] { network(evaluated); });
    });
  });
}

void JSONReport::write() {
  json.object([&] {
    json.attribute("schema", 1);
    text("model", model.name);
    text("cpu", report.cpu);
    text("io", getIOModeName(model.ioMode));
    totals();
    json.attributeObject("ram", [&] { memory(); });
    if (!model.cycleSource.empty())
      text("cycle_source", model.cycleSource);
    tensors("inputs", model.inputs);
    tensors("outputs", model.outputs);
    json.attributeArray("layers", [&] {
      for (auto [info, cost] : llvm::zip_equal(model.layers, report.layers))
        json.object([&, &info = info, &cost = cost] { layer(info, cost); });
    });
    json.attributeArray("shared", [&] {
      for (const SharedSymbol &symbol : report.shared)
        json.object([&] { shared(symbol); });
    });
    json.attributeObject("other", [&] { flash(report.other); });
    json.attributeArray("stack_path", [&] {
      for (const StackStep &step : report.stackPath)
        json.object([&] {
          text("function", step.function);
          json.attribute("bytes", step.bytes);
        });
    });
    texts("undefined", report.undefinedSymbols);
    preserved();
    evaluation();
  });
}

void thimble::writeJSON(const Report &report, llvm::raw_ostream &stream) {
  JSONReport(report, stream).write();
  stream << '\n';
}
