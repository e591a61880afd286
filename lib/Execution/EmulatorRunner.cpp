//===- EmulatorRunner.cpp - Runs a model on an emulated core --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything lives in one temporary folder: object, firmware, job, tensors, and
// what the programs said.
//
//===----------------------------------------------------------------------===//

#include "thimble/Execution/EmulatorRunner.h"
#include "EmulatorJob.h"
#include "mlir/IR/Diagnostics.h"
#include "thimble/Target/OutputFiles.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace thimble;

namespace {
/// A folder that is removed in the end.
class TemporaryFolder {
public:
  ~TemporaryFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  std::error_code create() {
    return llvm::sys::fs::createUniqueDirectory("thimble-run", path);
  }
  std::string file(StringRef name) const {
    SmallString<128> result(path);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

private:
  SmallString<128> path;
};

/// One model in the emulator.
class EmulatedModel {
public:
  EmulatedModel(Location location, const ModelInfo &model,
                const EmulatorOptions &options)
      : location(location), model(model), options(options) {}
  LogicalResult prepare(StringRef object, const TensorVectors &inputs);
  LogicalResult link();
  LogicalResult emulate();
  LogicalResult collect(ExecutionResult &result);

private:
  LogicalResult writeSymbols();
  FailureOr<int> run(StringRef program, ArrayRef<std::string> arguments,
                     unsigned timeoutSeconds);
  LogicalResult explain(int exitCode);
  FailureOr<std::string> read(const std::string &path);
  /// What the last program said.
  std::string log();

  Location location;
  const ModelInfo &model;
  const EmulatorOptions &options;
  EmulatorToolchain toolchain;
  TemporaryFolder folder;
  JobFiles files;
  std::string object, image, symbols, cycles;
};
} // namespace

LogicalResult EmulatedModel::prepare(StringRef objectBytes,
                                     const TensorVectors &inputs) {
  auto found = EmulatorToolchain::find(location, options.prefix, options.cpu,
                                       options.countCycles);
  if (failed(found))
    return failure();
  toolchain = *found;
  if (model.ioMode == IOMode::pointers &&
      1 + model.inputs.size() + model.outputs.size() > maxArguments)
    return emitError(location)
           << "expected at most " << maxArguments - 1
           << " inputs and outputs with --io=pointers, found "
           << model.inputs.size() + model.outputs.size() << ": use --io=arena";
  if (std::error_code error = folder.create())
    return emitError(location)
           << "cannot make a temporary folder: " << error.message();
  files = {folder.file("job"), folder.file("input"), folder.file("output"),
           folder.file("result")};
  if (files.job.size() >= THIMBLE_JOB_MAX_PATH)
    return emitError(location) << "expected a shorter path of temporary files, "
                                  "found '"
                               << files.job << "': set TMPDIR";
  object = folder.file("model.o");
  image = folder.file("firmware.elf");
  symbols = folder.file("symbols");
  cycles = folder.file("cycles.json");
  return writeFiles(location,
                    {{object, objectBytes},
                     {files.job, formatJob(model, inputs.count, files)},
                     {files.input, formatJobInput(model, inputs)}});
}

FailureOr<std::string> EmulatedModel::read(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return emitError(location)
           << "cannot read '" << path << "': " << buffer.getError().message();
  return (*buffer)->getBuffer().str();
}

std::string EmulatedModel::log() {
  auto buffer = llvm::MemoryBuffer::getFile(folder.file("log"));
  return buffer ? (*buffer)->getBuffer().trim().str() : std::string();
}

FailureOr<int> EmulatedModel::run(StringRef program,
                                  ArrayRef<std::string> arguments,
                                  unsigned timeoutSeconds) {
  SmallVector<StringRef> command = {program};
  command.append(arguments.begin(), arguments.end());
  std::string log = folder.file("log");
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(log),
                                          StringRef(log)};
  std::string message;
  int status =
      llvm::sys::ExecuteAndWait(program, command, /*Env=*/std::nullopt,
                                redirects, timeoutSeconds, 0, &message);
  StringRef name = llvm::sys::path::filename(program);
  // Status -2 is a crash or the end of the time, which has this message.
  if (status == -2 && StringRef(message).contains("timed out"))
    return emitError(location) << name << " did not end within "
                               << timeoutSeconds << " s: give --timeout";
  if (status < 0)
    return emitError(location) << "cannot run " << name << ": " << message;
  return status;
}

