//===- CompressionOptions.cpp - The command line of compression -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registered by calls, as those of Options.cpp.
//
//===----------------------------------------------------------------------===//

#include "thimble/Driver/CompressionOptions.h"
#include "ByteOption.h"
#include "llvm/Support/CommandLine.h"

using namespace thimble;
using llvm::StringRef;
namespace cl = llvm::cl;

namespace {
/// A number of at least 0.
struct PointsParser : cl::parser<double> {
  using cl::parser<double>::parser;
  bool parse(cl::Option &option, StringRef, StringRef text, double &points) {
    if (text.getAsDouble(points) || !(points >= 0 && points <= 100))
      return option.error("expected percent points between 0 and 100 such as "
                          "0.5, found '" +
                          text + "'");
    return false;
  }
};

/// 8 or 16.
struct BitsParser : cl::parser<unsigned> {
  using cl::parser<unsigned>::parser;
  bool parse(cl::Option &option, StringRef, StringRef text, unsigned &bits) {
    if (text.getAsInteger(10, bits) || (bits != 8 && bits != 16))
      return option.error("expected 8 or 16 bits, found '" + text + "'");
    return false;
  }
};

struct CompressionFlags {
  cl::OptionCategory category{"Compression options"};
  cl::opt<std::string> calibrate{
      "calibrate", cl::cat(category), cl::value_desc("path"),
      cl::desc("compress a float model with these samples: .npy, .npz, or a "
               "folder of .png or .wav files; no labels needed")};
  cl::opt<std::string> sampleScale{
      "sample-scale", cl::cat(category), cl::value_desc("number"),
      cl::desc("what the numbers of all samples are multiplied with to be the "
               "model's (default: 1, or as <samples>.json says)")};
  cl::opt<std::string> sampleOffset{
      "sample-offset", cl::cat(category), cl::value_desc("number"),
      cl::desc("what is added then (default: 0, or as <samples>.json says)")};
  cl::opt<unsigned, false, BitsParser> activationBits{
      "activation-bits", cl::cat(category), cl::init(8), cl::value_desc("8|16"),
      cl::desc("bits of everything but weights (default: 8); 16 is more "
               "accurate and takes twice the RAM")};
  cl::opt<double, false, PointsParser> maxDrop{
      "max-drop", cl::cat(category), cl::value_desc("points"),
      cl::desc("most percent points to lose, on a part of the --calibrate "
               "samples that nothing else is done with")};
  ByteOption maxWeights{
      "max-weights", cl::cat(category),
      cl::desc("most bytes of weights as they are stored, whatever the code "
               "that decodes them takes")};
  cl::opt<unsigned long long> maxCycles{
      "max-cycles", cl::cat(category), cl::init(0), cl::value_desc("cycles"),
      cl::desc("most cycles of one inference, as estimated")};
  cl::opt<unsigned long long> seed{"seed", cl::cat(category), cl::init(0),
                                   cl::desc("of all random choices")};
  cl::opt<unsigned> epochs{
      "epochs", cl::cat(category), cl::init(10), cl::value_desc("number"),
      cl::desc("how often distillation goes through the samples (default: 10; "
               "0: no distillation)")};
  cl::opt<std::string> cache{
      "cache", cl::cat(category), cl::value_desc("folder"),
      cl::desc("keep measurements here: another budget then takes less time")};
  cl::opt<std::string> pareto{
      "pareto", cl::cat(category), cl::value_desc("path"),
      cl::desc("write all points that were tried: .json")};
};

struct EvaluationFlags {
  cl::OptionCategory category{"Evaluation options"};
  cl::opt<std::string> evaluate{
      "evaluate", cl::cat(category), cl::value_desc("path"),
      cl::desc("report how the networks do on these samples; nothing is "
               "chosen by them")};
  cl::opt<std::string> labels{
      "labels", cl::cat(category), cl::value_desc("path"),
      cl::desc("labels of the --evaluate samples that are not in their file: "
               ".npy, or .csv with file,label")};
  cl::opt<std::string> task{
      "task", cl::cat(category), cl::value_desc("name"),
      cl::desc("what the network is judged by: top1, auc, mse or agreement "
               "(default: by labels and shapes)")};
};
} // namespace

static CompressionFlags *compressionFlags;
static EvaluationFlags *evaluationFlags;

void thimble::registerCompressionOptions() {
  static CompressionFlags flags;
  compressionFlags = &flags;
}

void thimble::registerEvaluationOptions() {
  static EvaluationFlags flags;
  evaluationFlags = &flags;
}

CompressionOptions thimble::getCompressionOptions() {
  CompressionOptions options;
  if (!compressionFlags)
    return options;
  const CompressionFlags &flags = *compressionFlags;
  options.calibrate = flags.calibrate;
  options.sampleScale = flags.sampleScale;
  options.sampleOffset = flags.sampleOffset;
  if (flags.maxDrop.getNumOccurrences() > 0)
    options.maxDrop = flags.maxDrop;
  options.maxWeights = getGiven(flags.maxWeights);
  if (flags.maxCycles.getNumOccurrences() > 0)
    options.maxCycles = flags.maxCycles;
  options.activationBits = flags.activationBits;
  options.seed = flags.seed;
  options.epochs = flags.epochs;
  options.cache = flags.cache;
  options.pareto = flags.pareto;
  return options;
}

EvaluationOptions thimble::getEvaluationOptions() {
  EvaluationOptions options;
  if (!evaluationFlags)
    return options;
  options.samples = evaluationFlags->evaluate;
  options.labels = evaluationFlags->labels;
  options.task = evaluationFlags->task;
  return options;
}
