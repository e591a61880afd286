//===- Options.cpp - The command line of the tools ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Options are registered by a call, so that a program that links this library
// has none of them by accident.
//
//===----------------------------------------------------------------------===//

#include "thimble/Driver/Options.h"
#include "ByteOption.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace thimble;
namespace cl = llvm::cl;

namespace {
/// A regular expression.
struct PatternParser : cl::parser<std::string> {
  using cl::parser<std::string>::parser;
  bool parse(cl::Option &option, StringRef, StringRef text,
             std::string &pattern) {
    std::string error;
    if (!llvm::Regex(text).isValid(error))
      return option.error("expected a regular expression, found '" + text +
                          "': " + error);
    pattern = text.str();
    return false;
  }
};

/// A number of at least 0.
struct PercentParser : cl::parser<std::string> {
  using cl::parser<std::string>::parser;
  bool parse(cl::Option &option, StringRef, StringRef text,
             std::string &percent) {
    double value;
    if (text.getAsDouble(value) || !(value >= 0 && value <= 1e9))
      return option.error("expected percent such as 5 or 2.5, found '" + text +
                          "'");
    percent = text.str();
    return false;
  }
};

/// A number of rows of at least 1; nothing for as few as possible, 0.
struct RowCount {
  int64_t rows = 0;
};

struct RowCountParser : cl::parser<RowCount> {
  using cl::parser<RowCount>::parser;
  bool parse(cl::Option &option, StringRef, StringRef text, RowCount &count) {
    if (text.empty() || (!text.getAsInteger(10, count.rows) && count.rows > 0))
      return false;
    return option.error("expected a number of new rows, such as 2, found '" +
                        text + "'");
  }
};

struct CompilationFlags {
  cl::OptionCategory category{"Compilation options"};
  cl::opt<std::string> input{cl::Positional, cl::Required,
                             cl::desc("<model.tflite or .mlir>"),
                             cl::cat(category)};
  cl::opt<std::string> cpu{"mcpu", cl::cat(category),
                           cl::desc("core, as cortex-m4, or host")};
  cl::opt<std::string> level{"O", cl::Prefix, cl::init("2"), cl::cat(category),
                             cl::desc("optimization level: 0, s, 2 or 3")};
  cl::opt<std::string> name{
      "name", cl::cat(category),
      cl::desc("prefix of symbols and macros (default: the file's stem)")};
  cl::opt<std::string> io{
      "io", cl::init("arena"), cl::cat(category),
      cl::desc("inputs and outputs: arena, pointers, or rows: "
               "the first input is pushed row by row")};
  cl::opt<bool> preserveTensors{
      "preserve-tensors", cl::cat(category),
      cl::desc("keep every op's result in bytes of its own (implies -O0)")};
  cl::opt<std::string, false, PatternParser> remarks{
      "remarks", cl::cat(category), cl::value_desc("regex"),
      cl::desc("say why choices were made, in these categories: kernel, "
               "memory, fusion, channels, encoding, streaming")};
  cl::opt<RowCount, false, RowCountParser> streaming{
      "streaming", cl::ValueOptional, cl::cat(category), cl::value_desc("rows"),
      cl::desc("the input is a window that slides: take its new rows only, so "
               "many a call (default: as few as possible), and keep the rest "
               "from call to call")};
  cl::opt<std::string> encoding{
      "encoding", cl::cat(category), cl::value_desc("scheme,..."),
      cl::desc("store every integer weight in this stack of schemes, innermost "
               "first (default: the smallest within --max-decode-overhead)")};
  cl::opt<bool> noEntropyCoding{
      "no-entropy-coding", cl::cat(category),
      cl::desc("store no weight in an entropy code (huffman, tans)")};
  cl::opt<std::string, false, PercentParser> maxDecodeOverhead{
      "max-decode-overhead", cl::cat(category), cl::value_desc("percent"),
      cl::desc("most cycles for decoding weights, of an inference's (default: "
               "5; with -Os any, with -O3 0)")};
  ByteOption maxRam{"max-ram", cl::cat(category),
                    cl::desc("most bytes of arena and state; K is 1024")};
  ByteOption maxFlash{"max-flash", cl::cat(category),
                      cl::desc("most bytes of code and constants")};
  ByteOption maxStack{"max-stack", cl::cat(category),
                      cl::desc("most bytes of stack")};
};

struct OutputFlags {
  cl::OptionCategory category{"Output options"};
  cl::opt<EmitKind> emit{
      "emit", cl::cat(category), cl::init(EmitKind::Object),
      cl::desc("what to write"),
      cl::values(clEnumValN(EmitKind::Graph, "graph", "the imported graph"),
                 clEnumValN(EmitKind::Compressed, "compressed",
                            "the graph, numbers final"),
                 clEnumValN(EmitKind::Kernel, "kernel", "kernels chosen"),
                 clEnumValN(EmitKind::Planned, "planned", "addresses given"),
                 clEnumValN(EmitKind::LLVM, "llvm", "LLVM IR"),
                 clEnumValN(EmitKind::Assembly, "asm", "assembly"),
                 clEnumValN(EmitKind::Object, "obj", "object and header"))};
  cl::opt<std::string> output{"o", cl::cat(category), cl::value_desc("file"),
                              cl::desc("output; the header goes beside it")};
  cl::list<std::string> reports{"report", cl::cat(category),
                                cl::desc("write a report: .json")};
  cl::opt<bool> quiet{"quiet", cl::cat(category),
                      cl::desc("no table on the terminal")};
};
} // namespace

