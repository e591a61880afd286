//===- RunModel.cpp - Compiles, runs and judges a model -------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One run on the chosen machine; for --layers a second one on the host.
//
//===----------------------------------------------------------------------===//

#include "RunModel.h"
#include "mlir/IR/Diagnostics.h"
#include "thimble/Execution/EmulatorRunner.h"
#include "thimble/Execution/HostRunner.h"
#include "thimble/Target/OutputFiles.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace thimble;

namespace {
/// A model compiled for one machine, and what it gave.
struct CompiledRun {
  ModelInfo model;
  CompiledModel compiled;
  TensorVectors inputs;
  std::optional<ExecutionResult> result;
};

class Run {
public:
  Run(MLIRContext &context, const RunOptions &options)
      : context(context), options(options),
        location(
            FileLineColLoc::get(&context, options.compilation.input, 0, 0)) {}
  LogicalResult execute();

private:
  FailureOr<CompiledRun> runOn(StringRef cpu);
  LogicalResult write(const CompiledRun &run);
  LogicalResult compare(const CompiledRun &run, const TensorVectors &expected);
  LogicalResult compareLayers(const CompiledRun &run, const CompiledRun &host);
  LogicalResult checkStack(const CompiledRun &run);
  std::string dumpPath(StringRef id);

  MLIRContext &context;
  const RunOptions &options;
  Location location;
};
} // namespace

FailureOr<CompiledRun> Run::runOn(StringRef cpu) {
  CompilationOptions compilationOptions = options.compilation;
  compilationOptions.cpu = cpu.str();
  Compilation compilation(context, std::move(compilationOptions));
  CompiledRun run;
  if (failed(compilation.load()) || failed(compilation.runTo(Stage::Planned)))
    return failure();
  run.model = compilation.getModelInfo();
  // What is wrong with the files is known before the code is generated.
  FailureOr<TensorVectors> inputs =
      readTensors(location, run.model.inputs, options.inputs, "input", "input");
  if (failed(inputs))
    return failure();
  run.inputs = std::move(*inputs);
  FailureOr<CompiledModel> compiled = compilation.compile();
  if (failed(compiled))
    return failure();
  run.compiled = std::move(*compiled);
  EmulatorOptions emulator{options.prefix, cpu.str(), options.timeoutSeconds,
                           options.profile};
  FailureOr<ExecutionResult> result =
      cpu == "host"
          ? runOnHost(location, run.model, run.compiled.object, run.inputs)
          : runInEmulator(location, run.model, run.compiled.object, run.inputs,
                          emulator);
  if (failed(result))
    return failure();
  run.result = std::move(*result);
  return run;
}

std::string Run::dumpPath(StringRef id) {
  SmallString<128> path(options.dumpFolder);
  llvm::sys::path::append(path, id + ".npy");
  return path.str().str();
}

/// Writes outputs, op results and the profile, or prints what has no file.
LogicalResult Run::write(const CompiledRun &run) {
  const ExecutionResult &result = *run.result;
  SmallVector<std::pair<std::string, std::string>> contents;
  for (auto [path, tensor, bytes] : llvm::zip_equal(
           options.outputs, run.model.outputs, result.outputs.tensors))
    contents.emplace_back(
        path, formatTensorFile(path, tensor, result.outputs, bytes));
  if (!options.dumpFolder.empty())
    for (auto [preserved, bytes] :
         llvm::zip_equal(run.model.preserved, result.preserved.tensors)) {
      std::string path = dumpPath(preserved.id);
      contents.emplace_back(path, formatTensorFile(path, preserved.tensor,
                                                   result.preserved, bytes));
    }
  std::optional<StackUse> stack;
  if (result.stackBytes)
    stack = {*result.stackBytes, run.compiled.report.stackBytes};
  if (!options.profileFile.empty()) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    writeProfileJSON(run.model, *result.profile, stack, stream);
    contents.emplace_back(options.profileFile, std::move(text));
  }
  SmallVector<OutputFile> files;
  for (auto &[path, bytes] : contents)
    files.push_back({path, bytes});
  return writeFiles(location, files);
}

