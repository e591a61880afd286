//===- Encode.cpp - Chooses how weights are stored ------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs after selection: the kernel says in which order it reads the weights and
// how small a tile of output channels may be. Asks EncodingAttrInterface only.
//
//===----------------------------------------------------------------------===//

#include "EncodingChoice.h"
#include "LiveBytes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"
#include "thimble/Codegen/Kernel.h"
#include "thimble/Codegen/Passes.h"
#include "thimble/Dialect/Thimble/IR/EncodingStacks.h"
#include "thimble/Dialect/Thimble/IR/StackDecoder.h"
#include "thimble/Dialect/Thimble/IR/TensorTypes.h"
#include "thimble/Support/Entropy.h"
#include "llvm/Support/Format.h"

using namespace mlir;

namespace thimble {
#define GEN_PASS_DEF_ENCODEPASS
#include "thimble/Codegen/Passes.h.inc"
} // namespace thimble

using namespace thimble;

/// A tile smaller than this is not worth the calls around it.
static constexpr int64_t minTileBytes = 512;
/// What a tile leaves free for look-up tables where room is short.
static constexpr int64_t lookupReserve = 1056;
/// Code of a layer that decodes: calls, addresses, and the loop over tiles.
/// Measured on Cortex-M4: docs/rationale/decoders.md.
static constexpr int64_t layerCodeBytes = 40;
static constexpr int64_t tileLoopCodeBytes = 60;

namespace {
/// A stack that holds a weight, with what it costs.
struct Candidate {
  EncodingAttr encoding;
  std::vector<uint8_t> payload;
  int64_t bytes;   ///< payload and tables
  DecodeCost cost; ///< cycles are those above the dense weight's
  /// Reads the weight as it is stored; none if it is decoded.
  const Kernel *fused = nullptr;
};

/// An integer weight of a kernel.
struct Weight {
  KernelOp kernel;
  RankedTensorType type;
  std::vector<uint8_t> bytes; ///< in the order of the tensor
  int64_t axis = 0, lanes = 1, tile = 0;
  std::vector<Candidate> candidates;
  std::string rejected; ///< stacks and why not, for people
  int64_t denseCycles = 0;

  OpOperand &operand() const {
    return cast<WeightedOp>(KernelOp(kernel).getRoot()).getWeightOperand();
  }
};

class ModelEncoder {
public:
  ModelEncoder(func::FuncOp model, const TargetInfo &target, int64_t maxRam,
               bool mayGrowArena, bool fuse)
      : model(model), target(target), maxRam(maxRam),
        mayGrowArena(mayGrowArena), fuse(fuse), live(model) {}

  void collectWeights();
  void addCandidates(ArrayRef<EncodingStack> stacks);
  /// Chooses and rewrites; `overhead` in percent, negative for any.
  void run(double overhead);
  /// Gives every weight its fastest candidate.
  void force();

private:
  void addWeight(KernelOp op);
  void chooseTile(Weight &weight, const StepSpec &spec);
  void addCandidate(Weight &weight, const EncodingStack &stack);
  void addFused(Weight &weight, const EncodingStack &stack);
  bool fitsInRam(const Weight &weight, EncodingAttr encoding);
  /// Gives the layer `op` the weight as the candidate stores it.
  ConstantOp encode(KernelOp op, const Weight &weight,
                    const Candidate &candidate);
  void apply(Weight &weight, const Candidate &candidate);
  void explain(const Weight &weight, const Candidate *chosen);

  func::FuncOp model;
  const TargetInfo &target;
  int64_t maxRam;
  bool mayGrowArena;
  bool fuse;
  LiveBytes live;
  std::vector<Weight> weights;
};
} // namespace

void ModelEncoder::collectWeights() {
  for (KernelOp op : model.getOps<KernelOp>())
    if (isa<WeightedOp>(op.getRoot()))
      addWeight(op);
}

