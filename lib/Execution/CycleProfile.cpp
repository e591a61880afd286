//===- CycleProfile.cpp - Instructions and cycles per layer ---------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The counter knows addresses only; names come from the linked image.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/CycleProfile.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace thimble;
using llvm::StringRef;
namespace json = llvm::json;

static constexpr StringRef restName = "invoke";
/// Of the function that copies a layer's newest row to its place.
static constexpr StringRef holdSuffix = ".hold";
/// Characters of a layer's source in the table: fused layers have the names of
/// all their tensors.
static constexpr size_t maxSourceLength = 60;

llvm::Expected<std::string> thimble::makeSymbolFile(const ModelInfo &model,
                                                    StringRef image) {
  auto object = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(image, "firmware"));
  if (!object)
    return object.takeError();
  llvm::StringMap<std::pair<uint64_t, uint64_t>> functions;
  for (llvm::object::ELFSymbolRef symbol : (*object)->symbols()) {
    llvm::Expected<StringRef> name = symbol.getName();
    llvm::Expected<uint64_t> address = symbol.getAddress();
    if (!name || !address)
      return llvm::joinErrors(name.takeError(), address.takeError());
    if (symbol.getELFType() == llvm::ELF::STT_FUNC)
      functions[*name] = {*address, symbol.getSize()};
  }
  std::string text;
  llvm::raw_string_ostream stream(text);
  auto add = [&](char kind, StringRef name) {
    auto found = functions.find(name);
    if (found == functions.end())
      return false;
    stream << kind << " " << llvm::format_hex_no_prefix(found->second.first, 8)
           << " " << llvm::format_hex_no_prefix(found->second.second, 1) << " "
           << name << "\n";
    return true;
  };
  if (!add('I', model.name + "_invoke"))
    return llvm::createStringError("the firmware has no '" + model.name +
                                   "_invoke'");
  // A layer without code, as a reshape in place, has no function.
  for (const LayerInfo &layer : model.layers)
    for (StringRef suffix : {StringRef(), holdSuffix})
      add('L', (model.name + "." + layer.id + suffix).str());
  return text;
}

/// Reads `object[key]`, an object with instructions and cycles.
static bool readCount(const json::Object *object, CycleCount &count) {
  if (!object)
    return false;
  std::optional<int64_t> instructions = object->getInteger("instructions");
  std::optional<int64_t> cycles = object->getInteger("cycles");
  if (!instructions || !cycles)
    return false;
  count.instructions = *instructions;
  count.cycles = *cycles;
  return true;
}

static bool readLayers(const ModelInfo &model, const json::Object &root,
                       CycleProfile &profile) {
  llvm::StringMap<LayerCycles> byName;
  const json::Array *layers = root.getArray("layers");
  if (!layers)
    return false;
  for (const json::Value &value : *layers) {
    const json::Object *layer = value.getAsObject();
    if (!layer)
      return false;
    auto name = layer->getString("name");
    auto calls = layer->getInteger("calls");
    LayerCycles cycles;
    if (!name || !calls || !readCount(layer, cycles.count))
      return false;
    cycles.calls = *calls;
    byName[*name] = cycles;
  }
  for (const LayerInfo &layer : model.layers) {
    std::string name = model.name + "." + layer.id;
    LayerCycles &own = profile.layers.emplace_back(byName.lookup(name));
    own.id = layer.id;
    CycleCount hold = byName.lookup(name + holdSuffix.str()).count;
    own.count.instructions += hold.instructions;
    own.count.cycles += hold.cycles;
  }
  profile.layers.push_back(byName.lookup(restName));
  profile.layers.back().id = restName.str();
  return true;
}