LogicalResult Run::compare(const CompiledRun &run,
                           const TensorVectors &expected) {
  const TensorVectors &found = run.result->outputs;
  if (expected.count != found.count)
    return emitError(location)
           << "expected as many vectors in --compare as in --input, "
           << found.count << ", found " << expected.count;
  std::optional<Difference> difference =
      findDifference(run.model.outputs, found, expected, options.floatRule);
  if (difference)
    return emitError(location) << "output " << difference->tensor << " '"
                               << run.model.outputs[difference->tensor].name
                               << "' differs: " << difference->describe();
  llvm::outs() << "all outputs of " << found.count
               << (found.count == 1 ? " vector" : " vectors")
               << " are as expected\n";
  return success();
}

LogicalResult Run::compareLayers(const CompiledRun &run,
                                 const CompiledRun &host) {
  // The two may have been planned differently; ids say what belongs together.
  llvm::StringMap<size_t> hostIndex;
  for (auto [index, preserved] : llvm::enumerate(host.model.preserved))
    hostIndex.try_emplace(preserved.id, index);
  for (auto [index, preserved] : llvm::enumerate(run.model.preserved)) {
    auto other = hostIndex.find(preserved.id);
    if (other == hostIndex.end())
      continue;
    TensorVectors found = run.result->preserved;
    found.tensors = {run.result->preserved.tensors[index]};
    TensorVectors expected = host.result->preserved;
    expected.tensors = {host.result->preserved.tensors[other->second]};
    std::optional<Difference> difference =
        findDifference(preserved.tensor, found, expected, FloatRule::exact);
    if (difference)
      return emitError(location)
             << "layer '" << preserved.id << "' ('" << preserved.tensor.name
             << "') differs from the host: " << difference->describe();
  }
  llvm::outs() << "all " << run.model.preserved.size()
               << " layers are as on the host\n";
  return success();
}

LogicalResult Run::checkStack(const CompiledRun &run) {
  uint64_t bound = run.compiled.report.stackBytes;
  uint64_t measured = *run.result->stackBytes;
  llvm::outs() << "stack: " << measured << " bytes measured, " << bound
               << " bytes bound\n";
  if (measured > bound)
    return emitError(location)
           << "expected at most " << bound
           << " bytes of stack, the compiler's bound, found " << measured;
  return success();
}

LogicalResult Run::execute() {
  FailureOr<CompiledRun> run = runOn(options.compilation.cpu);
  if (failed(run))
    return failure();
  if (!options.outputs.empty() &&
      options.outputs.size() != run->model.outputs.size())
    return emitError(location)
           << "expected " << run->model.outputs.size()
           << " --output files or none, found " << options.outputs.size();
  std::optional<TensorVectors> expected;
  if (!options.expected.empty()) {
    auto read = readTensors(location, run->model.outputs, options.expected,
                            "compare", "output");
    if (failed(read))
      return failure();
    expected = std::move(*read);
  }
  std::optional<CompiledRun> host;
  if (options.compareLayers) {
    auto onHost = runOn("host");
    if (failed(onHost))
      return failure();
    host = std::move(*onHost);
  }
  if (failed(write(*run)))
    return failure();
  if (options.outputs.empty() && !expected && !host && !options.profile &&
      !options.measureStack)
    printTensors(run->model.outputs, run->result->outputs, llvm::outs());
  if (options.profile && options.profileFile.empty())
    writeProfileTable(run->model, *run->result->profile, llvm::outs());
  bool isFine = true;
  if (host)
    isFine &= succeeded(compareLayers(*run, *host));
  if (expected)
    isFine &= succeeded(compare(*run, *expected));
  if (options.measureStack)
    isFine &= succeeded(checkStack(*run));
  return success(isFine);
}

LogicalResult thimble::runModel(MLIRContext &context,
                                const RunOptions &options) {
  return Run(context, options).execute();
}
