//===- EncodingChoice.cpp - Which weight gets which encoding --------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Weight by weight the frontier of (cycles, bytes) of all choices so far is
// extended and pruned.
//
//===----------------------------------------------------------------------===//

#include "EncodingChoice.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace thimble;

/// Partial choices that are kept.
static constexpr double resolution = 4096;

namespace {
/// A choice for the first weights.
struct Partial {
  double cycles = 0;
  int64_t bytes = 0;
  unsigned option = 0;   ///< of the last of them
  unsigned previous = 0; ///< index in the frontier before it
};
using Frontier = std::vector<Partial>;
} // namespace

/// Keeps what is smaller than everything that is faster, one a slot of cycles.
static Frontier prune(Frontier partials, double slot) {
  llvm::sort(partials, [](const Partial &a, const Partial &b) {
    return std::tie(a.cycles, a.bytes) < std::tie(b.cycles, b.bytes);
  });
  Frontier kept;
  for (const Partial &partial : partials) {
    if (!kept.empty() && partial.bytes >= kept.back().bytes)
      continue;
    // The fastest of all stays: it may be the only one that fits later.
    bool isClose =
        kept.size() > 1 && partial.cycles - kept[kept.size() - 2].cycles < slot;
    if (isClose)
      kept.back() = partial;
    else
      kept.push_back(partial);
  }
  return kept;
}

static double fastestOf(const std::vector<EncodingOption> &options) {
  double fastest = options.front().cycles;
  for (const EncodingOption &option : options)
    fastest = std::min(fastest, option.cycles);
  return fastest;
}

/// The best choice when only some decoders may be used, decoders not counted.
static std::vector<unsigned>
solve(llvm::ArrayRef<std::vector<EncodingOption>> weights, double maxCycles,
      const llvm::StringSet<> &banned) {
  double slot =
      std::isfinite(maxCycles) ? std::max(maxCycles, 1.0) / resolution : 0;
  std::vector<Frontier> frontiers = {{Partial()}};
  for (const std::vector<EncodingOption> &options : weights) {
    Frontier next;
    double fastest = fastestOf(options);
    for (auto [previous, partial] : llvm::enumerate(frontiers.back()))
      for (auto [index, option] : llvm::enumerate(options)) {
        double cycles = partial.cycles + option.cycles - fastest;
        bool isAllowed = index == 0 || !banned.contains(option.decoder);
        if (isAllowed && cycles <= maxCycles)
          next.push_back({cycles, partial.bytes + option.bytes, unsigned(index),
                          unsigned(previous)});
      }
    if (!std::isfinite(maxCycles)) {
      // Only the smallest matters.
      next = {*llvm::min_element(next, [](const Partial &a, const Partial &b) {
        return std::tie(a.bytes, a.cycles) < std::tie(b.bytes, b.cycles);
      })};
    }
    frontiers.push_back(prune(std::move(next), slot));
  }
  std::vector<unsigned> choice(weights.size());
  unsigned at = frontiers.back().size() - 1; // the smallest
  for (size_t i = weights.size(); i-- > 0;) {
    const Partial &partial = frontiers[i + 1][at];
    choice[i] = partial.option;
    at = partial.previous;
  }
  return choice;
}

/// Bytes of a choice with the decoders that it needs.
static int64_t bytesOf(llvm::ArrayRef<std::vector<EncodingOption>> weights,
                       llvm::ArrayRef<unsigned> choice,
                       llvm::StringMap<int64_t> &decoders) {
  int64_t total = 0;
  decoders.clear();
  for (auto [options, index] : llvm::zip_equal(weights, choice)) {
    const EncodingOption &option = options[index];
    total += option.bytes;
    int64_t &code = decoders[option.decoder];
    code = std::max(code, option.codeBytes);
  }
  for (const auto &decoder : decoders)
    total += decoder.second;
  return total;
}

std::vector<unsigned>
thimble::chooseEncodings(llvm::ArrayRef<std::vector<EncodingOption>> weights,
                         double maxCycles) {
  llvm::StringSet<> banned;
  llvm::StringMap<int64_t> decoders;
  std::vector<unsigned> best = solve(weights, maxCycles, banned);
  int64_t bestBytes = bytesOf(weights, best, decoders);
  for (bool isImproved = true; isImproved;) {
    isImproved = false;
    std::vector<std::string> used;
    for (const auto &decoder : decoders)
      if (decoder.second > 0)
        used.push_back(decoder.first().str());
    llvm::sort(used);
    std::string worst;
    for (const std::string &decoder : used) {
      banned.insert(decoder);
      std::vector<unsigned> choice = solve(weights, maxCycles, banned);
      llvm::StringMap<int64_t> needed;
      int64_t bytes = bytesOf(weights, choice, needed);
      if (bytes < bestBytes) {
        best = std::move(choice);
        bestBytes = bytes;
        worst = decoder;
        isImproved = true;
      }
      banned.erase(decoder);
    }
    if (isImproved) {
      banned.insert(worst);
      bytesOf(weights, best, decoders);
    }
  }
  return best;
}
