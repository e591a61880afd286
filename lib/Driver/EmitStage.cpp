//===- EmitStage.cpp - What thimblec writes -------------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Textual stages go to -o or the terminal; an object comes with its header and
// the report.
//
//===----------------------------------------------------------------------===//

#include "thimble/Driver/EmitStage.h"
#include "mlir/IR/AsmState.h"
#include "thimble/Driver/EvaluateModel.h"
#include "thimble/Target/ObjectEmitter.h"
#include "thimble/Target/OutputFiles.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace thimble;

/// Text of a stage, or code as text.
static FailureOr<std::string> printStage(Compilation &compilation,
                                         EmitKind kind) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  static constexpr Stage stages[] = {Stage::Graph,  Stage::Compressed,
                                     Stage::Kernel, Stage::Planned,
                                     Stage::LLVM,   Stage::LLVM};
  if (failed(compilation.runTo(stages[static_cast<int>(kind)])))
    return failure();
  if (kind < EmitKind::LLVM) {
    OpPrintingFlags flags;
    flags.enableDebugInfo(/*enable=*/false);
    compilation.getModule().print(stream, flags);
    stream << "\n";
    return text;
  }
  FailureOr<EmittedCode> code =
      emitCode(compilation.getModule(), compilation.getModelInfo().name,
               kind == EmitKind::LLVM ? CodeForm::llvmIR : CodeForm::assembly,
               compilation.getTargetOptions());
  if (failed(code))
    return failure();
  return code->bytes.str().str();
}

static std::string withExtension(StringRef path, StringRef extension) {
  SmallString<128> result(path);
  llvm::sys::path::replace_extension(result, extension);
  return result.str().str();
}

static LogicalResult emitObject(Compilation &compilation,
                                const OutputOptions &output,
                                Location location) {
  std::unique_ptr<ModelEvaluation> evaluation;
  if (!compilation.getOptions().evaluation.samples.empty()) {
    auto prepared = ModelEvaluation::prepare(compilation);
    if (failed(prepared))
      return failure();
    evaluation = std::move(*prepared);
  }
  FailureOr<CompiledModel> model = compilation.compile();
  if (failed(model))
    return failure();
  if (evaluation) {
    FailureOr<EvaluationInfo> info = evaluation->run();
    if (failed(info))
      return failure();
    model->report.evaluation = std::move(*info);
  }
  std::string path = output.output.empty()
                         ? compilation.getModelInfo().name + ".o"
                         : output.output;
  std::string json;
  llvm::raw_string_ostream stream(json);
  writeJSON(model->report, stream);
  SmallVector<OutputFile> files = {{path, model->object},
                                   {withExtension(path, "h"), model->header}};
  for (const std::string &report : output.reports) {
    if (!StringRef(report).ends_with(".json"))
      return emitError(location) << "expected a --report that ends in .json, "
                                    "found '"
                                 << report << "'";
    files.push_back({report, json});
  }
  if (failed(writeFiles(location, files)))
    return failure();
  if (!output.quiet)
    writeTable(model->report, llvm::outs());
  if (!output.quiet && model->report.evaluation)
    writeTable(*model->report.evaluation, llvm::outs());
  return success();
}

LogicalResult thimble::emitStage(Compilation &compilation,
                                 const OutputOptions &output) {
  if (failed(compilation.load()))
    return failure();
  Location location = compilation.getModule().getLoc();
  if (output.kind == EmitKind::Object)
    return emitObject(compilation, output, location);
  if (!compilation.getOptions().evaluation.samples.empty())
    return emitError(location) << "expected --evaluate with --emit=obj: other "
                                  "stages are not run";
  FailureOr<std::string> text = printStage(compilation, output.kind);
  if (failed(text))
    return failure();
  if (output.output.empty() || output.output == "-") {
    llvm::outs() << *text;
    return success();
  }
  return writeFiles(location, {{output.output, *text}});
}
