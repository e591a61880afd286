//===- Report.cpp - What a compiled model costs ---------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes functions and tables of an object to layers: by their names, and
// functions with other names by who calls them.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/Report.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace thimble;
using llvm::SmallVector;
using llvm::StringRef;

template <typename Field>
static std::optional<uint64_t> sumIfComplete(llvm::ArrayRef<LayerInfo> layers,
                                             Field field) {
  if (layers.empty())
    return std::nullopt;
  uint64_t sum = 0;
  for (const LayerInfo &layer : layers) {
    if (!(layer.*field))
      return std::nullopt;
    sum += *(layer.*field);
  }
  return sum;
}

std::optional<uint64_t> Report::getInstructions() const {
  return sumIfComplete(model.layers, &LayerInfo::instructions);
}

std::optional<uint64_t> Report::getCycles() const {
  return sumIfComplete(model.layers, &LayerInfo::cycles);
}

uint64_t Report::getMacs() const {
  uint64_t sum = 0;
  for (const LayerInfo &layer : model.layers)
    sum += layer.macs;
  return sum;
}

/// What thimble-run calls where rows are pushed.
static constexpr llvm::StringLiteral driverName = "_invoke";

namespace {
class Attribution {
public:
  Attribution(Report &report, const ObjectContents &contents,
              const StackBounds &stack)
      : report(report), contents(contents), stack(stack),
        users(contents.functions.size()) {
    for (auto [index, layer] : llvm::enumerate(report.model.layers))
      layerIndices[layer.id] = index;
  }

  void run();

private:
  std::optional<unsigned> findLayer(StringRef symbol) const;
  void markUsers(unsigned function, unsigned layer);
  void findUsers();
  void attributeFunctions();
  void attributeTables();
  /// A function of the C ABI, or one that only calls the layers of a stream.
  bool isEntry(StringRef name) const;
  void followDeepestPath();

  Report &report;
  const ObjectContents &contents;
  const StackBounds &stack;
  llvm::StringMap<unsigned> layerIndices;
  /// Layers that reach each function by calls, ascending.
  SmallVector<SmallVector<unsigned, 2>, 0> users;
};
} // namespace

/// The layer whose function or table `symbol` names: `<model>.<id>`, or that
/// with something behind a dot. Ids may contain dots: the longest one counts.
std::optional<unsigned> Attribution::findLayer(StringRef symbol) const {
  if (!symbol.consume_front(report.model.name) || !symbol.consume_front("."))
    return std::nullopt;
  for (;;) {
    auto found = layerIndices.find(symbol);
    if (found != layerIndices.end())
      return found->second;
    size_t dot = symbol.rfind('.');
    if (dot == StringRef::npos)
      return std::nullopt;
    symbol = symbol.take_front(dot);
  }
}

void Attribution::markUsers(unsigned function, unsigned layer) {
  if (llvm::is_contained(users[function], layer))
    return;
  users[function].push_back(layer);
  for (unsigned callee : contents.functions[function].callees)
    markUsers(callee, layer);
}

/// A layer's functions are `<model>.<id>`, what only it calls, and copies of
/// these that the optimizer specialized, which nothing but the entry point
/// calls. A kernel that several layers call may be named after any of them.
void Attribution::findUsers() {
  StringRef prefix = report.model.name;
  auto mark = [&](bool isExact) {
    for (auto [index, function] : llvm::enumerate(contents.functions)) {
      std::optional<unsigned> layer = findLayer(function.name);
      if (!layer || !users[index].empty() ||
          (isExact && StringRef(function.name).drop_front(prefix.size() + 1) !=
                          report.model.layers[*layer].id))
        continue;
      markUsers(index, *layer);
      uint64_t &bytes = report.layers[*layer].stackBytes;
      bytes = std::max(bytes, stack.bytes[index]);
    }
  };
  mark(/*isExact=*/true);
  mark(/*isExact=*/false);
  for (SmallVector<unsigned, 2> &layers : users)
    llvm::sort(layers);
}

void Attribution::attributeFunctions() {
  findUsers();
  for (auto [index, function] : llvm::enumerate(contents.functions)) {
    if (users[index].size() == 1) {
      LayerCost &owner = report.layers[users[index].front()];
      owner.flash.code += function.codeBytes;
      owner.functions.push_back(function.name);
    } else if (!isEntry(function.name)) {
      SharedSymbol &shared = report.shared.emplace_back();
      shared.name = function.name;
      shared.flash.code = function.codeBytes;
      for (unsigned layer : users[index])
        shared.layers.push_back(report.model.layers[layer].id);
    }
  }
}

void Attribution::attributeTables() {
  for (const ObjectTable &table : contents.tables) {
    if (std::optional<unsigned> layer = findLayer(table.name)) {
      report.layers[*layer].flash.weights += table.bytes;
      continue;
    }
    SharedSymbol &shared = report.shared.emplace_back();
    shared.name = table.name;
    shared.flash.weights = table.bytes;
  }
}

bool Attribution::isEntry(StringRef name) const {
  if (!name.consume_front(report.model.name))
    return false;
  return name.starts_with(".stream") || name == driverName ||
         llvm::is_contained(report.model.getEntries(), name);
}

void Attribution::followDeepestPath() {
  const ObjectFunction *function = nullptr;
  auto bytesOf = [&](const ObjectFunction *f) {
    return stack.bytes[f - contents.functions.begin()];
  };
  auto consider = [&](StringRef entry) {
    const ObjectFunction *found =
        contents.find(report.model.name + entry.str());
    if (found && (!function || bytesOf(found) > bytesOf(function)))
      function = found;
  };
  llvm::for_each(report.model.getEntries(), consider);
  consider(driverName);
  while (function) {
    unsigned index = function - contents.functions.begin();
    report.stackPath.push_back({function->name, stack.bytes[index]});
    StringRef callee = stack.deepestCallee[index];
    function = contents.find(callee);
    if (!function && !callee.empty())
      report.stackPath.push_back(
          {callee.str(), getRuntimeStackBytes(callee).value_or(0)});
  }
  if (!report.stackPath.empty())
    report.stackBytes = report.stackPath.front().bytes;
}

void Attribution::run() {
  report.layers.resize(report.model.layers.size());
  attributeFunctions();
  attributeTables();
  followDeepestPath();
  // What remains is the entry point, the padding between functions and
  // constants without a symbol.
  report.other = report.flash;
  auto subtract = [&](const FlashBytes &flash) {
    report.other.code -= flash.code;
    report.other.weights -= flash.weights;
  };
  for (const LayerCost &layer : report.layers)
    subtract(layer.flash);
  for (const SharedSymbol &shared : report.shared)
    subtract(shared.flash);
}

Report thimble::makeReport(const ModelInfo &model, StringRef cpu,
                           const ObjectContents &contents,
                           const StackBounds &stack) {
  Report report;
  report.model = model;
  report.cpu = cpu.str();
  report.flash = {contents.codeBytes, contents.dataBytes};
  report.undefinedSymbols = contents.undefinedSymbols;
  Attribution(report, contents, stack).run();
  return report;
}