void ModelEncoder::addWeight(KernelOp op) {
  auto weighted = cast<WeightedOp>(op.getRoot());
  Value value = weighted.getWeightOperand().get();
  RankedTensorType type = tensorType(value);
  const Kernel *kernel = op.getKernel() ? findKernel(*op.getKernel()) : nullptr;
  if (!kernel || !isa<BlockArgument>(value) || !constantOf(value) ||
      encodingOf(type) || elementBytes(type) != 1)
    return;
  StepSpec spec = kernel->describe(op, target);
  if (!spec.weightLayout)
    return;
  Weight weight;
  weight.kernel = op;
  weight.type = type;
  weight.bytes = constantBytes(value);
  weight.axis = weighted.getOutputChannelAxis();
  weight.lanes = spec.weightLayout->lanes;
  weight.denseCycles = kernel->cost(op, target);
  chooseTile(weight, spec);
  weights.push_back(std::move(weight));
}

/// The largest tile for which the arena need not grow; the smallest that is
/// worth it if there is none. Tiles of equal size are preferred: their counts
/// are constants.
void ModelEncoder::chooseTile(Weight &weight, const StepSpec &spec) {
  int64_t channels = weight.type.getDimSize(weight.axis);
  int64_t channelBytes = weight.type.getNumElements() / channels;
  auto limitOf = [&](bool hasTiles) {
    return std::clamp(live.room(weight.kernel, maxRam, hasTiles) -
                          lookupReserve,
                      std::max(minTileBytes, channelBytes), maxChunkSymbols);
  };
  int64_t limit = limitOf(/*hasTiles=*/true);
  int64_t best = 0;
  for (int64_t tile = spec.channelGranule; tile < channels && spec.channels;
       tile += spec.channelGranule) {
    int64_t rest = channels % tile;
    if (rest != 0 && rest < spec.channelGranule)
      continue;
    if (best && tile * channelBytes > limit)
      break;
    bool isEven = channels % tile == 0;
    if (!best || isEven || channels % best != 0)
      best = tile;
  }
  bool isWhole = best == 0 || channels * channelBytes <= limitOf(false);
  weight.tile = isWhole ? 0 : best;
}

void ModelEncoder::addCandidates(ArrayRef<EncodingStack> stacks) {
  for (Weight &weight : weights)
    for (const EncodingStack &stack : stacks) {
      addCandidate(weight, stack);
      if (fuse)
        addFused(weight, stack);
    }
}

bool ModelEncoder::fitsInRam(const Weight &weight, EncodingAttr encoding) {
  if (maxRam < 0 && mayGrowArena)
    return true;
  int64_t bytes =
      llvm::alignTo(encoding.getChunk(weight.type).size(), 8) +
      llvm::alignTo(StackDecoder(encoding, target).getScratchBytes(), 8);
  bool hasTiles = encoding.getChunkCount(weight.type) > 1;
  return bytes <= live.room(weight.kernel, maxRam, hasTiles);
}

void ModelEncoder::addCandidate(Weight &weight, const EncodingStack &stack) {
  auto reject = [&](const Twine &reason) {
    if (!weight.rejected.empty())
      weight.rejected += "; ";
    weight.rejected += (printEncodingStack(stack) + ": " + reason).str();
  };
  std::string reason;
  FailureOr<EncodingAttr> encoding =
      EncodingAttr::specialize(stack, weight.axis, weight.lanes, weight.tile,
                               weight.type, weight.bytes, reason);
  if (failed(encoding))
    return reject(reason);
  if (!fitsInRam(weight, *encoding))
    return reject("a tile and its tables do not fit in the arena");
  Candidate candidate{*encoding, {}, 0, {}, nullptr};
  candidate.payload = encoding->encode(weight.type, weight.bytes);
  candidate.bytes = encoding->sizeInBits(candidate.payload, target) / 8;
  candidate.cost = encoding->getCost(
      encoding->getSymbols(weight.type, weight.bytes), target);
  weight.candidates.push_back(std::move(candidate));
}

