//===- LossCurve.cpp - What a coarser step costs, without luck ------------===//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Three unknowns: a few steps of Gauss-Newton from a straight line.
//
//===----------------------------------------------------------------------===//

#include "thimble/Compression/Numerics/LossCurve.h"
#include <Eigen/Cholesky>
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace thimble;

using Eigen::Index;
using Eigen::Matrix3d;
using Eigen::Vector3d;
using Eigen::VectorXd;

/// Of a measured loss beside the noise that all have.
static constexpr double relativeNoise = 0.15;
/// How far slope and curvature usually are from 2 and 0.
static constexpr double slopeSpread = 0.5, curvatureSpread = 0.2;

namespace {
class Curve {
public:
  Curve(const std::vector<double> &steps, const std::vector<double> &losses,
        double noise);

  void fit();
  std::vector<double> getLosses() const;

private:
  Vector3d getTerms(Index i) const { return {1, x[i], x[i] * x[i]}; }
  double getLoss(Index i, const Vector3d &at) const {
    return std::exp(std::clamp(at.dot(getTerms(i)) + 2 * x[i], -80.0, 80.0));
  }
  double getCost(const Vector3d &at) const;

  /// Logarithms of steps, their mean taken out.
  VectorXd x;
  VectorXd losses, weights;
  /// a, b and c.
  Vector3d curve = Vector3d::Zero();
};
} // namespace

Curve::Curve(const std::vector<double> &steps,
             const std::vector<double> &measured, double noise)
    : x(steps.size()), losses(steps.size()), weights(steps.size()) {
  for (size_t i = 0; i < steps.size(); ++i) {
    x[i] = std::log(steps[i]);
    losses[i] = measured[i];
  }
  x.array() -= x.mean();
  double most = losses.cwiseAbs().maxCoeff();
  noise = std::max(noise, 1e-6 * most + 1e-300);
  // In the logarithm, a small loss is all noise.
  double sum = 0, number = 0;
  for (Index i = 0; i < x.size(); ++i) {
    double spread = std::hypot(noise, relativeNoise * losses[i]);
    weights[i] = 1 / (spread * spread);
    double trust = losses[i] > noise ? 1 : 0;
    sum += trust * (std::log(std::max(losses[i], noise)) - 2 * x[i]);
    number += trust;
  }
  // With no loss above the noise the curve starts where it ends at the noise.
  curve[0] = number > 0 ? sum / number : std::log(noise) - 2 * x.maxCoeff();
}

double Curve::getCost(const Vector3d &at) const {
  double cost =
      std::pow(at[1] / slopeSpread, 2) + std::pow(at[2] / curvatureSpread, 2);
  for (Index i = 0; i < x.size(); ++i)
    cost += weights[i] * std::pow(losses[i] - getLoss(i, at), 2);
  return cost;
}

void Curve::fit() {
  double cost = getCost(curve);
  double damping = 1e-3;
  for (int round = 0; round < 60; ++round) {
    Matrix3d normal = Matrix3d::Zero();
    Vector3d right = Vector3d::Zero();
    normal(1, 1) = 1 / (slopeSpread * slopeSpread);
    normal(2, 2) = 1 / (curvatureSpread * curvatureSpread);
    right -= normal * curve;
    for (Index i = 0; i < x.size(); ++i) {
      double loss = getLoss(i, curve);
      Vector3d gradient = loss * getTerms(i);
      normal += weights[i] * gradient * gradient.transpose();
      right += weights[i] * (losses[i] - loss) * gradient;
    }
    normal.diagonal() += damping * (normal.diagonal().array() + 1e-9).matrix();
    Vector3d next = curve + normal.ldlt().solve(right);
    double nextCost = getCost(next);
    if (!(nextCost < cost)) {
      damping *= 8;
      continue;
    }
    bool isDone = cost - nextCost < 1e-9 * cost;
    curve = next;
    cost = nextCost;
    damping /= 4;
    if (isDone)
      break;
  }
}

std::vector<double> Curve::getLosses() const {
  std::vector<double> result;
  for (Index i = 0; i < x.size(); ++i)
    result.push_back(getLoss(i, curve));
  return result;
}

std::vector<double> thimble::smoothLosses(const std::vector<double> &steps,
                                          const std::vector<double> &losses,
                                          double noise) {
  assert(steps.size() == losses.size());
  if (steps.empty())
    return {};
  Curve curve(steps, losses, noise);
  curve.fit();
  return curve.getLosses();
}
