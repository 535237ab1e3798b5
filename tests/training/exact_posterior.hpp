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
inline Gaussian gaussian_process(const Matrix& train, const Matrix& cross, const Vector& test, const Vector& y,
                                 double ridge, double chi) {
  const Matrix shifted = train + ridge * Matrix::Identity(y.size(), y.size());
  const Matrix inverse = shifted.inverse();
  return {.mean = cross * inverse * y,
          .variance = (test - (cross * inverse).cwiseProduct(cross).rowwise().sum()) / chi,
          .log_weight = -chi / 2 * y.dot(inverse * y) - 0.5 * std::log(shifted.determinant())};
}

/// Sums weighted Gaussians to a mixture's mean and variance.
class Mixture {
 public:
  void add(double log_weight, const Gaussian& part, double hidden_square = 0) {
    if (mean_.size() == 0) {
      mean_ = square_ = Vector::Zero(part.mean.size());
      reference_ = log_weight;
    }
    if (log_weight > reference_) {
      const double shrink = std::exp(reference_ - log_weight);
      for (Vector* sum : {&mean_, &square_}) *sum *= shrink;
      total_ *= shrink;
      hidden_ *= shrink;
      reference_ = log_weight;
    }
    const double weight = std::exp(log_weight - reference_);
    total_ += weight;
    mean_ += weight * part.mean;
    square_ += weight * (part.variance + part.mean.cwiseAbs2());
    hidden_ += weight * hidden_square;
  }
  Exact result() const {
    const Vector mean = mean_ / total_;
    return {.mean = mean, .variance = square_ / total_ - mean.cwiseAbs2(), .hidden_square = hidden_ / total_};
  }

 private:
  Vector mean_, square_;
  double total_ = 0, reference_ = 0, hidden_ = 0;
};

/// Density of u = Σ_l log q_l, q_l ~ χ²(N_l)/N_l, on a grid of u: the densities of the layers, folded one after the
/// other.
struct LogScale {
  static constexpr double step = 0.04;
  static constexpr int low = -300, high = 80;  ///< of one layer, in steps
  std::vector<double> weight;
  int first = 0;  ///< u of weight[0], in steps
};
inline LogScale log_scale_prior(const network::Spec& s) {
  LogScale total{.weight = {1.0}, .first = 0};
  for (int layer = 0; layer < s.depth; ++layer) {
    const double half = 0.5 * s.width.at(layer);
    std::vector<double> next(total.weight.size() + LogScale::high - LogScale::low, 0.0);
    for (int k = LogScale::low; k <= LogScale::high; ++k) {
      const double u = LogScale::step * k, density = std::exp(half * (u - std::exp(u) + 1));
      for (std::size_t j = 0; j < total.weight.size(); ++j)
        next[j + static_cast<std::size_t>(k - LogScale::low)] += density * total.weight[j];
    }
    total = {.weight = std::move(next), .first = total.first + LogScale::low};
  }
  return total;
}

/// A deep linear network is a Gaussian process with kernel Q K, Q = Π q_l, q_l ~ χ²(N_l)/N_l: an exact scale mixture,
/// here summed on a grid in log Q. Any number of hidden layers, of any widths.
inline Exact exact_linear(const Case& c) {
  const auto& s = c.network;
  const double factor =
      s.readout_variance * std::pow(s.weight_variance.at(0), s.depth) / static_cast<double>(c.data.train.x.cols());
  const Matrix train = factor * c.data.train.x * c.data.train.x.transpose();
  const Matrix cross = factor * c.data.test.x * c.data.train.x.transpose();
  const Vector test = factor * c.data.test.x.rowwise().squaredNorm();
  Mixture mixture;
  const LogScale prior = log_scale_prior(s);
  for (std::size_t k = 0; k < prior.weight.size(); ++k) {
    if (prior.weight[k] == 0) continue;
    const double scale = std::exp(LogScale::step * (static_cast<double>(k) + prior.first));
    const Gaussian part =
        gaussian_process(scale * train, scale * cross, scale * test, c.data.train.label, c.ridge, s.chi);
    mixture.add(std::log(prior.weight[k]) + part.log_weight, part);
  }
  return mixture.result();
}

/// Two hidden units, one input dimension: the sum over a grid of (w₁, w₂), the readout integrated out.
inline Exact exact_two_units(const Case& c, const std::function<double(double)>& phi, double step = 0.1) {
  const auto& s = c.network;
  const Vector x = std::sqrt(s.weight_variance.at(0)) * c.data.train.x,
               at = std::sqrt(s.weight_variance.at(0)) * c.data.test.x;
  const double scale = s.readout_variance / 2;
  Mixture mixture;
  const int end = static_cast<int>(std::lround(6 / step));
  for (int i = -end; i <= end; ++i)
    for (int j = -end; j <= i; ++j) {
      const double w[2] = {step * i, step * j};
      Matrix train = Matrix::Zero(x.size(), x.size()), cross = Matrix::Zero(at.size(), x.size());
      Vector test = Vector::Zero(at.size());
      for (const double unit : w) {
        const Vector f = (unit * x).unaryExpr(phi), g = (unit * at).unaryExpr(phi);
        train += scale * f * f.transpose();
        cross += scale * g * f.transpose();
        test += scale * g.cwiseAbs2();
      }
      const Gaussian part = gaussian_process(train, cross, test, c.data.train.label, c.ridge, s.chi);
      const double square = w[0] * w[0] + w[1] * w[1];
      mixture.add(-0.5 * square + part.log_weight + (i == j ? 0 : std::log(2.0)), part, square);
    }
  return mixture.result();
}

/// Independent chains: what each found, and its own standard errors. Frozen tensors are the same in all.
struct Chains {
  Matrix predictor;  ///< [chains × test points]
  Vector variance, variance_error, error, error_error, hidden;
};
inline Chains run_chains(Case c, const TrainerChoice& trainer, int count) {
  using enum Observable;
  Chains out;
  out.predictor.resize(count, c.data.test.x.rows());
  for (auto* v : {&out.variance, &out.variance_error, &out.error, &out.error_error, &out.hidden}) v->resize(count);
  for (int k = 0; k < count; ++k) {
    c.draw = k;
    if (c.network.train == network::Trained::all) c.initialisation = k;
    const Result result =
        train(c.problem(), trainer, plan_of({predictor, variance_posterior, error_test, norm_excess}));
    out.predictor.row(k) = predictor_of(result).transpose();
    out.variance[k] = value_of(result, variance_posterior);
    out.variance_error[k] = row_of(result, variance_posterior)->standard_error;
    out.error[k] = value_of(result, error_test);
    out.error_error[k] = row_of(result, error_test)->standard_error;
    const network::Network network(c.network, static_cast<int>(c.data.train.x.cols()));
    out.hidden[k] = value_of(result, norm_excess, 1) + static_cast<double>(network.tensors().front().size());
  }
  return out;
}

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
