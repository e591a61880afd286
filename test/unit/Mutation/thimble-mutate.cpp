//===- thimble-mutate.cpp - Damaged models through the importer -----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   thimble-mutate <seed> <count> model.tflite...
//
// Each damaged file must import to a module that verifies and can be printed,
// or give exactly one error. Compiled with sanitizers, nothing in between may
// touch memory or overflow where it must not.
//
//===----------------------------------------------------------------------===//

#include "Mutations.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "thimble/Import/TFLite.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

using namespace thimble;

#if __has_feature(address_sanitizer)
/// LLVM's libraries are not compiled with sanitizers: their allocators do not
/// poison what they hold back, but ours would.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0:detect_leaks=0";
}
#endif

namespace {

struct Outcome {
  unsigned imported = 0, refused = 0, broken = 0;
};

} // namespace

/// Imports `bytes`; what the importer must not do, or nothing.
static std::string tryImport(const Bytes &bytes, mlir::MLIRContext &context,
                             Outcome &outcome) {
  std::string text;
  unsigned errors = 0;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &d) {
    errors += d.getSeverity() == mlir::DiagnosticSeverity::Error;
    llvm::raw_string_ostream(text) << "\n  " << d;
    return mlir::success();
  });
  llvm::StringRef content(reinterpret_cast<const char *>(bytes.data()),
                          bytes.size());
  auto module = importTFLite(llvm::MemoryBufferRef(content, "damaged.tflite"),
                             ImportOptions(), &context);
  if (!module) {
    ++outcome.refused;
    return errors == 1 ? "" : "expected one error, found:" + text;
  }
  ++outcome.imported;
  llvm::raw_null_ostream stream;
  module->print(stream);
  if (mlir::failed(mlir::verify(*module)) || errors != 0)
    return "expected a module that verifies, found:" + text;
  return "";
}

int main(int argc, char **argv) {
  uint32_t seed = argc > 1 ? std::atoi(argv[1]) : 1;
  unsigned count = argc > 2 ? std::atoi(argv[2]) : 2000;
  std::vector<Bytes> models;
  for (int i = 3; i < argc; ++i) {
    auto file = llvm::MemoryBuffer::getFile(argv[i]);
    if (!file) {
      llvm::errs() << argv[i] << ": " << file.getError().message() << "\n";
      return 1;
    }
    llvm::StringRef content = (*file)->getBuffer();
    models.emplace_back(content.begin(), content.end());
  }
  if (models.empty()) {
    llvm::errs() << "usage: thimble-mutate <seed> <count> model.tflite...\n";
    return 1;
  }

  Outcome outcome;
  std::unique_ptr<mlir::MLIRContext> context;
  auto freshContext = [&] {
    // Types and attributes live as long as their context.
    context = std::make_unique<mlir::MLIRContext>(
        mlir::MLIRContext::Threading::DISABLED);
  };
  freshContext();
  for (const Bytes &model : models)
    outcome.broken += !tryImport(model, *context, outcome).empty();
  if (outcome.refused != 0) {
    llvm::errs() << "expected models that can be imported\n";
    return 1;
  }
  Mutator mutator(std::move(models), seed);
  for (unsigned i = 0; i < count; ++i) {
    if (i % 100 == 0)
      freshContext();
    std::string fault = tryImport(mutator.next(), *context, outcome);
    if (fault.empty())
      continue;
    ++outcome.broken;
    llvm::errs() << "mutation " << i << " of seed " << seed << ": " << fault
                 << "\n";
  }
  llvm::outs() << count << " damaged files of seed " << seed << ": "
               << outcome.refused << " refused, the rest imported\n";
  return outcome.broken != 0;
}
