//===- ValidationRun.cpp - What a compressed network loses ----------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The split is the one that passes make with the same seed.
//
//===----------------------------------------------------------------------===//

#include "ValidationRun.h"
#include "NetworkRun.h"

using namespace mlir;
using namespace thimble;

/// With fewer samples a drop is a guess.
static constexpr size_t leastSamples = 10;

FailureOr<std::unique_ptr<ValidationRun>>
ValidationRun::create(ModuleOp graph, const CompressionOptions &options) {
  FailureOr<func::FuncOp> model = findModel(graph);
  if (failed(model))
    return failure();
  auto opened = openSamples(*model, options.getSource());
  if (failed(opened))
    return failure();
  std::unique_ptr<ValidationRun> run(new ValidationRun());
  run->samples = std::move(*opened);
  run->indices =
      splitSamples(run->samples->size(), validationPart, options.seed)
          .validation;
  if (run->indices.size() < leastSamples)
    return graph.emitError("expected at least ")
           << static_cast<uint64_t>(leastSamples / validationPart)
           << " samples to keep --max-drop on a part of them, found "
           << run->samples->size();
  for (uint64_t index : run->indices)
    if (!run->samples->getLabels().empty())
      run->labels.push_back(run->samples->getLabels()[index]);
  FailureOr<NetworkOutputs> outputs =
      runOnSamples(graph, *run->samples, run->indices);
  if (failed(outputs))
    return failure();
  run->teacher = std::move(*outputs);
  auto task = chooseTask("", run->labels, run->samples->getElements(),
                         run->teacher.elements);
  if (!task)
    return graph.emitError(llvm::toString(task.takeError()));
  run->task = *task;
  return run;
}

FailureOr<double> ValidationRun::getDrop(ModuleOp student) const {
  FailureOr<NetworkOutputs> outputs = runOnSamples(student, *samples, indices);
  if (failed(outputs))
    return failure();
  return scoreNetwork(task, labels, *outputs, &teacher).drop->value;
}
