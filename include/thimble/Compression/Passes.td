//===- Passes.td - Passes that compress --------------------*- tablegen -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What changes the numbers of a network, and what measures it for that.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_PASSES_TD
#define THIMBLE_COMPRESSION_PASSES_TD

include "mlir/Pass/PassBase.td"

/// A pass that runs functions on samples (thimble/Evaluation/Evaluator.h): what
/// they are lowered to must be loaded before passes run.
class Thimble_EvaluatingPass<string flag> : Pass<flag, "::mlir::ModuleOp"> {
  let dependentDialects = [
    "::thimble::ThimbleDialect", "::mlir::arith::ArithDialect",
    "::mlir::cf::ControlFlowDialect", "::mlir::DLTIDialect",
    "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect",
    "::mlir::quant::QuantDialect", "::mlir::scf::SCFDialect"
  ];
}

def CalibratePass : Thimble_EvaluatingPass<"thimble-calibrate"> {
  let summary = "Records what a float model's tensors hold on samples";
  let description = [{
    Runs the model on unlabelled samples and adds attributes:

    - `thimble.range`, of ops and arguments: the real numbers [min, max] that a
      quantization of the tensor should hold. 0 is always among them.
    - `thimble.moments`, of ops with a weight (option `moments`): the mean over
      windows and samples of the outer product of a window's numbers, in the
      order of the weight's own (height, width, channel), and a last number 1.
      `tensor<(K+1)x(K+1)xf32>`; of depthwise convolutions one such matrix over
      the taps for each output channel.
    - `thimble.histogram`, of ops and arguments (option `histograms`): 2048 bins
      between the least and the greatest number.

    The result depends on the samples, the model and the options only.

    ```mlir
    %0 = thimble.relu %x {thimble.id = "relu_0"} : ...             // before
    %0 = thimble.relu %x {thimble.id = "relu_0",
        thimble.range = [0.0 : f32, 5.25 : f32]} : ...             // after
    ```
  }];
  let options = [
    Option<"samples", "samples", "std::string", /*default=*/"\"\"",
           ".npy or .npz file, or folder of .png or .wav files">,
    Option<"sampleScale", "sample-scale", "std::string", /*default=*/"\"\"",
           "what a sample's numbers are multiplied with first (default: 1, or "
           "as the sidecar file says)">,
    Option<"sampleOffset", "sample-offset", "std::string", /*default=*/"\"\"",
           "what is added then (default: 0, or as the sidecar file says)">,
    Option<"validation", "validation", "double", /*default=*/"0.0",
           "part of the samples that is kept aside, 0 to below 1">,
    Option<"maxSamples", "max-samples", "int64_t", /*default=*/"1024",
           "most samples to run, chosen at random; 0 for all">,
    Option<"seed", "seed", "uint64_t", /*default=*/"0", "of that choice">,
    Option<"method", "method", "std::string", /*default=*/"\"auto\"",
           "how ranges are chosen: minmax, percentile, mse, or auto, which is "
           "for each tensor the one with the least error of int8">,
    Option<"moments", "moments", "bool", /*default=*/"true",
           "record the moments of what weights are multiplied with">,
    Option<"histograms", "histograms", "bool", /*default=*/"false",
           "record histograms">
  ];
}

def QuantizePass : Pass<"thimble-quantize", "::mlir::ModuleOp"> {
  let summary = "Makes a float model one of integers";
  let description = [{
    Types and constants become those of TFLite's int8 arithmetic: activations
    per tensor by their `thimble.range`, weights symmetric per output channel,
    biases 32 bits. Ops that must not rescale share one quantization; softmax,
    logistic and tanh have theirs. Inputs and outputs of the function are int8.
    With `activation-bits=16` they are those of its 16x8 arithmetic: activations
    int16 with zero point 0, weights as before, biases 64 bits. An op that has no
    such form is refused. An average pool over a whole image becomes a mean,
    which may have finer steps than the image. Where `thimble.moments` are
    known, biases make up for what rounding adds to a result's mean. The float
    function is kept as private `@<model>.teacher`.

    ```mlir
    %0 = thimble.fully_connected %x, %w {thimble.id = "a",
        thimble.range = [0.0 : f32, 2.55 : f32]}
      : (tensor<1x4xf32>, tensor<2x4xf32>) -> tensor<1x2xf32>       // before
    %0 = thimble.fully_connected %x, %w, %b {thimble.id = "a", ...}
      : (tensor<1x4x!in>, tensor<2x4x!weights>, tensor<2xi32>)
      -> tensor<1x2x!quant.uniform<i8:f32, 0.01:-128>>              // after
    ```
  }];
  let options = [
    Option<"weightBits", "weight-bits", "int64_t", /*default=*/"8",
           "bits of weights, 2 to 8">,
    Option<"activationBits", "activation-bits", "int64_t", /*default=*/"8",
           "bits of activations, 8 or 16">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect",
                           "::mlir::quant::QuantDialect"];
}

