//===- OptionCache.cpp - Measured options, kept between runs --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON; recipes in MLIR's own text.
//
//===----------------------------------------------------------------------===//

#include "OptionCache.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Diagnostics.h"
#include "thimble/Compression/Teacher.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace thimble;
namespace json = llvm::json;

/// Changes whenever the same networks would be measured in another way.
static constexpr StringLiteral version = "options 5";

std::string OptionCache::getKey(const TeacherAndStudent &networks,
                                ArrayRef<const SampleBlock *> samples,
                                StringRef settings) {
  std::string text = (version + "\n" + settings + "\n").str();
  llvm::raw_string_ostream stream(text);
  func::FuncOp model = networks.model;
  model->print(stream);
  getTeacher(model)->print(stream);
  for (const SampleBlock *block : samples)
    for (const std::vector<float> &input : block->inputs)
      stream << '\n'
             << llvm::xxh3_64bits(
                    ArrayRef(reinterpret_cast<const uint8_t *>(input.data()),
                             input.size() * sizeof(float)));
  // 128 bits in two halves that are hashes of different texts.
  uint64_t first = llvm::xxh3_64bits(text);
  text += '+';
  uint64_t second = llvm::xxh3_64bits(text);
  return llvm::utohexstr(first) + llvm::utohexstr(second);
}

std::string OptionCache::pathOf(StringRef key) const {
  SmallString<256> path(folder);
  llvm::sys::path::append(path, "options-" + key + ".json");
  return std::string(path);
}

/// The recipe that the text says, null if it says none.
static RecipeAttr parseRecipe(StringRef text, MLIRContext *context) {
  // A damaged file is measured again, without a word.
  ScopedDiagnosticHandler silent(context,
                                 [](Diagnostic &) { return success(); });
  return dyn_cast_or_null<RecipeAttr>(parseAttribute(text, context));
}

static std::optional<LayerOption> parseOption(const json::Value &value,
                                              MLIRContext *context) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return std::nullopt;
  std::optional<StringRef> recipe = object->getString("recipe");
  std::optional<int64_t> bytes = object->getInteger("bytes");
  std::optional<double> cycles = object->getNumber("cycles");
  std::optional<double> loss = object->getNumber("loss");
  if (!recipe || !bytes || !cycles || !loss)
    return std::nullopt;
  LayerOption option{parseRecipe(*recipe, context), *bytes, *cycles, *loss};
  if (!option.recipe)
    return std::nullopt;
  return option;
}

std::optional<OptionTable> OptionCache::load(StringRef key,
                                             MLIRContext *context) const {
  if (folder.empty())
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFile(pathOf(key));
  if (!buffer)
    return std::nullopt;
  llvm::Expected<json::Value> file = json::parse((*buffer)->getBuffer());
  if (!file) {
    llvm::consumeError(file.takeError());
    return std::nullopt;
  }
  const json::Object *object = file->getAsObject();
  const json::Array *layers = object ? object->getArray("layers") : nullptr;
  std::optional<double> loss =
      object ? object->getNumber("base_loss") : std::nullopt;
  if (!layers || !loss)
    return std::nullopt;
  OptionTable table;
  table.baseLoss = *loss;
  for (const json::Value &layer : *layers) {
    const json::Array *options = layer.getAsArray();
    if (!options || options->empty())
      return std::nullopt;
    std::vector<LayerOption> &list = table.layers.emplace_back();
    for (const json::Value &value : *options) {
      std::optional<LayerOption> option = parseOption(value, context);
      if (!option)
        return std::nullopt;
      list.push_back(*option);
    }
  }
  return table;
}

void OptionCache::store(StringRef key, const OptionTable &table) const {
  if (folder.empty() || llvm::sys::fs::create_directories(folder))
    return;
  json::Array layers;
  for (const std::vector<LayerOption> &list : table.layers) {
    json::Array options;
    for (const LayerOption &option : list) {
      std::string recipe;
      llvm::raw_string_ostream(recipe) << option.recipe;
      options.push_back(json::Object{{"recipe", recipe},
                                     {"bytes", option.bytes},
                                     {"cycles", option.cycles},
                                     {"loss", option.loss}});
    }
    layers.push_back(std::move(options));
  }
  json::Value file = json::Object{{"base_loss", table.baseLoss},
                                  {"layers", std::move(layers)}};
  llvm::Error error =
      llvm::writeToOutput(pathOf(key), [&](llvm::raw_ostream &stream) {
        stream << file << '\n';
        return llvm::Error::success();
      });
  llvm::consumeError(std::move(error));
}
