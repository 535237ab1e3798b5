#include "fieldscan/theory/trajectory/dynamic_kernels.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <vector>

namespace fieldscan::theory {

namespace {

constexpr Index most_pairs = 8192;  ///< of points and lags whose averages are formed together

bool hidden_moves(network::Trained train) { return train != network::Trained::readout; }
bool readout_moves(network::Trained train) { return train != network::Trained::hidden; }

/// Weights of a layer at two times: their covariance, and how an error moves them.
struct Motion {
  double covariance = 1, response = 0;
};
Motion motion(bool moves, const LangevinClock& clock, double variance_earlier, Index lag) {
  if (!moves) return {};
  const double response = lag > 0 ? clock.step / clock.ridge * clock.factor(lag - 1) : 0;
  return {variance_earlier * clock.factor(lag), response};
}

/// Variances of every hidden layer at one time [points × L]; equal norms one after the other are done once.
Matrix variances_of_layers(const KernelSpec& spec, double variance, const Vector& mean_square) {
  Matrix out(mean_square.size(), spec.depth);
  for (Index i = 0; i < mean_square.size(); ++i) {
    if (i > 0 && mean_square[i] == mean_square[i - 1]) {
      out.row(i) = out.row(i - 1);
      continue;
    }
    out(i, 0) = variance * (spec.weight_variance.at(0) * mean_square[i] + spec.bias_variance.at(0));
    for (int l = 1; l < spec.depth; ++l) {
      const double square = network::average_equal(spec.activation, out(i, l - 1)).value;
      out(i, l) = variance * (spec.weight_variance.at(l) * square + spec.bias_variance.at(l));
    }
  }
  return out;
}

Vector squares(const MatrixView& x) { return x.rowwise().squaredNorm() / static_cast<double>(x.cols()); }

/// The points of both times, and what a block of lags needs of them.
class Layers {
 public:
  Layers(const KernelSpec& spec, const MatrixView& later, const MatrixView& earlier)
      : spec_(spec), later_(squares(later)), earlier_(squares(earlier)) {
    first_ = spec.weight_variance.at(0) / static_cast<double>(later.cols()) * later * earlier.transpose();
    first_.array() += spec.bias_variance.at(0);
  }
  Index pairs() const { return first_.size(); }
  const Matrix& first() const { return first_; }

  /// Appends the variances of hidden layer l of all pairs.
  void fill(const std::vector<Matrix>& later, const std::vector<Matrix>& earlier, int layer, std::span<double> a,
            std::span<double> b) const {
    std::size_t k = 0;
    for (std::size_t t = 0; t < later.size(); ++t)
      for (Index j = 0; j < first_.cols(); ++j)
        for (Index i = 0; i < first_.rows(); ++i, ++k) {
          a[k] = later[t](i, layer);
          b[k] = earlier[t](j, layer);
        }
  }
  Matrix later_variances(double variance) const { return variances_of_layers(spec_, variance, later_); }
  Matrix earlier_variances(double variance) const { return variances_of_layers(spec_, variance, earlier_); }

 private:
  const KernelSpec& spec_;
  Vector later_, earlier_;
  Matrix first_;  ///< K¹ [later × earlier]
};

/// One hidden layer further, for a block of lags: q and D of all pairs, lag by lag.
void go_up(const KernelSpec& spec, int layer, const std::vector<Motion>& motions, std::span<const double> value,
           std::span<const double> derivative, std::span<double> q, std::span<double> response) {
  const bool last = layer + 1 == spec.depth;
  const double factor = last ? spec.readout_variance : spec.weight_variance.at(layer + 1);
  const double bias = last ? 0.0 : spec.bias_variance.at(layer + 1);
  const std::size_t pairs = q.size() / motions.size();
  for (std::size_t k = 0; k < q.size(); ++k) {
    const Motion& m = motions[k / pairs];
    const double kernel = factor * value[k] + bias;
    q[k] = m.covariance * kernel;
    response[k] = m.response * kernel + m.covariance * factor * derivative[k] * response[k];
  }
}

std::span<double> columns(Matrix& matrix, Index first, Index count) {
  return {matrix.col(first).data(), static_cast<std::size_t>(matrix.rows() * count)};
}

}  // namespace

DynamicKernels dynamic_kernels(const KernelSpec& spec, network::Trained train, const LangevinClock& clock,
                               const VariancePaths& variances, const MatrixView& later, const MatrixView& earlier) {
  const Index lags = variances.later.size();
  assert(variances.earlier.size() == lags && later.cols() == earlier.cols());
  const Layers layers(spec, later, earlier);
  const Index block = std::max<Index>(1, most_pairs / std::max<Index>(1, layers.pairs()));
  DynamicKernels out{{later.rows(), earlier.rows(), lags}, {later.rows(), earlier.rows(), lags}};
  std::vector<double> a, b, value, derivative;
  for (Index first = 0; first < lags; first += block) {
    const Index count = std::min(block, lags - first);
    const auto q = columns(out.noise.data, first, count), response = columns(out.response.data, first, count);
    for (auto* v : {&a, &b, &value, &derivative}) v->resize(q.size());
    std::vector<Motion> hidden, readout;
    std::vector<Matrix> of_later, of_earlier;
    for (Index lag = first; lag < first + count; ++lag) {
      const double moving_later = hidden_moves(train) ? variances.later[lag] : 1,
                   moving_earlier = hidden_moves(train) ? variances.earlier[lag] : 1;
      hidden.push_back(motion(hidden_moves(train), clock, variances.earlier[lag], lag));
      readout.push_back(motion(readout_moves(train), clock, variances.earlier[lag], lag));
      of_later.push_back(layers.later_variances(moving_later));
      of_earlier.push_back(layers.earlier_variances(moving_earlier));
      out.noise.at(lag) = hidden.back().covariance * layers.first();
      out.response.at(lag) = hidden.back().response * layers.first();
    }
    for (int l = 0; l < spec.depth; ++l) {
      layers.fill(of_later, of_earlier, l, a, b);
      network::averages(spec.activation, a, b, q, value, derivative);
      go_up(spec, l, l + 1 == spec.depth ? readout : hidden, value, derivative, q, response);
    }
  }
  return out;
}

Vector dynamic_diagonal(const KernelSpec& spec, network::Trained train, double variance, const MatrixView& x) {
  const Matrix layers = variances_of_layers(spec, hidden_moves(train) ? variance : 1, squares(x));
  const double readout = spec.readout_variance * (readout_moves(train) ? variance : 1);
  Vector out(x.rows());
  for (Index i = 0; i < x.rows(); ++i)
    out[i] = readout * network::average_equal(spec.activation, layers(i, spec.depth - 1)).value;
  return out;
}

}  // namespace fieldscan::theory
