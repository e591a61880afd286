//===- CompileNet.cpp - Compiles the lowered models of the tests ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// thimble-compile-net <source.mlir> --mcpu=<core> -o <object> [options]: what
// thimblec does behind its last lowering, for the models that CompiledNet.h
// describes. Scripts link and run what it writes.
//
//===----------------------------------------------------------------------===//

#include "../unit/Target/CompiledNet.h"
#include "thimble/Target/ObjectEmitter.h"
#include "thimble/Target/OutputFiles.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace thimble;
namespace cl = llvm::cl;

static cl::opt<std::string> input(cl::Positional, cl::Required);
static cl::opt<std::string> core("mcpu", cl::Required);
static cl::opt<std::string> output("o", cl::Required);
static cl::opt<bool> pointers("pointers", cl::desc("describe pointers.mlir"));
static cl::opt<bool> assembly("S", cl::desc("write assembly only"));
static cl::opt<OptLevel> level(cl::desc("level"), cl::init(OptLevel::O2),
                               cl::values(clEnumValN(OptLevel::O0, "O0", ""),
                                          clEnumValN(OptLevel::O2, "O2", ""),
                                          clEnumValN(OptLevel::O3, "O3", ""),
                                          clEnumValN(OptLevel::Os, "Os", "")));

static ModelInfo describe() {
  ModelInfo model = test::describeNet();
  if (!pointers)
    return model;
  model.ioMode = IOMode::pointers;
  model.outputs[0].shape = {24};
  model.outputs[0].bytes = 24;
  model.layers.pop_back();
  model.layers[0].id = "copy";
  return model;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv);
  auto source = llvm::MemoryBuffer::getFile(input);
  if (!source) {
    llvm::errs() << input << ": " << source.getError().message() << '\n';
    return 1;
  }
  test::LoweredContext lowered;
  auto module = lowered.parse((*source)->getBuffer(), core);
  TargetOptions options;
  options.optLevel = level;
  if (!module)
    return 1;
  mlir::Location location = module->getLoc();
  if (assembly) {
    auto code = emitCode(*module, "net", CodeForm::assembly, options);
    return failed(code) ||
           failed(writeFiles(location, {{output, code->bytes}}));
  }
  auto net = compileToObject(*module, describe(), options);
  if (failed(net))
    return 1;
  std::string json, table;
  llvm::raw_string_ostream jsonStream(json);
  writeJSON(net->report, jsonStream);
  writeTable(net->report, llvm::outs());
  llvm::SmallString<128> header(output), report(output);
  llvm::sys::path::replace_extension(header, "h");
  llvm::sys::path::replace_extension(report, "json");
  return failed(writeFiles(location, {{output, net->object},
                                      {header.str().str(), net->header},
                                      {report.str().str(), json}}));
}