static CompilationFlags *compilationFlags;
static OutputFlags *outputFlags;

void thimble::registerCompilationOptions() {
  static CompilationFlags flags;
  compilationFlags = &flags;
}

void thimble::registerOutputOptions() {
  static OutputFlags flags;
  outputFlags = &flags;
}

void thimble::parseOptions(int argc, char **argv, StringRef overview) {
  registerPassManagerCLOptions();
  registerDefaultTimingManagerCLOptions();
  // --help shows the tools' own options ("Compilation options" and the like)
  // and pass timing, --help-hidden LLVM's hundreds, too.
  auto isShown = [](cl::OptionCategory *category) {
    StringRef name = category->getName();
    return category != &cl::getGeneralCategory() &&
           (name.ends_with(" options") || name == "Generic Options");
  };
  for (auto &entry : cl::getRegisteredOptions())
    if (!entry.first.starts_with("mlir-timing") &&
        llvm::none_of(entry.second->Categories, isShown))
      entry.second->setHiddenFlag(cl::Hidden);
  cl::ParseCommandLineOptions(argc, argv, overview);
}

CompilationOptions thimble::getCompilationOptions() {
  const CompilationFlags &flags = *compilationFlags;
  CompilationOptions options;
  options.input = flags.input;
  options.name = flags.name;
  options.cpu = flags.cpu;
  // The graph is the same for every core.
  if (options.cpu.empty() && outputFlags &&
      (outputFlags->emit == EmitKind::Graph ||
       outputFlags->emit == EmitKind::Compressed))
    options.cpu = "host";
  options.level = flags.preserveTensors ? "0" : flags.level.getValue();
  options.io = flags.io;
  options.preserveTensors = flags.preserveTensors;
  if (flags.streaming.getNumOccurrences() > 0)
    options.streamingRows = flags.streaming.getValue().rows;
  options.encoding = flags.encoding;
  options.maxDecodeOverhead = flags.maxDecodeOverhead;
  options.entropyCoding = !flags.noEntropyCoding;
  if (outputFlags && !outputFlags->quiet)
    options.log = &llvm::outs();
  options.budgets.maxRam = getGiven(flags.maxRam);
  options.budgets.maxFlash = getGiven(flags.maxFlash);
  options.budgets.maxStack = getGiven(flags.maxStack);
  options.compression = getCompressionOptions();
  options.evaluation = getEvaluationOptions();
  return options;
}

OutputOptions thimble::getOutputOptions() {
  const OutputFlags &flags = *outputFlags;
  OutputOptions options;
  options.kind = flags.emit;
  options.output = flags.output;
  options.reports.assign(flags.reports.begin(), flags.reports.end());
  options.quiet = flags.quiet;
  return options;
}

static void printLocation(llvm::raw_ostream &stream, Location location) {
  if (auto name = dyn_cast<NameLoc>(location)) {
    printLocation(stream, name.getChildLoc());
    stream << "'" << name.getName().getValue() << "': ";
  } else if (auto file = dyn_cast<FileLineColLoc>(location)) {
    stream << file.getFilename().getValue() << ":";
    if (file.getLine() > 0)
      stream << file.getLine() << ":";
    if (file.getColumn() > 0)
      stream << file.getColumn() << ":";
    stream << " ";
  }
}

static void printDiagnostic(Diagnostic &diagnostic) {
  llvm::raw_ostream &stream = llvm::errs();
  printLocation(stream, diagnostic.getLocation());
  switch (diagnostic.getSeverity()) {
  case DiagnosticSeverity::Error:
    llvm::WithColor::error(stream);
    break;
  case DiagnosticSeverity::Warning:
    llvm::WithColor::warning(stream);
    break;
  case DiagnosticSeverity::Remark:
    llvm::WithColor::remark(stream);
    break;
  case DiagnosticSeverity::Note:
    llvm::WithColor::note(stream);
    break;
  }
  stream << diagnostic.str() << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    printDiagnostic(note);
}

namespace {
/// Remarks as diagnostics: `model.tflite: 'conv': remark: [kernel] ...`.
class RemarkPrinter : public remark::detail::MLIRRemarkStreamerBase {
public:
  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    InFlightDiagnostic diagnostic = emitRemark(remark.getLocation());
    diagnostic << "[" << remark.getCategoryName() << "]";
    for (const remark::detail::Remark::Arg &argument : remark.getArgs())
      diagnostic << " " << argument.val;
  }
};
} // namespace

void thimble::enableRemarks(MLIRContext &context, StringRef categories) {
  remark::RemarkCategories filter;
  filter.passed = filter.missed = filter.analysis = filter.failed =
      categories.str();
  // Fails only for a streamer that cannot open its file.
  (void)remark::enableOptimizationRemarks(
      context, std::make_unique<RemarkPrinter>(),
      std::make_unique<remark::RemarkEmittingPolicyAll>(), filter);
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext &context)
    : context(context),
      handler(context.getDiagEngine().registerHandler(printDiagnostic)) {
  // A diagnostic is one message; the IR around it can be pages.
  context.printOpOnDiagnostic(false);
  if (compilationFlags && !compilationFlags->remarks.empty())
    enableRemarks(context, compilationFlags->remarks);
}

DiagnosticPrinter::~DiagnosticPrinter() {
  context.getDiagEngine().eraseHandler(handler);
}