void ModelEncoder::addFused(Weight &weight, const EncodingStack &stack) {
  if (llvm::none_of(registeredKernels(),
                    [&](const std::unique_ptr<Kernel> &kernel) {
                      return kernel->mayRead(stack);
                    }))
    return;
  std::string reason;
  FailureOr<EncodingAttr> encoding =
      EncodingAttr::specialize(stack, weight.axis, /*lanes=*/1, /*tile=*/0,
                               weight.type, weight.bytes, reason);
  if (failed(encoding))
    return;
  Candidate candidate{*encoding, {}, 0, {}, nullptr};
  candidate.payload = encoding->encode(weight.type, weight.bytes);
  // Kernels are asked about a copy of the layer.
  OpBuilder builder(weight.kernel);
  auto trial = cast<KernelOp>(builder.clone(*weight.kernel));
  ConstantOp encoded = encode(trial, weight, candidate);
  for (const std::unique_ptr<Kernel> &kernel : registeredKernels()) {
    if (!kernel->matches(trial, target))
      continue;
    StepSpec spec = kernel->describe(trial, target);
    candidate.fused = kernel.get();
    candidate.bytes = spec.tables[spec.weightTable].bytes.size();
    candidate.cost.cycles =
        double(kernel->cost(trial, target) - weight.denseCycles);
    weight.candidates.push_back(candidate);
  }
  trial.erase();
  encoded.erase();
}

/// Code around the decoder in the layer's own function.
static int64_t glueBytes(const Weight &weight, const Candidate &candidate) {
  if (candidate.fused)
    return 0;
  bool hasTiles = candidate.encoding.getChunkCount(weight.type) > 1;
  return layerCodeBytes + (hasTiles ? tileLoopCodeBytes : 0);
}

void ModelEncoder::run(double overhead) {
  double cycles = 0;
  for (KernelOp op : model.getOps<KernelOp>())
    if (const Kernel *kernel = findKernel(op.getKernel().value_or("")))
      cycles += double(kernel->cost(op, target));
  std::vector<std::vector<EncodingOption>> options;
  for (const Weight &weight : weights) {
    double fastest = 0;
    for (const Candidate &candidate : weight.candidates)
      fastest = std::min(fastest, candidate.cost.cycles);
    cycles += fastest;
    std::vector<EncodingOption> &list = options.emplace_back();
    list.push_back({int64_t(weight.bytes.size()), 0, "", 0});
    for (const Candidate &candidate : weight.candidates)
      list.push_back({candidate.bytes + glueBytes(weight, candidate),
                      candidate.cost.cycles,
                      candidate.fused
                          ? ""
                          : encodingDecoderName(candidate.encoding.getStack()),
                      candidate.cost.codeBytes});
  }
  std::vector<unsigned> choice = chooseEncodings(
      options, overhead < 0 ? std::numeric_limits<double>::infinity()
                            : cycles * overhead / 100);
  for (auto [weight, index] : llvm::zip_equal(weights, choice)) {
    const Candidate *chosen =
        index > 0 ? &weight.candidates[index - 1] : nullptr;
    explain(weight, chosen);
    if (chosen)
      apply(weight, *chosen);
  }
}

void ModelEncoder::force() {
  for (Weight &weight : weights) {
    const Candidate *chosen = nullptr;
    for (const Candidate &candidate : weight.candidates)
      if (!chosen || candidate.cost.cycles < chosen->cost.cycles)
        chosen = &candidate;
    explain(weight, chosen);
    if (chosen)
      apply(weight, *chosen);
    else
      weight.kernel.emitWarning("its weights stay dense; ") << weight.rejected;
  }
}

