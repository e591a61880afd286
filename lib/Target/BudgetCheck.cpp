//===- BudgetCheck.cpp - Does a model fit its limits ----------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One message for every limit, with the layer that needs most.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/BudgetCheck.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace thimble;
using llvm::StringRef;

/// What may be done about a limit.
namespace {
struct Resource {
  StringRef name, option, advice;
};
} // namespace

/// `shares` are the bytes of each layer.
static void check(const Resource &resource, std::optional<uint64_t> limit,
                  uint64_t bytes, llvm::ArrayRef<uint64_t> shares,
                  const Report &report,
                  llvm::SmallVectorImpl<BudgetExcess> &excesses) {
  if (!limit || bytes <= *limit)
    return;
  BudgetExcess excess;
  llvm::raw_string_ostream os(excess.message);
  os << "expected at most " << *limit << " bytes of " << resource.name << " ("
     << resource.option << "), but '" << report.model.name << "' needs "
     << bytes << ", " << bytes - *limit << " too many";
  if (!shares.empty()) {
    const uint64_t *largest = llvm::max_element(shares);
    const LayerInfo &layer = report.model.layers[largest - shares.begin()];
    excess.layer = layer.id;
    os << "; the layer '" << layer.id << "'";
    if (!layer.source.empty())
      os << " (" << layer.source << ")";
    os << " needs most, " << *largest;
  }
  os << "; " << resource.advice;
  excesses.push_back(std::move(excess));
}

llvm::SmallVector<BudgetExcess> thimble::findExcesses(const Report &report,
                                                      const Budgets &budgets) {
  llvm::SmallVector<uint64_t> flash, ram, stack;
  for (auto [info, cost] :
       llvm::zip_equal(report.model.layers, report.layers)) {
    flash.push_back(cost.flash.total());
    ram.push_back(info.liveBytes);
    stack.push_back(cost.stackBytes);
  }
  llvm::SmallVector<BudgetExcess> excesses;
  check(
      {"flash", "--max-flash", "raise the limit, try -Os or shrink the model"},
      budgets.maxFlash, report.flash.total(), flash, report, excesses);
  check({"RAM", "--max-ram", "raise the limit or shrink the model"},
        budgets.maxRam, report.model.getRamBytes(), ram, report, excesses);
  check({"stack", "--max-stack", "raise the limit"}, budgets.maxStack,
        report.stackBytes, stack, report, excesses);
  return excesses;
}
