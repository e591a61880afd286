//===- ProgressDisplay.cpp - Shows how far a pass is ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes tell by actions; this is a handler of them.
//
//===----------------------------------------------------------------------===//

#include "ProgressDisplay.h"
#include "thimble/Evaluation/Progress.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace thimble;

static void showProgress(llvm::raw_ostream &log, const ProgressAction &action) {
  int64_t percent = 100 * action.done / std::max<int64_t>(action.total, 1);
  int64_t before = 100 * (action.done - 1) / std::max<int64_t>(action.total, 1);
  if (percent == before)
    return;
  log << llvm::format("\r%11s %3lld %%\r", action.task.str().c_str(),
                      static_cast<long long>(percent));
  log.flush();
}

ProgressDisplay::ProgressDisplay(MLIRContext *context, llvm::raw_ostream *log)
    : context(log && log->is_displayed() && !context->hasActionHandler()
                  ? context
                  : nullptr) {
  if (!this->context)
    return;
  context->registerActionHandler(
      [log](llvm::function_ref<void()> run, const tracing::Action &action) {
        run();
        if (auto *progress = dyn_cast<ProgressAction>(&action))
          showProgress(*log, *progress);
      });
}

ProgressDisplay::~ProgressDisplay() {
  if (context)
    context->registerActionHandler({});
}
