//===- Frontier.cpp - Fewest bytes for each loss --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The file is for scripts and plots; docs/compression.md describes it.
//
//===----------------------------------------------------------------------===//

#include "Frontier.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace thimble;
namespace json = llvm::json;

AllocationOptions thimble::getCosts(const OptionTable &table) {
  AllocationOptions costs;
  for (const std::vector<LayerOption> &list : table.layers) {
    std::vector<AllocationCost> &options = costs.emplace_back();
    for (const LayerOption &option : list)
      options.push_back(
          {double(option.bytes), option.cycles, std::max(option.loss, 0.0)});
  }
  return costs;
}

static json::Object toJSON(const LayerOption &option) {
  std::string recipe;
  llvm::raw_string_ostream(recipe) << option.recipe;
  return json::Object{{"recipe", recipe},
                      {"bytes", option.bytes},
                      {"cycles", option.cycles},
                      {"loss", option.loss}};
}

LogicalResult Frontier::write(func::FuncOp model, StringRef path) const {
  json::Array layers, walked;
  for (const std::vector<LayerOption> &list : table.layers) {
    json::Array options;
    for (const LayerOption &option : list)
      options.push_back(toJSON(option));
    layers.push_back(std::move(options));
  }
  for (const Allocation &point : points) {
    json::Array choices;
    for (int64_t choice : point.choices)
      choices.push_back(choice);
    walked.push_back(json::Object{{"bytes", int64_t(point.total.bytes)},
                                  {"cycles", point.total.cycles},
                                  {"loss", point.total.loss},
                                  {"options", std::move(choices)}});
  }
  json::Value file = json::Object{{"base_loss", table.baseLoss},
                                  {"layers", std::move(layers)},
                                  {"frontier", std::move(walked)}};
  llvm::Error error = llvm::writeToOutput(path, [&](llvm::raw_ostream &stream) {
    stream << llvm::formatv("{0:2}", file) << '\n';
    return llvm::Error::success();
  });
  if (error)
    return model.emitError("cannot write the frontier: ")
           << llvm::toString(std::move(error));
  return success();
}