ConstantOp ModelEncoder::encode(KernelOp op, const Weight &weight,
                                const Candidate &candidate) {
  OpOperand &use = cast<WeightedOp>(op.getRoot()).getWeightOperand();
  auto argument = cast<BlockArgument>(use.get());
  OpBuilder builder(op);
  auto type = RankedTensorType::get(
      weight.type.getShape(), weight.type.getElementType(), candidate.encoding);
  auto value = DenseElementsAttr::getFromRawBuffer(
      RankedTensorType::get({int64_t(candidate.payload.size())},
                            builder.getI8Type()),
      ArrayRef<char>(reinterpret_cast<const char *>(candidate.payload.data()),
                     candidate.payload.size()));
  ConstantOp dense = constantOf(argument);
  auto encoded = ConstantOp::create(builder, dense.getLoc(), type, value);
  op.getInputsMutable()[argument.getArgNumber()].set(encoded);
  argument.setType(type);
  return encoded;
}

void ModelEncoder::apply(Weight &weight, const Candidate &candidate) {
  KernelOp op = weight.kernel;
  OpOperand &use = weight.operand();
  ConstantOp dense = constantOf(use.get());
  encode(op, weight, candidate);
  if (!candidate.fused) {
    OpBuilder builder(op.getContext());
    builder.setInsertionPointToStart(&op.getBody().front());
    use.set(DecodeOp::create(builder, op.getLoc(), weight.type, use.get()));
  }
  if (dense->use_empty())
    dense->erase();
  setKernel(op,
            candidate.fused ? *candidate.fused : *findKernel(*op.getKernel()),
            target);
}

/// What was chosen and what was not, in words.
static std::string describe(const Weight &weight, const Candidate *chosen) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  int64_t size = weight.bytes.size();
  stream << "'" << KernelOp(weight.kernel).getId() << "': " << size
         << " weights with an entropy of "
         << llvm::format("%.2f", entropyInBits(weight.bytes)) << " bits ";
  auto print = [&](const Candidate &candidate) {
    stream << printEncodingStack(candidate.encoding.getStack());
    if (candidate.fused)
      stream << " read by '" << candidate.fused->getName() << "'";
    stream << " (" << candidate.bytes << " bytes, "
           << llvm::format("%.0f", candidate.cost.cycles) << " cycles)";
  };
  if (chosen) {
    stream << "are stored as ";
    print(*chosen);
  } else {
    stream << "stay dense";
  }
  for (const Candidate &candidate : weight.candidates)
    if (&candidate != chosen) {
      stream << "; not ";
      print(candidate);
    }
  if (!weight.rejected.empty())
    stream << "; impossible: " << weight.rejected;
  return text;
}

void ModelEncoder::explain(const Weight &weight, const Candidate *chosen) {
  KernelOp op = weight.kernel;
  auto options = remark::RemarkOpts::name("Encoded").category("encoding");
  auto text = remark::detail::LazyTextBuild{
      "Remark", [&] { return describe(weight, chosen); }};
  if (chosen)
    remark::passed(op.getLoc(), options) << text;
  else
    remark::missed(op.getLoc(), options) << text;
}

namespace {
struct EncodePass : public thimble::impl::EncodePassBase<EncodePass> {
  using EncodePassBase::EncodePassBase;

  void runOnOperation() override {
    FailureOr<TargetInfo> target = TargetInfo::get(getOperation());
    if (failed(target))
      return signalPassFailure();
    SmallVector<EncodingStack> stacks;
    if (encoding.empty()) {
      stacks = candidateEncodingStacks(&getContext(), entropyCoding);
    } else {
      std::string error;
      FailureOr<EncodingStack> forced =
          parseEncodingStack(encoding, &getContext(), error);
      if (failed(forced)) {
        getOperation().emitError(error);
        return signalPassFailure();
      }
      stacks = {*forced};
    }
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (function.isDeclaration() || function.getOps<KernelOp>().empty())
        continue;
      ModelEncoder encoder(function, *target, maxRam,
                           growArena || !encoding.empty(), fuse);
      encoder.collectWeights();
      encoder.addCandidates(stacks);
      if (encoding.empty())
        encoder.run(maxDecodeOverhead);
      else
        encoder.force();
    }
  }
};
} // namespace
