#include "fieldscan/theory/trajectory/relaxation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "fieldscan/core/memory.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "fieldscan/theory/regression/gp.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index test_rows = 64;      ///< test points whose rows are formed together
constexpr int most_sweeps = 60;      ///< each a factor of some ε
constexpr double tolerance = 1e-13;  ///< of a sweep's change, relative to the largest row
constexpr double usual_sweeps = 5;

/// Chebyshev's points of [0, 1] with both ends, the end at zero first.
Vector chebyshev_nodes(Index count) {
  Vector nodes(count);
  for (Index j = 0; j < count; ++j)
    nodes[j] = 0.5 - 0.5 * std::cos(std::numbers::pi * static_cast<double>(j) / static_cast<double>(count - 1));
  return nodes;
}

/// Lagrange's polynomials of the nodes at s.
Vector interpolation(const Vector& nodes, double s) {
  Vector out = Vector::Ones(nodes.size());
  for (Index j = 0; j < nodes.size(); ++j)
    for (Index k = 0; k < nodes.size(); ++k)
      if (k != j) out[j] *= (s - nodes[k]) / (nodes[j] - nodes[k]);
  return out;
}

MatrixSeries first_terms(const MatrixSeries& series, Index terms) {
  MatrixSeries out(series.rows, series.columns, terms);
  out.data = series.data.leftCols(terms);
  return out;
}

/// Σ_t A(t).
Matrix sum_of(const MatrixSeries& series) {
  const Vector sum = series.data.rowwise().sum();
  return Eigen::Map<const Matrix>(sum.data(), series.rows, series.columns);
}

/// Σ_t diag(A(t) w_t B(t)ᵀ).
Vector row_products(const MatrixSeries& a, const MatrixSeries& b, const VectorView& weight) {
  const Vector sum = (a.data.cwiseProduct(b.data)) * weight;
  return Eigen::Map<const Matrix>(sum.data(), a.rows, a.columns).rowwise().sum();
}

}  // namespace

Index variance_nodes(double step) {
  const double half_width = step / 2 / (1 - step / 2) / 4;
  return std::clamp<Index>(static_cast<Index>(std::ceil(-13 / std::log10(std::min(half_width, 0.1)))), 2, 13);
}

/// What rows at one step n need: spectra of n + 1 lags, and by lag the shares of the nodes in the kernels at b = n −
/// lag.
struct Relaxation::Stage {
  Matrix share;  ///< [nodes × lags]
  std::vector<SeriesSpectrum> noise, change;
  SeriesSpectrum resolvent;
};

Relaxation::Relaxation(KernelSpec spec, network::Trained train, LangevinClock clock, Matrix x, Index steps)
    : spec_(std::move(spec)), train_(train), clock_(clock), x_(std::move(x)) {
  const auto points = static_cast<double>(x_.rows());
  require_memory(relaxation_work(clock.step, points, 0, {static_cast<double>(steps)}).bytes,
                 fmt::format("Langevin dynamics of {} points over {} steps", x_.rows(), steps));
  nodes_ = chebyshev_nodes(variance_nodes(clock.step));
  const double end = clock_.variance_end();
  MatrixSeries stationary;
  for (const double node : nodes_) {
    VariancePaths paths{Vector(steps + 1), Vector::Constant(steps + 1, end + node * (1 - end))};
    for (Index lag = 0; lag <= steps; ++lag) paths.later[lag] = end + clock_.factor(2 * lag) * node * (1 - end);
    DynamicKernels kernels = dynamic_kernels(spec_, train_, clock_, paths, x_, x_);
    kernels.noise.data.col(0) /= 2;
    noise_.push_back(std::move(kernels.noise));
    if (change_.empty()) stationary = kernels.response;
    kernels.response.data -= stationary.data;
    change_.push_back(std::move(kernels.response));
  }
  stationary.at(0) += Matrix::Identity(x_.rows(), x_.rows());
  resolvent_ = inverse(stationary);
}

Relaxation::Stage Relaxation::stage(Index step) const {
  Stage out{.share = Matrix(nodes_.size(), step + 1), .noise = {}, .change = {}, .resolvent = {}};
  for (Index lag = 0; lag <= step; ++lag) out.share.col(lag) = interpolation(nodes_, clock_.factor(2 * (step - lag)));
  for (const MatrixSeries& noise : noise_) out.noise.push_back(spectrum(first_terms(noise, step + 1)));
  for (const MatrixSeries& change : change_) out.change.push_back(spectrum(first_terms(change, step + 1)));
  out.resolvent = spectrum(first_terms(resolvent_, step + 1));
  return out;
}