llvm::Expected<CycleProfile> thimble::parseProfile(const ModelInfo &model,
                                                   StringRef report) {
  llvm::Expected<json::Value> value = json::parse(report);
  if (!value)
    return value.takeError();
  CycleProfile profile;
  const json::Object *root = value->getAsObject();
  if (!root || root->getInteger("schema") != 1 ||
      !readCount(root->getObject("total"), profile.total) ||
      !readCount(root->getObject("min"), profile.min) ||
      !readCount(root->getObject("max"), profile.max) ||
      !readLayers(model, *root, profile))
    return llvm::createStringError(
        "expected version 1 of the cycle counter's report, found another");
  profile.core = root->getString("core").value_or("").str();
  profile.isEstimate = root->getBoolean("estimate").value_or(false);
  profile.invocations = root->getInteger("invocations").value_or(0);
  if (profile.invocations == 0)
    return llvm::createStringError(
        "the cycle counter saw no call of the model");
  return profile;
}

/// A line of the table; all numbers are of one inference.
static void writeRow(llvm::raw_ostream &stream, StringRef name, double count,
                     double cycles, uint64_t macs, StringRef source) {
  stream << llvm::format("%-28s %13.0f %13.0f %12" PRIu64, name.str().c_str(),
                         count, cycles, macs);
  if (macs)
    stream << llvm::format(" %9.2f %9.2f", count / macs, cycles / macs);
  else
    stream << llvm::format(" %9s %9s", "", "");
  if (!source.empty())
    stream << "  " << source.take_front(maxSourceLength)
           << (source.size() > maxSourceLength ? "..." : "");
  stream << "\n";
}

void thimble::writeProfileTable(const ModelInfo &model,
                                const CycleProfile &profile,
                                llvm::raw_ostream &stream) {
  stream << llvm::format("%-28s %13s %13s %12s %9s %9s  %s\n", "layer",
                         "instructions", "cycles", "MACs", "ins./MAC",
                         "cyc./MAC", "source");
  double calls = profile.invocations;
  uint64_t macs = 0;
  for (auto [index, layer] : llvm::enumerate(profile.layers)) {
    bool isLayer = index < model.layers.size();
    uint64_t layerMacs = isLayer ? model.layers[index].macs : 0;
    macs += layerMacs;
    writeRow(stream, layer.id, layer.count.instructions / calls,
             layer.count.cycles / calls, layerMacs,
             isLayer ? StringRef(model.layers[index].source) : "");
  }
  writeRow(stream, "total", profile.total.instructions / calls,
           profile.total.cycles / calls, macs, "");
  stream << profile.core << ", "
         << (profile.isEstimate ? "cycles are an estimate"
                                : "cycles by the vendor's timing");
  if (profile.invocations > 1)
    stream << ", mean of " << profile.invocations << " inferences ("
           << profile.min.instructions << " to " << profile.max.instructions
           << " instructions)";
  stream << "\n";
}

static json::Object toJSON(const CycleCount &count) {
  return json::Object{{"instructions", count.instructions},
                      {"cycles", count.cycles}};
}

void thimble::writeProfileJSON(const ModelInfo &model,
                               const CycleProfile &profile,
                               std::optional<StackUse> stack,
                               llvm::raw_ostream &stream) {
  json::Array layers;
  for (auto [index, layer] : llvm::enumerate(profile.layers)) {
    json::Object row = toJSON(layer.count);
    row["id"] = json::fixUTF8(layer.id);
    row["calls"] = layer.calls;
    if (index < model.layers.size()) {
      row["macs"] = model.layers[index].macs;
      row["source"] = json::fixUTF8(model.layers[index].source);
    }
    layers.push_back(std::move(row));
  }
  json::Object root{{"schema", 1},
                    {"model", model.name},
                    {"core", profile.core},
                    {"estimate", profile.isEstimate},
                    {"invocations", profile.invocations},
                    {"total", toJSON(profile.total)},
                    {"min", toJSON(profile.min)},
                    {"max", toJSON(profile.max)},
                    {"layers", std::move(layers)}};
  if (stack)
    root["stack"] =
        json::Object{{"measured", stack->measured}, {"bound", stack->bound}};
  stream << llvm::formatv("{0:2}", json::Value(std::move(root))) << "\n";
}