def ReconstructPass : Pass<"thimble-reconstruct", "::mlir::ModuleOp"> {
  let summary = "Chooses integers that keep what the teacher computes";
  let description = [{
    Goes through the layers of a quantized model in order. Each layer's weights
    are first fitted to the teacher's results (ridge regression on the student's
    own inputs, which are quantized and carry the errors of the layers before;
    a result that is only added to another makes up for that one's error), then
    rounded as its `thimble.recipe` says, with error feedback and coordinate
    descent, and the bias becomes the best one for the rounded weights. Layers
    without a recipe get eight bits. Channels whose weights are all zero stay
    so, and with a `pattern` every zero. Then scales and biases are trained
    together to the teacher's results for `epochs` epochs.

    ```mlir
    %w = thimble.constant dense<[[90, -42, 7]]> : tensor<1x3xi8>
        : tensor<1x3x!quant.uniform<i8<-127:127>:f32:0, {0.01}>>     // before
    %w = thimble.constant dense<[[5, -2, 0]]> : tensor<1x3xi8>
        : tensor<1x3x!quant.uniform<i8<-7:7>:f32:0, {0.18}>>         // after
    ```
  }];
  let options = [
    Option<"samples", "samples", "std::string", /*default=*/"\"\"",
           ".npy or .npz file, or folder of .png or .wav files">,
    Option<"sampleScale", "sample-scale", "std::string", /*default=*/"\"\"",
           "what a sample's numbers are multiplied with first">,
    Option<"sampleOffset", "sample-offset", "std::string", /*default=*/"\"\"",
           "what is added then">,
    Option<"validation", "validation", "double", /*default=*/"0.0",
           "part of the samples that is kept aside, 0 to below 1">,
    Option<"maxSamples", "max-samples", "int64_t", /*default=*/"4096",
           "most samples to use, chosen at random; 0 for all">,
    Option<"seed", "seed", "uint64_t", /*default=*/"0",
           "of that choice and of the training">,
    Option<"ridge", "ridge", "double", /*default=*/"1.0e-3",
           "pull of the fit to the float weights, as a part of the inputs' mean "
           "square">,
    Option<"roundingIterations", "rounding-iterations", "int64_t",
           /*default=*/"0",
           "steps of training how the weights of a block are rounded; 0 for "
           "none">,
    Option<"epochs", "epochs", "int64_t", /*default=*/"0",
           "epochs of training all layers together; 0 for none">,
    Option<"rate", "rate", "double", /*default=*/"2.0e-3",
           "step of that training: a share of scales, and of what biases differ "
           "by">,
    Option<"trainCodes", "train-codes", "bool", /*default=*/"false",
           "train codes then, too, not only scales and biases">,
    Option<"codeRate", "code-rate", "double", /*default=*/"3.0e-3",
           "step of codes, in distances between codes">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect",
                           "::mlir::quant::QuantDialect"];
}

