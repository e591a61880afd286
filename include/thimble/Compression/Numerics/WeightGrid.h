//===- WeightGrid.h - What values a weight may take -------------*- C++ -*-===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every compressed weight is an integer code times the scale of its row (its
// output channel). Bit widths, steps and palettes differ only in which codes
// there are and in what may be fitted to the weights.
//
//===----------------------------------------------------------------------===//

#ifndef THIMBLE_COMPRESSION_NUMERICS_WEIGHTGRID_H
#define THIMBLE_COMPRESSION_NUMERICS_WEIGHTGRID_H

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace thimble {

/// Codes of a weight tensor, O x K: a row per output channel, its taps in the
/// order of the tensor (OHWI), so that data() is what the tensor stores.
using CodeMatrix =
    Eigen::Matrix<int8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// O x K: true where a weight may be something else than 0.
using MaskMatrix =
    Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// What a code costs when an entropy coder stores it: -log2 of its frequency.
struct CodeLengths {
  /// Bits by position in the list of codes; empty: no code costs anything.
  std::vector<double> bits;
  /// What one bit is worth in each row, in units of the squared output error.
  Eigen::VectorXd prices;

  bool isEmpty() const { return bits.empty(); }
};

/// The codes that weights may take, and a scale for each row.
struct WeightGrid {
  /// Ascending, distinct codes: one list for the tensor, or one for each row.
  std::vector<std::vector<int8_t>> lists;
  /// Per row, positive; empty until fitScales() chooses them.
  Eigen::VectorXd scales;
  /// All rows have the same scale (a tensor without per-channel scales).
  bool sharesScale = false;
  /// The codes themselves may be moved to fit the weights (palettes).
  bool hasFreeCodes = false;
  /// The codes of a row, in the order of the tensor, follow Support/Trellis.h.
  /// Entropy coders then store their indices instead, and lengths are those of
  /// indices. Lists must be symmetric and without gaps.
  bool followsTrellis = false;
  /// Columns that will not be stored, by column; empty: none. They take no step
  /// of the trellis, and all their codes are 0.
  std::vector<bool> isAbsent;
  /// Lagrangian of a bit: in row r it costs this times scales[r]^2 times
  /// FeedbackOrder::meanInnovation. At high rates a bit less doubles the error,
  /// about scale^2 / 12, twice: 2 ln 2 / 12 = 0.12 would balance; 0.2 is about
  /// best at 1 to 3 bits a weight. 0 looks at the error alone.
  double bitPrice = 0;
  /// Where a weight may be something else than 0; empty: everywhere. Code 0
  /// stands for the others even if no list has it.
  MaskMatrix kept;

  /// 2 to 8 bits: codes from -(2^(bits-1)-1) to 2^(bits-1)-1, so that 2 bits
  /// are ternary. The scales are fitted.
  static WeightGrid uniform(int bits, bool sharesScale = false);

  /// Codes from -maxCode to maxCode and a given step for each of `rows` rows.
  static WeightGrid step(double delta, int64_t rows, double bitPrice = 0,
                         int maxCode = 127);
  static WeightGrid step(const Eigen::VectorXd &deltas, double bitPrice = 0,
                         int maxCode = 127);

  /// A palette of ascending, distinct codes; without scales they are fitted.
  static WeightGrid codebook(std::vector<int8_t> codes,
                             const Eigen::VectorXd &scales = {});
  /// A palette for each row.
  static WeightGrid codebooks(std::vector<std::vector<int8_t>> codesByRow,
                              const Eigen::VectorXd &scales = {});

  const std::vector<int8_t> &getList(int64_t row) const {
    return lists[lists.size() == 1 ? 0 : row];
  }
  bool isKept(int64_t row, int64_t column) const {
    return kept.size() == 0 || kept(row, column);
  }
  /// Where `code` is in the list of `row`; code 0 of a masked weight may be in
  /// none, which gives the position of the nearest.
  int64_t getPosition(int8_t code, int64_t row) const;

  /// What an entropy coder stores for `codes`: the same, or their indices.
  CodeMatrix getSymbols(const CodeMatrix &codes) const;

  /// The code nearest to `value`.
  int8_t nearest(double value, int64_t row, int64_t column) const;

  /// The code that minimizes errorWeight * (value - code * scale)^2 + price of
  /// its bits, exactly.
  int8_t cheapest(double value, int64_t row, int64_t column, double errorWeight,
                  const CodeLengths &lengths) const;

  /// `cheapest` for a column: one value per row. Codes come as doubles, ready
  /// for arithmetic.
  void projectColumn(const Eigen::Ref<const Eigen::ArrayXd> &values,
                     int64_t column, double errorWeight,
                     const CodeLengths &lengths,
                     Eigen::Ref<Eigen::ArrayXd> codes) const;

  /// Chooses scales that minimize the squared error of nearest codes, every
  /// column weighted by `columnWeights` (K, the diagonal of the Hessian; all
  /// zero counts as all one). A row of zeros gets the largest scale of the
  /// others.
  void fitScales(const Eigen::MatrixXd &target,
                 const Eigen::VectorXd &columnWeights);

  /// Weights of all codes: code times scale, O x K.
  Eigen::MatrixXd getWeights(const CodeMatrix &codes) const;

  /// Lengths from the frequencies of symbols of `codes` (smoothed, so that an
  /// absent code costs much but not everything), with prices for that mean
  /// innovation. Empty when bits cost nothing.
  CodeLengths measureLengths(const CodeMatrix &codes,
                             double meanInnovation) const;

  /// The grid of rows [first, first + count).
  WeightGrid getRows(int64_t first, int64_t count) const;
};

/// Order-0 entropy of the codes in bits per weight: by value.
double getEntropy(const CodeMatrix &codes);

} // namespace thimble

#endif // THIMBLE_COMPRESSION_NUMERICS_WEIGHTGRID_H
