#include "units.hpp"

#include <array>
#include <cmath>
#include <span>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/quadrature.hpp"

namespace fieldscan::theory {

namespace {

void apply(const network::ActivationChoice& activation, Matrix& h) {
  const std::span<double> all(h.data(), static_cast<std::size_t>(h.size()));
  network::value(activation, all, all);
}

/// √(σ_w²/d) x, and σ_b as one more coordinate.
Matrix scaled_inputs(const KernelSpec& spec, const MatrixView& x) {
  const double bias = spec.bias_variance.at(0);
  Matrix scaled(x.rows(), x.cols() + (bias > 0 ? 1 : 0));
  scaled.leftCols(x.cols()) = std::sqrt(spec.weight_variance.at(0) / static_cast<double>(x.cols())) * x;
  if (bias > 0) scaled.col(x.cols()).setConstant(std::sqrt(bias));
  return scaled;
}

/// Keeps the pre-activations and appends their mirror images.
void append_mirrored(Matrix& h) {
  const Index n = h.cols();
  h.conservativeResize(Eigen::NoChange, 2 * n);
  h.rightCols(n) = -h.leftCols(n);
}

}  // namespace

UnitLaw first_law(const KernelSpec& spec, const MatrixView& x, const MatrixView& test) {
  return {.train = scaled_inputs(spec, x), .test = scaled_inputs(spec, test), .own = {}};
}

UnitLaw law_of(Matrix train, const Matrix& cross, const Vector& diagonal) {
  if (train.isZero(0)) return {.train = std::move(train), .test = cross.transpose(), .own = diagonal.cwiseSqrt()};
  const Factor f = factor(std::move(train), 0);
  const Matrix half = f.half_solve(cross);
  return {.train = f.lower,
          .test = half.transpose(),
          .own = (diagonal - half.colwise().squaredNorm().transpose()).cwiseMax(0).cwiseSqrt()};
}

Mirror mirror_of(const network::ActivationChoice& activation) {
  std::array<double, 4> plus{0.3, 1.1, 2.3, 4.7}, minus{-0.3, -1.1, -2.3, -4.7};
  network::value(activation, plus, plus);
  network::value(activation, minus, minus);
  bool odd = true, even = true;
  for (std::size_t k = 0; k < plus.size(); ++k) {
    const double size = 1e-12 * (std::abs(plus[k]) + std::abs(minus[k]));
    odd = odd && std::abs(plus[k] + minus[k]) <= size;
    even = even && std::abs(plus[k] - minus[k]) <= size;
  }
  return odd || even ? Mirror::same : Mirror::other;
}

Units sample_units(const network::ActivationChoice& activation, Mirror mirror, const UnitLaw& law, const Stream& stream,
                   Index count) {
  const Index drawn = mirror == Mirror::other ? count / 2 : count, rank = law.train.cols(), test = law.test.rows();
  Matrix z(rank, drawn), own(law.own.size(), drawn);
  stream.normals({z.data(), static_cast<std::size_t>(z.size())});
  stream.normals({own.data(), static_cast<std::size_t>(own.size())}, static_cast<std::uint64_t>(z.size()));
  Units units{.train = law.train * z, .test = Matrix(test, drawn), .weight = {}};
  units.test.noalias() = law.test * z;
  if (own.size() > 0) units.test += law.own.asDiagonal() * own;
  if (mirror == Mirror::other)
    for (Matrix* h : {&units.train, &units.test}) append_mirrored(*h);
  for (Matrix* h : {&units.train, &units.test}) apply(activation, *h);
  units.weight.setConstant(units.train.cols(), 1 / static_cast<double>(units.train.cols()));
  return units;
}

int degree_of(const network::ActivationChoice& activation) {
  if (std::holds_alternative<network::Linear>(activation)) return 1;
  if (std::holds_alternative<network::Quadratic>(activation)) return 2;
  if (const auto* polynomial = std::get_if<network::Polynomial>(&activation))
    return static_cast<int>(polynomial->coefficients.size()) - 1;
  return 0;
}

ProductRule gauss_rule(Index nodes) {
  // Hermite polynomials of the standard normal: b_k = √k.
  const solve::Rule rule =
      solve::rule_of_recurrence(Vector::LinSpaced(nodes - 1, 1, static_cast<double>(nodes - 1)).cwiseSqrt());
  return {.node = rule.node, .weight = rule.weight};
}

ProductRule equal_steps(double step) {
  constexpr double end = 9;  // the density is 10⁻¹⁸ of its maximum there
  const Index half = static_cast<Index>(std::ceil(end / step));
  ProductRule rule{
      .node = step * Vector::LinSpaced(2 * half + 1, static_cast<double>(-half), static_cast<double>(half)),
      .weight = {}};
  rule.weight = (-0.5 * rule.node.array().square()).exp();
  rule.weight /= rule.weight.sum();
  return rule;
}

Units product_units(const network::ActivationChoice& activation, const UnitLaw& law, const ProductRule& rule,
                    Index first, Index count) {
  const Index rank = law.train.cols(), nodes = rule.node.size();
  Matrix z(rank, count);
  Units units{.train = {}, .test = {}, .weight = Vector::Ones(count)};
  for (Index k = 0; k < count; ++k)
    for (Index i = 0, rest = first + k; i < rank; ++i, rest /= nodes) {
      z(i, k) = rule.node[rest % nodes];
      units.weight[k] *= rule.weight[rest % nodes];
    }
  units.train = law.train * z;
  units.test = law.test * z;
  for (Matrix* h : {&units.train, &units.test}) apply(activation, *h);
  return units;
}

}  // namespace fieldscan::theory
