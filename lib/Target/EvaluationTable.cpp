//===- EvaluationTable.cpp - Accuracy for people --------------------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts are shown in percent, errors as they are.
//
//===----------------------------------------------------------------------===//

#include "thimble/Target/EvaluationInfo.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace thimble;
using llvm::StringRef;

static std::string formatPercent(const Estimate &part) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(
      "%.2f (%.2f to %.2f)", 100 * part.value, 100 * part.low, 100 * part.high);
  return text;
}

static std::string formatNumber(const Estimate &number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(
      "%.5g (%.5g to %.5g)", number.value, number.low, number.high);
  return text;
}

/// The difference without a sign before a zero, and its standard error.
static std::string formatDrop(const PairedDifference &drop) {
  double value = std::round(drop.value * 100) / 100 + 0.0;
  std::string text;
  llvm::raw_string_ostream(text)
      << llvm::format("%.2f +- %.2f", value, drop.standardError);
  return text;
}

void thimble::writeTable(const EvaluationInfo &evaluation,
                         llvm::raw_ostream &stream) {
  StringRef title = llvm::StringSwitch<StringRef>(evaluation.task)
                        .Case("top1", "accuracy, %")
                        .Case("auc", "area under the curve, %")
                        .Case("mse", "mean squared error")
                        .Default("agreement, %");
  bool isError = evaluation.task == "mse";
  bool hasAgreement = evaluation.task == "top1";
  stream << "\nevaluated on " << evaluation.count << " samples of '"
         << evaluation.samples << "', with 95 % intervals; drop with its "
         << "standard error\n";
  auto row = [&](StringRef name, StringRef score, StringRef agreement,
                 StringRef drop) {
    stream << llvm::left_justify(name, 12) << llvm::left_justify(score, 34);
    if (hasAgreement)
      stream << llvm::left_justify(agreement, 30);
    stream << drop << "\n";
  };
  std::string teacher = evaluation.networks.front().name;
  row("network", title.str(), "agreement with " + teacher + ", %",
      isError ? "drop, % of " + teacher : "drop, points");
  for (const EvaluatedNetwork &network : evaluation.networks) {
    const NetworkScore &score = network.score;
    row(network.name,
        isError ? formatNumber(score.score) : formatPercent(score.score),
        score.agreement ? formatPercent(*score.agreement) : "-",
        score.drop ? formatDrop(*score.drop) : "-");
  }
}
