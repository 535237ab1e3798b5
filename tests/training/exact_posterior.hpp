#pragma once
#include <functional>

#include "support.hpp"

/// Posteriors of small networks that can be computed without sampling.
namespace fieldscan::training::testing {

struct Exact {
  Vector mean, variance;     ///< of f on the test set
  double hidden_square = 0;  ///< ⟨|W¹|²⟩
};

/// Mean and variance of a Gaussian process with covariances K, k* and k** and ridge κ; variances are divided by χ.
struct Gaussian {
  Vector mean, variance;
  double log_weight = 0;  ///< −(χ/2) yᵀ(K + κ)⁻¹y − ½ log det(K + κ)
};
Gaussian gaussian_process(const Matrix& train, const Matrix& cross, const Vector& test, const Vector& y, double ridge,
                          double chi);

/// Sums weighted Gaussians to a mixture's mean and variance.
class Mixture {
 public:
  void add(double log_weight, const Gaussian& part, double hidden_square = 0);
  Exact result() const;

 private:
  Vector mean_, square_;
  double total_ = 0, reference_ = 0, hidden_ = 0;
};

/// A deep linear network is a Gaussian process with kernel Q K, Q = Π q_l, q_l ~ χ²(N_l)/N_l: an exact scale mixture,
/// here summed on a grid in log Q. Any number of hidden layers, of any widths.
Exact exact_linear(const Case& c);

/// Two hidden units, one input dimension: the sum over a grid of (w₁, w₂), the readout integrated out.
Exact exact_two_units(const Case& c, const std::function<double(double)>& phi, double step = 0.1);

/// Independent chains: what each found, and its own standard errors. Frozen tensors are the same in all.
struct Chains {
  Matrix predictor;  ///< [chains × test points], of several outputs [chains × test points·C]
  Vector variance, variance_error, error, error_error, hidden;
};
Chains run_chains(Case c, const TrainerChoice& trainer, int count);

/// (mean over chains − expected)/standard error from the spread between chains.
inline double z_of(const Vector& chains, double expected) {
  const double spread = (chains.array() - chains.mean()).square().sum() / static_cast<double>(chains.size() - 1);
  return (chains.mean() - expected) / std::sqrt(spread / static_cast<double>(chains.size()));
}
inline double largest_z(const Matrix& chains, const Vector& expected) {
  double largest = 0;
  for (Index k = 0; k < expected.size(); ++k) largest = std::max(largest, std::abs(z_of(chains.col(k), expected[k])));
  return largest;
}

inline double exact_error(const Case& c, const Exact& exact) {
  return ((exact.mean - c.data.test.target).cwiseAbs2() + exact.variance).mean();
}

}  // namespace fieldscan::training::testing
