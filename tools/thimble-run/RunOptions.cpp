//===- RunOptions.cpp - The command line of thimble-run -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registered by a call, as the options of lib/Driver are.
//
//===----------------------------------------------------------------------===//

#include "RunOptions.h"
#include "thimble/Driver/Options.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace thimble;
namespace cl = llvm::cl;

namespace {
struct RunFlags {
  cl::OptionCategory category{"Run options"};
  cl::list<std::string> inputs{
      "input", cl::cat(category), cl::value_desc("file"),
      cl::desc("values of the next input: .npy, or raw bytes")};
  cl::list<std::string> outputs{
      "output", cl::cat(category), cl::value_desc("file"),
      cl::desc("where the next output goes: .npy, or raw bytes (default: all "
               "are printed)")};
  cl::list<std::string> expected{
      "compare", cl::cat(category), cl::value_desc("file"),
      cl::desc("what the next output is expected to be")};
  cl::opt<bool> exact{"exact", cl::cat(category),
                      cl::desc("compare floats bit for bit")};
  cl::opt<bool> layers{
      "layers", cl::cat(category),
      cl::desc("name the first layer that differs from the host's")};
  cl::opt<std::string> dump{
      "dump", cl::cat(category), cl::value_desc("folder"),
      cl::desc("write <thimble.id>.npy for every op; needs "
               "--preserve-tensors")};
  cl::opt<std::string> profile{
      "profile", cl::ValueOptional, cl::cat(category), cl::value_desc("json"),
      cl::desc("count instructions and cycles of every layer")};
  cl::opt<bool> stack{
      "stack", cl::cat(category),
      cl::desc("compare the measured stack with the compiler's bound")};
  cl::opt<unsigned> timeout{
      "timeout", cl::init(600), cl::cat(category), cl::value_desc("seconds"),
      cl::desc("stop the emulator after this time (default: 600)")};
};
} // namespace

static RunFlags *runFlags;

void thimble::registerRunOptions() {
  static RunFlags flags;
  runFlags = &flags;
}

/// The folder that the program's bin/ is in.
static std::string installationPrefix(const char *program) {
  static int anchor;
  std::string path = llvm::sys::fs::getMainExecutable(program, &anchor);
  return llvm::sys::path::parent_path(llvm::sys::path::parent_path(path)).str();
}

static LogicalResult checkOptions(Location location,
                                  const RunOptions &options) {
  auto needsCore = [&](bool isGiven, StringRef option) -> LogicalResult {
    if (!isGiven || !options.isHost())
      return success();
    return emitError(location)
           << "expected an emulated core with " << option
           << ", found the host: give --mcpu, as --mcpu=cortex-m4";
  };
  if (failed(needsCore(options.compareLayers, "--layers")) ||
      failed(needsCore(options.profile, "--profile")) ||
      failed(needsCore(options.measureStack, "--stack")))
    return failure();
  bool keepsTensors = options.compilation.preserveTensors;
  if (!options.dumpFolder.empty() && !keepsTensors)
    return emitError(location)
           << "--dump needs the results of all ops: give --preserve-tensors";
  if (!options.dumpFolder.empty() &&
      !llvm::sys::fs::is_directory(options.dumpFolder))
    return emitError(location) << "expected an existing folder as --dump, "
                                  "found '"
                               << options.dumpFolder << "'";
  if (keepsTensors && options.compilation.io != "arena")
    return emitError(location) << "--preserve-tensors and --layers keep "
                                  "tensors in the arena: use --io=arena";
  return success();
}

FailureOr<RunOptions> thimble::getRunOptions(MLIRContext &context,
                                             const char *program) {
  const RunFlags &flags = *runFlags;
  RunOptions options;
  options.compilation = getCompilationOptions();
  options.compilation.rowDriver = true; // one call runs a vector
  if (options.compilation.cpu.empty())
    options.compilation.cpu = "host";
  options.inputs.assign(flags.inputs.begin(), flags.inputs.end());
  options.outputs.assign(flags.outputs.begin(), flags.outputs.end());
  options.expected.assign(flags.expected.begin(), flags.expected.end());
  options.floatRule = flags.exact ? FloatRule::exact : FloatRule::tolerance;
  options.compareLayers = flags.layers;
  if (options.compareLayers) {
    options.compilation.preserveTensors = true;
    options.compilation.level = "0";
  }
  options.dumpFolder = flags.dump;
  options.profile = flags.profile.getNumOccurrences() > 0;
  options.profileFile = flags.profile;
  options.measureStack = flags.stack;
  options.timeoutSeconds = flags.timeout;
  options.prefix = installationPrefix(program);
  Location location =
      FileLineColLoc::get(&context, options.compilation.input, 0, 0);
  if (failed(checkOptions(location, options)))
    return failure();
  return options;
}