/// R with R 𝓐 = source, by lag from step n on: R ← (source − Σ_j share_j (R change_j)) resolvent. The residual becomes
/// the last change, relative, where that is larger.
MatrixSeries Relaxation::rows(const Stage& stage, const MatrixSeries& source, double& residual) const {
  MatrixSeries rows = product(spectrum(source), stage.resolvent);
  double change = 0;
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    const SeriesSpectrum waves = spectrum(rows);
    MatrixSeries rest = source;
    for (std::size_t j = 1; j < stage.change.size(); ++j)
      rest.data -= product(waves, stage.change[j]).data * stage.share.row(static_cast<Index>(j)).asDiagonal();
    MatrixSeries next = product(spectrum(rest), stage.resolvent);
    const double size = next.data.cwiseAbs().maxCoeff();
    change = (next.data - rows.data).cwiseAbs().maxCoeff();
    rows = std::move(next);
    if (change <= tolerance * size) {
      if (size > 0) residual = std::max(residual, change / size);
      return rows;
    }
  }
  solve::give_up("Langevin dynamics in time", change, most_sweeps);
}

RelaxationState Relaxation::at(Index step, const MatrixView& labels, const MatrixView& test) const {
  const Stage now = stage(step);
  const auto noise_of = [&](const MatrixSeries& rows) {  // diag(R K Rᵀ), from pairs of times in order
    const SeriesSpectrum waves = spectrum(rows);
    Vector out = Vector::Zero(rows.rows);
    for (std::size_t j = 0; j < now.noise.size(); ++j)
      out += 2 * row_products(product(waves, now.noise[j]), rows, now.share.row(static_cast<Index>(j)).transpose());
    return out;
  };
  RelaxationState out;
  MatrixSeries unit(x_.rows(), x_.rows(), step + 1);
  unit.at(0).setIdentity();
  const MatrixSeries own = rows(now, unit, out.residual);
  out.mean_train = labels - sum_of(own) * labels;
  out.noise = MatrixSeries(x_.rows(), x_.rows(), step + 1);
  const SeriesSpectrum waves = spectrum(own);
  for (std::size_t j = 0; j < now.noise.size(); ++j)
    out.noise.data += product(waves, now.noise[j]).data * now.share.row(static_cast<Index>(j)).asDiagonal();
  out.variance_train = clip_variance(2 * row_products(out.noise, own, Vector::Ones(step + 1)),
                                     dynamic_diagonal(spec_, train_, clock_.variance(step), x_), 1e-9);
  out.step = step;
  out.inverse = own;

  VariancePaths paths{Vector::Constant(step + 1, clock_.variance(step)), Vector(step + 1)};
  for (Index lag = 0; lag <= step; ++lag) paths.earlier[lag] = clock_.variance(step - lag);
  const Vector prior = dynamic_diagonal(spec_, train_, clock_.variance(step), test);
  out.mean.resize(test.rows(), labels.cols());
  Vector variance(test.rows());
  for (Index first = 0; first < test.rows(); first += test_rows) {
    const Index count = std::min(test_rows, test.rows() - first);
    const DynamicKernels cross = dynamic_kernels(spec_, train_, clock_, paths, test.middleRows(first, count), x_);
    const MatrixSeries w = rows(now, cross.response, out.residual);  // f* = ψ* − W (ψ − y)
    out.mean.middleRows(first, count) = sum_of(w) * labels;
    variance.segment(first, count) =
        prior.segment(first, count) + noise_of(w) - 2 * row_products(w, cross.noise, Vector::Ones(step + 1));
  }
  out.variance = clip_variance(variance, prior, 1e-9);
  return out;
}

RelaxationPair between(const RelaxationState& later, const RelaxationState& earlier) {
  const Index lag = later.step - earlier.step, terms = earlier.step + 1, points = later.inverse.rows;
  const double share = 1 / static_cast<double>(points);
  // Of pairs of steps the one that is earlier is the second one of K: once it belongs to s, once to t.
  const double covariance = share * (later.noise.data.middleCols(lag, terms).cwiseProduct(earlier.inverse.data).sum() +
                                     later.inverse.data.middleCols(lag, terms).cwiseProduct(earlier.noise.data).sum());
  double trace = 0;
  for (Index l = 0; l <= lag; ++l) trace += later.inverse.at(l).trace();
  return {covariance, 1 - share * trace};
}

RelaxationWork relaxation_work(double step, double points, double test_points, const std::vector<double>& times) {
  const auto nodes = static_cast<double>(variance_nodes(step));
  const double last = times.empty() ? 0 : *std::ranges::max_element(times), square = points * points;
  const double rows = std::min<double>(test_rows, std::max(points, test_points));
  RelaxationWork work{.averages = nodes * last * square, .bytes = 0};
  work.operations =
      4 * (transform_operations(3 * square, last + 1) + product_operations(points, points, 2 * points, last + 1));
  for (const double time : times) {
    const double lags = time + 1, all = points + test_points;
    work.averages += lags * points * test_points;
    work.operations += transform_operations(2 * nodes * square, lags) +
                       usual_sweeps * (transform_operations((nodes + 3) * all * points, lags) +
                                       product_operations(all, points, nodes * points, lags)) +
                       transform_operations((nodes + 1) * all * points, lags) +
                       product_operations(all, points, nodes * points, lags);
  }
  work.bytes = 8 * (2 * nodes + 1) * square * (last + 1) + (2 * nodes + 3) * spectrum_bytes(square, last + 1) +
               3 * spectrum_bytes(std::max(points, rows) * points, last + 1) +
               8 * 6 * std::max(points, rows) * points * (last + 1);
  return work;
}

}  // namespace fieldscan::theory
