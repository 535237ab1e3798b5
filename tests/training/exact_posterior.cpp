#include "exact_posterior.hpp"

namespace fieldscan::training::testing {

namespace {

/// Density of u = Σ_l log q_l, q_l ~ χ²(N_l)/N_l, on a grid of u: the densities of the layers, folded one after the
/// other.
struct LogScale {
  static constexpr double step = 0.04;
  static constexpr int low = -300, high = 80;  ///< of one layer, in steps
  std::vector<double> weight;
  int first = 0;  ///< u of weight[0], in steps
};
LogScale log_scale_prior(const network::Spec& s) {
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

}  // namespace

void Mixture::add(double log_weight, const Gaussian& part, double hidden_square) {
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

Exact Mixture::result() const {
  const Vector mean = mean_ / total_;
  return {.mean = mean, .variance = square_ / total_ - mean.cwiseAbs2(), .hidden_square = hidden_ / total_};
}

Gaussian gaussian_process(const Matrix& train, const Matrix& cross, const Vector& test, const Vector& y, double ridge,
                          double chi) {
  const Matrix shifted = train + ridge * Matrix::Identity(y.size(), y.size());
  const Matrix inverse = shifted.inverse();
  return {.mean = cross * inverse * y,
          .variance = (test - (cross * inverse).cwiseProduct(cross).rowwise().sum()) / chi,
          .log_weight = -chi / 2 * y.dot(inverse * y) - 0.5 * std::log(shifted.determinant())};
}

Exact exact_linear(const Case& c) {
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

Exact exact_two_units(const Case& c, const std::function<double(double)>& phi, double step) {
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

Chains run_chains(Case c, const TrainerChoice& trainer, int count) {
  using enum Observable;
  Chains out;
  out.predictor.resize(count, c.data.test.target.size());
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

}  // namespace fieldscan::training::testing