LogicalResult EmulatedModel::link() {
  SmallVector<std::string> arguments = {
      "-T",
      toolchain.linkerScript,
      "-o",
      image,
      object,
      toolchain.archive,
      toolchain.libgcc,
      "--defsym=thimble_run_invoke=" + model.name + "_invoke"};
  if (model.stateBytes > 0)
    arguments.push_back("--defsym=thimble_run_reset=" + model.name + "_reset");
  FailureOr<int> status =
      run(toolchain.linker, arguments, options.timeoutSeconds);
  if (failed(status))
    return failure();
  if (*status != 0)
    return emitError(location)
           << "cannot link the model for the emulator: " << log();
  return options.countCycles ? writeSymbols() : success();
}

LogicalResult EmulatedModel::writeSymbols() {
  FailureOr<std::string> bytes = read(image);
  if (failed(bytes))
    return failure();
  llvm::Expected<std::string> text = makeSymbolFile(model, *bytes);
  if (!text)
    return emitError(location)
           << "cannot profile the model: " << llvm::toString(text.takeError());
  return writeFiles(location, {{symbols, *text}});
}

/// In options of the emulator a comma separates fields; two stand for one.
static std::string escapeCommas(StringRef path) {
  std::string result;
  for (char c : path)
    result.append(c == ',' ? 2 : 1, c);
  return result;
}

LogicalResult EmulatedModel::emulate() {
  SmallVector<std::string> arguments = {"-M",
                                        toolchain.machine,
                                        "-display",
                                        "none",
                                        "-monitor",
                                        "none",
                                        "-serial",
                                        "none",
                                        "-kernel",
                                        image,
                                        "-semihosting-config",
                                        "enable=on,target=native,arg=" +
                                            escapeCommas(files.job)};
  if (options.countCycles) {
    arguments.push_back("-plugin");
    arguments.push_back(
        escapeCommas(toolchain.cycleCounter) + ",core=" + options.cpu +
        ",symbols=" + escapeCommas(symbols) + ",out=" + escapeCommas(cycles));
  }
  FailureOr<int> status =
      run(toolchain.emulator, arguments, options.timeoutSeconds);
  if (failed(status))
    return failure();
  return *status == THIMBLE_EXIT_OK ? success() : explain(*status);
}

LogicalResult EmulatedModel::explain(int exitCode) {
  std::string said = log();
  if (exitCode == THIMBLE_EXIT_STATUS && said.empty()) {
    FailureOr<std::string> bytes = read(files.result);
    if (failed(bytes))
      return failure();
    if (std::optional<thimble_result> result = readJobResult(*bytes))
      return emitError(location)
             << "on " << options.cpu << ": " << describeFailure(*result);
  }
  if (exitCode == THIMBLE_EXIT_FAULT)
    return emitError(location) << "the model faulted on " << options.cpu << ": "
                               << said << "; this is a mistake of the compiler";
  return emitError(location)
         << "the emulator ended with status " << exitCode << ": "
         << (said.empty() ? std::string("it said nothing") : said);
}

LogicalResult EmulatedModel::collect(ExecutionResult &result) {
  FailureOr<std::string> output = read(files.output);
  FailureOr<std::string> status = read(files.result);
  if (failed(output) || failed(status))
    return failure();
  std::optional<thimble_result> header = readJobResult(*status);
  if (!header || !readJobOutput(model, *output, result))
    return emitError(location) << "the emulator left incomplete results";
  result.stackBytes = header->stack_bytes;
  if (!options.countCycles)
    return success();
  FailureOr<std::string> report = read(cycles);
  if (failed(report))
    return failure();
  llvm::Expected<CycleProfile> profile = parseProfile(model, *report);
  if (!profile)
    return emitError(location) << "cannot read the cycle counter's report: "
                               << llvm::toString(profile.takeError());
  result.profile = *profile;
  return success();
}

FailureOr<ExecutionResult>
thimble::runInEmulator(Location location, const ModelInfo &model,
                       StringRef object, const TensorVectors &inputs,
                       const EmulatorOptions &options) {
  EmulatedModel emulated(location, model, options);
  ExecutionResult result(model, inputs);
  if (failed(emulated.prepare(object, inputs)) || failed(emulated.link()) ||
      failed(emulated.emulate()) || failed(emulated.collect(result)))
    return failure();
  return result;
}
