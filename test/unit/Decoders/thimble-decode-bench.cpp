//===- thimble-decode-bench.cpp - Measures decoders of encodings ----------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cycles a weight and code bytes of a stack on emulated cores, for random
// weights; every run is also compared with the weights.
//
//===----------------------------------------------------------------------===//

#include "DecoderModel.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/Support/Trellis.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <random>

using namespace mlir;
using namespace thimble;
using namespace thimble::test;
namespace cl = llvm::cl;

static cl::opt<std::string> stack(cl::Positional, cl::Required,
                                  cl::desc("[schemes]"));
static cl::list<std::string> cpus("cpus", cl::CommaSeparated,
                                  cl::desc("cores (default: M0+, M4, M55)"));
static cl::opt<int64_t> channels("channels", cl::init(64));
static cl::opt<int64_t> depth("depth", cl::init(576));
static cl::opt<int64_t> lanes("lanes", cl::init(1));
static cl::opt<int64_t> tile("tile", cl::init(16));
static cl::opt<std::string> values("values", cl::init("normal"),
                                   cl::desc("uniform, normal or trellis"));
static cl::opt<double> spread("spread", cl::init(2));
static cl::opt<int> low("low", cl::init(-128)), high("high", cl::init(127));
static cl::opt<double> zeros("zeros", cl::init(0));
static cl::opt<int64_t> rows("rows", cl::init(1), cl::desc("of a zero block")),
    columns("columns", cl::init(1), cl::desc("of a zero block"));
static cl::opt<int64_t> kept("n", cl::desc("of m numbers are not zero")),
    ofEach("m", cl::init(1));
static cl::opt<unsigned> seed("seed", cl::init(1));
static cl::opt<bool> assembly("S", cl::desc("print the assembly"));

static std::vector<uint8_t> makeWeights() {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, spread);
  std::uniform_int_distribution<int> uniform(low, high);
  std::uniform_real_distribution<double> chance(0, 1);
  std::vector<uint8_t> weights(channels * depth);
  std::vector<bool> isZero(weights.size()), isKept(ofEach, true);
  for (size_t i = 0; i < isZero.size(); ++i)
    isZero[i] = chance(random) < zeros;
  for (auto [index, weight] : llvm::enumerate(weights)) {
    int value =
        values == "normal" ? int(std::lround(normal(random))) : uniform(random);
    int64_t row = int64_t(index) / depth, column = int64_t(index) % depth;
    if (kept > 0 && column % ofEach == 0) {
      std::fill(isKept.begin(), isKept.end(), false);
      std::fill_n(isKept.begin(), kept.getValue(), true);
      std::shuffle(isKept.begin(), isKept.end(), random);
    }
    bool isDropped = isZero[row / rows * depth + column / columns];
    weight = isDropped || !isKept[column % ofEach]
                 ? 0
                 : std::clamp<int>(value, low, high);
  }
  return weights;
}

/// Weights that follow the trellis; the indices have the spread.
static std::vector<uint8_t> makeTrellisWeights() {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, spread);
  std::vector<uint8_t> weights;
  Trellis trellis;
  for (int64_t i = 0; i < channels * depth; ++i) {
    if (i % depth == 0)
      trellis = Trellis();
    weights.push_back(trellis.decode(
        int8_t(std::clamp(int(std::lround(normal(random))), Trellis::minIndex,
                          Trellis::maxIndex))));
  }
  return weights;
}

static bool measure(MLIRContext &context, StringRef prefix, StringRef cpu) {
  auto type = RankedTensorType::get(
      {channels, depth},
      quant::UniformQuantizedType::get(
          quant::QuantizationFlags::Signed, IntegerType::get(&context, 8),
          Float32Type::get(&context), 1.0, 0, -128, 127));
  std::vector<uint8_t> weights =
      values == "trellis" ? makeTrellisWeights() : makeWeights();
  auto schemes = dyn_cast_or_null<ArrayAttr>(parseAttribute(stack, &context));
  if (!schemes)
    return false;
  std::string reason;
  auto encoding = EncodingAttr::specialize(schemes.getValue(), /*axis=*/0,
                                           lanes, tile, type, weights, reason);
  if (failed(encoding)) {
    llvm::outs() << stack << ": " << reason << "\n";
    return false;
  }
  std::vector<uint8_t> payload = encoding->encode(type, weights);
  auto decoded = encoding->decode(type, payload);
  bool isRight = succeeded(decoded) && *decoded == weights;
  std::string text;
  auto run =
      DecoderModel(context, cpu)
          .run(*encoding, type, payload, prefix, assembly ? &text : nullptr);
  if (assembly)
    llvm::outs() << text;
  if (failed(run))
    return false;
  std::string error;
  auto target = TargetInfo::lookup(cpu, error);
  std::vector<SymbolLevel> levels = encoding->getSymbols(type, weights);
  std::vector<uint8_t> expected;
  for (const SymbolChunk &chunk : levels[0].chunks)
    llvm::append_range(expected, chunk.symbols);
  bool isSame = run->symbols == expected;
  DecodeCost cost = encoding->getCost(levels, *target);
  double count = double(expected.size());
  llvm::outs() << llvm::format(
      "%-13s %6.3f cycles %6.3f instr  setup %6.0f  code %4d  est %6.3f %4d  "
      "bits %5.3f  scratch %d  %s%s\n",
      cpu.str().c_str(), run->decodeCycles / count,
      run->decodeInstructions / count, run->setupCycles, int(run->codeBytes),
      cost.cycles / count, int(cost.codeBytes),
      double(encoding->sizeInBits(payload, *target)) / count,
      int(StackDecoder(*encoding, *target).getScratchBytes()),
      isRight ? "" : "HOST WRONG ", isSame ? "" : "TARGET WRONG");
  return isRight && isSame;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "Measures decoders of encodings\n");
  DialectRegistry registry;
  registry.insert<ThimbleDialect, arith::ArithDialect, func::FuncDialect,
                  LLVM::LLVMDialect, quant::QuantDialect, scf::SCFDialect>();
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  std::string program =
      llvm::sys::fs::getMainExecutable(argv[0], (void *)&makeWeights);
  llvm::SmallString<128> prefix(llvm::sys::path::parent_path(program));
  llvm::sys::path::remove_filename(prefix);
  bool isFine = true;
  SmallVector<std::string> cores(cpus.begin(), cpus.end());
  if (cores.empty())
    cores = {"cortex-m0plus", "cortex-m4", "cortex-m55"};
  for (const std::string &cpu : cores)
    isFine &= measure(context, prefix, cpu);
  return isFine ? 0 : 1;
}