def PrunePass : Pass<"thimble-prune", "::mlir::ModuleOp"> {
  let summary = "Makes weights zero that a float model can do without";
  let description = [{
    What `thimble.recipe` of an op says of pattern and sparsity comes before the
    options; ops of which neither says a pattern stay as they are. The weights
    that go are those of least second-order saliency (the optimal brain surgeon,
    on `thimble.moments`); the others make up for them, and biases for what is
    lost of the mean. Patterns: `unstructured`; `2:4`, of 4 input channels of a
    tap 2 stay; `4x2`, blocks of 4 output by 2 input channels; `channels`.

    `channels` first zeros, even without moments, the weights of output channels
    none of which is above `threshold` times the layer's largest, those of such
    input channels, and of input channels whose part of the results' variance is
    below the square of `threshold`; then, with a sparsity, the share of input
    channels that costs least. Biases stay: behind an activation a row of zeros
    gives one number, and after thimble-quantize thimble-drop-dead-channels
    removes such channels and those that nothing reads, exactly.

    The float function is kept as private `@<model>.teacher`. Other patterns than
    `channels` are noted in the recipe, so that thimble-reconstruct keeps them.

    ```mlir
    // before, inputs uncorrelated, with sparsity=0.5
    %w = thimble.constant dense<[[4.0, 1.0, -3.0, 0.5]]> ...
    // after
    %w = thimble.constant dense<[[4.0, 0.0, -3.0, 0.0]]> ...
    ```
  }];
  let options = [
    Option<"pattern", "pattern", "std::string", /*default=*/"\"\"",
           "unstructured, channels, n:m or rows x columns of blocks; none for "
           "ops with a recipe only">,
    Option<"sparsity", "sparsity", "double", /*default=*/"-1.0",
           "part of the weights that become 0 (default: 0.5, with channels 0)">,
    Option<"threshold", "threshold", "double", /*default=*/"1.0e-6",
           "below what part of the layer's largest weight a channel is one that "
           "does not matter">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def FactorizePass : Pass<"thimble-factorize", "::mlir::ModuleOp"> {
  let summary = "Splits layers of a float model into two thinner ones";
  let description = [{
    A product or pointwise convolution becomes two with `rank` channels between
    them. A larger convolution becomes one of the same window to `rank` channels
    and a pointwise one, or one of its column (k x 1) and one of its row (1 x k)
    at no more multiply-accumulates, whichever changes the results less. The
    factors are the best in the metric of `thimble.moments`, and the last bias
    makes up for what is lost of the mean. Nothing is split that would not save
    multiply-accumulates; depthwise convolutions never are.

    The rank is that of `thimble.recipe`, or else the option `rank`, or else the
    least that keeps `energy` of the results' variance, or else the greatest that
    saves `min-saving` of the multiply-accumulates. The first op has the id
    `<id>.low`, the second that of the original. The value between has no range
    yet and the second op no moments: run thimble-calibrate again.

    ```mlir
    %1 = thimble.fully_connected %0, %w, %b {thimble.id = "a"}
      : (tensor<1x64xf32>, tensor<64x64xf32>, ...                      // before
    %1 = thimble.fully_connected %0, %w1, %b1 {thimble.id = "a.low"}
      : (tensor<1x64xf32>, tensor<8x64xf32>, ...
    %2 = thimble.fully_connected %1, %w2, %b2 {thimble.id = "a"}
      : (tensor<1x8xf32>, tensor<64x8xf32>, ...                        // after
    ```
  }];
  let options = [
    Option<"rank", "rank", "int64_t", /*default=*/"0",
           "channels between the two ops; 0 for none said">,
    Option<"energy", "energy", "double", /*default=*/"0.0",
           "part of the results' variance to keep, to 1; 0 for none said">,
    Option<"minSaving", "min-saving", "double", /*default=*/"0.0",
           "part of a layer's multiply-accumulates that a split saves at "
           "least">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def PalettizePass : Pass<"thimble-palettize", "::mlir::ModuleOp"> {
  let summary = "Leaves weights of an integer model few different codes";
  let description = [{
    Weighted k-means in one dimension, exactly: every weight counts as much as
    the variance of its input in `thimble.moments`, where known. Each output
    channel has a scale of its own. Biases make up for what that adds to the
    mean of the results. Channels of zeros stay zero, and with a pattern in
    `thimble.recipe` all zeros. The recipe's `entries` come before the option.

    A palette of the tensor is noted in the recipe, and thimble-reconstruct makes
    one of as many entries. Palettes of channels are not: they come behind it.

    ```mlir
    // before
    %w = thimble.constant dense<[[127, 120, -64, -60]]> ...
    // after, with entries=2
    %w = thimble.constant dense<[[127, 127, -64, -64]]> ...
    ```
  }];
  let options = [
    Option<"entries", "entries", "int64_t", /*default=*/"0",
           "at most so many codes, 2 to 256; 0 for ops with a recipe only">,
    Option<"axis", "axis", "std::string", /*default=*/"\"tensor\"",
           "what has a palette: the tensor, or each output channel (channel)">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect",
                           "::mlir::quant::QuantDialect"];
}

def FoldBatchNormPass : Pass<"thimble-fold-batch-norm", "::mlir::ModuleOp"> {
  let summary = "Folds products and sums with constants into float weights";
  let description = [{
    A mul, add or sub of the only reader of a convolution or product without an
    activation, by one constant for each channel, becomes part of its weight and
    bias, its activation that of the op. Results change as floats round. The
    teacher that is kept later computes the same, so none may be kept yet.

    ```mlir
    %0 = thimble.conv_2d %x, %w, %b {thimble.id = "a"} ...           // before
    %1 = thimble.mul %0, %gamma ...
    %2 = thimble.add %1, %beta {activation = #thimble.activation<relu>} ...
    %0 = thimble.conv_2d %x, %w1, %b1 {thimble.id = "a",
        activation = #thimble.activation<relu>} ...                  // after
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def EqualizePass : Pass<"thimble-equalize", "::mlir::ModuleOp"> {
  let summary = "Makes channels between two float layers equally large";
  let description = [{
    Where a layer without activation, or with relu, is only read by another
    layer, each channel between them is divided by a power of two and the next
    weights are multiplied with it, so that one scale serves all channels: the
    geometric mean of the magnitude of the channel (root mean square by
    `thimble.moments`, largest weight without) and of the inverse of the next
    layer's largest weight for it (Nagel et al. 2019, arXiv 1906.04721); before
    a depthwise convolution, each of whose channels has a scale, the magnitude
    alone. Where weights have scales by channel this gains little. What the
    model computes stays the same, bit by bit. Ranges of what was scaled go:
    run thimble-calibrate again. The teacher that is kept later must have the
    same channels, so none may be kept yet.

    ```mlir
    %w0 = thimble.constant dense<[[8.0], [1.0]]> ...                 // before
    %w1 = thimble.constant dense<[[1.0, 8.0]]> ...
    %w0 = thimble.constant dense<[[4.0], [2.0]]> ...                 // after
    %w1 = thimble.constant dense<[[2.0, 4.0]]> ...
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

def AllocatePass : Pass<"thimble-allocate", "::mlir::ModuleOp"> {
  let summary = "Decides how each weight is compressed";
  let description = [{
    Rounds every layer of a quantized model in every way that is worth trying,
    measures what each does to the results (the loss to the teacher when only
    this layer is compressed) and what it takes in flash, and chooses one a
    layer: the least loss within `max-weight-bytes` and `max-decode-cycles`, or
    with `max-loss` the fewest bytes within that. Weights on a trellis are
    chosen if they pay for the code that they need, or with `count-code=false`
    as if it cost nothing. The choice is a
    `thimble.recipe` on each op with a weight; thimble-reconstruct carries it
    out.

    With `cache` measurements are kept in that folder, named by a hash of
    everything that they depend on: another budget takes a second.

    ```mlir
    %0 = thimble.conv_2d %x, %w, %b {thimble.id = "a"} ...           // before
    %0 = thimble.conv_2d %x, %w, %b {thimble.id = "a",
        thimble.recipe = #thimble.recipe<bits = 4>} ...              // after
    ```
  }];
  let options = [
    Option<"samples", "samples", "std::string", /*default=*/"\"\"",
           ".npy or .npz file, or folder of .png or .wav files">,
    Option<"sampleScale", "sample-scale", "std::string", /*default=*/"\"\"",
           "what a sample's numbers are multiplied with first">,
    Option<"sampleOffset", "sample-offset", "std::string", /*default=*/"\"\"",
           "what is added then">,
    Option<"validation", "validation", "double", /*default=*/"0.0",
           "part of the samples that is kept aside, 0 to below 1">,
    Option<"maxSamples", "max-samples", "int64_t", /*default=*/"1024",
           "most samples to round layers on, chosen at random; 0 for all">,
    Option<"lossSamples", "loss-samples", "int64_t", /*default=*/"512",
           "of these, samples that losses are measured on; 0 for all">,
    Option<"seed", "seed", "uint64_t", /*default=*/"0", "of that choice">,
    Option<"maxWeightBytes", "max-weight-bytes", "int64_t", /*default=*/"-1",
           "bytes of flash for weights, -1 for any">,
    Option<"countCode", "count-code", "bool", /*default=*/"true",
           "count the code that decodes a trellis with the weights">,
    Option<"maxDecodeCycles", "max-decode-cycles", "double",
           /*default=*/"-1.0",
           "cycles for decoding weights, one inference, -1 for any">,
    Option<"maxLoss", "max-loss", "double", /*default=*/"-1.0",
           "sum of the layers' losses, -1 for any">,
    Option<"entropyCoding", "entropy-coding", "bool", /*default=*/"true",
           "consider entropy codes">,
    Option<"cache", "cache", "std::string", /*default=*/"\"\"",
           "folder for measurements, none if empty">,
    Option<"frontier", "frontier", "std::string", /*default=*/"\"\"",
           "JSON file to write the frontier to, none if empty">
  ];
  let dependentDialects = ["::thimble::ThimbleDialect",
                           "::mlir::quant::QuantDialect"];
}

def DropTeacherPass : Pass<"thimble-drop-teacher", "::mlir::ModuleOp"> {
  let summary = "Removes what only compression needed";
  let description = [{
    Erases `@<model>.teacher` and the attributes `thimble.range`,
    `thimble.moments`, `thimble.histogram` and `thimble.recipe`.

    ```mlir
    %0 = thimble.relu %x {thimble.id = "a", thimble.range = [...]}   // before
    %0 = thimble.relu %x {thimble.id = "a"}                          // after
    ```
  }];
  let dependentDialects = ["::thimble::ThimbleDialect"];
}

#endif // THIMBLE_COMPRESSION_PASSES_TD
