#include <cassert>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>

#include "fieldscan/theory/regression/gp.hpp"

namespace fieldscan::theory {

namespace {

Inverse pseudo_invert(Matrix kernel) {
  const Index points = kernel.rows();
  Eigenpairs pairs = eigenpairs(std::move(kernel));
  const double largest = points > 0 ? pairs.values[0] : 0.0;
  const double cut = std::numeric_limits<double>::epsilon() * static_cast<double>(points) * largest;
  Index rank = 0;
  while (rank < points && pairs.values[rank] > cut) ++rank;
  Inverse out;
  out.rank = rank;
  out.condition = rank > 0 ? largest / pairs.values[rank - 1] : 1.0;
  pairs.vectors.conservativeResize(points, rank);
  out.form = PseudoInverse{pairs.values.head(rank), std::move(pairs.vectors)};
  return out;
}

/// mean_kernel: tr K/P.
template <class AnyFactor>
Inverse of_factor(AnyFactor f, double ridge, double mean_kernel) {
  Inverse out;
  out.ridge = ridge + f.jitter;
  out.jitter = f.jitter;
  out.condition = f.condition();
  out.mean_kernel = mean_kernel;
  out.mean_diagonal = mean_kernel + ridge;
  out.rank = f.lower.rows();
  out.form = std::move(f);
  return out;
}

}  // namespace

Inverse invert(Matrix kernel, double ridge) {
  assert(ridge >= 0 && "a ridge is not negative");
  const double mean_kernel = kernel.rows() > 0 ? kernel.trace() / static_cast<double>(kernel.rows()) : 0.0;
  if (ridge == 0) {
    Inverse out = pseudo_invert(std::move(kernel));
    out.mean_diagonal = out.mean_kernel = mean_kernel;
    return out;
  }
  return of_factor(factor(std::move(kernel), ridge), ridge, mean_kernel);
}

EqualPoints equal_points(const EqualRows& equal) {
  EqualPoints out{.group = equal.first, .first = {}, .size = Vector(equal.first.size() - equal.repeated.size())};
  for (std::size_t i = 0; i < equal.first.size(); ++i) {
    if (equal.first[i] == static_cast<Index>(i)) {
      out.group[i] = static_cast<Index>(out.first.size());
      out.size[out.group[i]] = 0;
      out.first.push_back(equal.first[i]);
    } else {
      out.group[i] = out.group[static_cast<std::size_t>(equal.first[i])];
    }
    out.size[out.group[i]] += 1;
  }
  return out;
}

/// From the first point on, so that the mean of equal numbers is that number.
Matrix EqualPoints::means(const MatrixView& right) const {
  Matrix out(size.size(), right.cols());
  for (std::size_t u = 0; u < first.size(); ++u) out.row(static_cast<Index>(u)) = right.row(first[u]);
  for (Index i = 0; i < right.rows(); ++i) {
    const Index u = group[static_cast<std::size_t>(i)], from = first[static_cast<std::size_t>(u)];
    if (from != i) out.row(u) += (right.row(i) - right.row(from)) / size[u];
  }
  return out;
}

namespace {

/// U/P: the trace of √m K √m is that of all points.
double share_of_groups(const EqualPoints& points) {
  return static_cast<double>(points.size.size()) / static_cast<double>(points.group.size());
}

}  // namespace

Inverse invert(Matrix kernel, double ridge, const EqualRows& equal) {
  if (!equal.any()) return invert(std::move(kernel), ridge);
  EqualPoints points = equal_points(equal);
  const Vector root = points.size.cwiseSqrt();
  Matrix folded(root.size(), root.size());
  for (Index v = 0; v < root.size(); ++v)
    for (Index u = 0; u < root.size(); ++u)
      folded(u, v) = root[u] * root[v] *
                     kernel(points.first[static_cast<std::size_t>(u)], points.first[static_cast<std::size_t>(v)]);
  kernel.resize(0, 0);
  Inverse out = invert(std::move(folded), ridge);
  out.mean_kernel *= share_of_groups(points);
  if (ridge > 0) out.rank += std::ssize(equal.repeated);
  out.equal = std::move(points);
  return out;
}

namespace {

/// √m K √m of the groups, in the place of K.
void fold(PackedLower& kernel, const Vector& root) {
  for (Index c = 0; c < kernel.columns(); ++c) {
    Matrix& own = kernel.column(c);
    for (Index v = 0; v < own.cols(); ++v)
      for (Index u = v; u < own.rows(); ++u)
        own(u, v) = root[c * PackedLower::width + u] * root[c * PackedLower::width + v] * own(u, v);
  }
}

}  // namespace

Inverse invert(const std::function<PackedLower()>& make, double ridge, const EqualRows& equal) {
  assert(ridge > 0 && "a pseudo-inverse needs the whole matrix");
  EqualPoints points = equal_points(equal);
  const Vector root = points.size.cwiseSqrt();
  double mean_kernel = 0;
  PackedFactor f = packed_factor(
      [&] {
        PackedLower kernel = make();
        assert(kernel.rows() == root.size() && "of equal points one");
        if (equal.any()) fold(kernel, root);
        if (root.size() > 0) mean_kernel = kernel.trace() / static_cast<double>(root.size());
        return kernel;
      },
      ridge);
  Inverse out = of_factor(std::move(f), ridge, mean_kernel);
  if (!equal.any()) return out;
  out.mean_kernel *= share_of_groups(points);
  out.rank += std::ssize(equal.repeated);
  out.equal = std::move(points);
  return out;
}

namespace {

/// What the one makes of a factor, or the other of eigenpairs.
template <class ByFactor, class ByPairs>
auto by_form(const Inverse& inverse, const ByFactor& by_factor, const ByPairs& by_pairs) {
  return std::visit(
      [&]<class Form>(const Form& form) {
        if constexpr (std::same_as<Form, PseudoInverse>)
          return by_pairs(form);
        else
          return by_factor(form);
      },
      inverse.form);
}

/// A⁻¹ B, or (I − K A⁻¹) B, of the matrix that was factorised.
Matrix solve_form(const Inverse& inverse, const MatrixView& right) {
  return by_form(
      inverse, [&](const auto& f) { return f.solve(right); },
      [&](const PseudoInverse& p) -> Matrix {
        return p.vectors * (p.values.cwiseInverse().asDiagonal() * (p.vectors.transpose() * right));
      });
}
Matrix residual_form(const Inverse& inverse, const MatrixView& right) {
  return by_form(
      inverse, [&](const auto& f) -> Matrix { return inverse.ridge * f.solve(right); },
      [&](const PseudoInverse& p) -> Matrix {
        if (p.vectors.rows() == p.vectors.cols()) return Matrix::Zero(right.rows(), right.cols());
        return right - p.vectors * (p.vectors.transpose() * right);
      });
}
Matrix half_form(const Inverse& inverse, const MatrixView& right) {
  return by_form(
      inverse, [&](const auto& f) { return f.half_solve(right); },
      [&](const PseudoInverse& p) -> Matrix {
        return p.values.cwiseSqrt().cwiseInverse().asDiagonal() * (p.vectors.transpose() * right);
      });
}
Vector diagonal_form(const Inverse& inverse) {
  return by_form(
      inverse, [](const auto& f) { return f.inverse_diagonal(); },
      [](const PseudoInverse& p) -> Vector { return p.vectors.array().square().matrix() * p.values.cwiseInverse(); });
}

/// What an operator that is `on_groups` on the sums and `between` on the differences makes of B.
template <class OnGroups>
Matrix unfolded(const EqualPoints& points, const MatrixView& right, OnGroups&& on_groups, double between) {
  const Vector root = points.size.cwiseSqrt();
  const Matrix mean = points.means(right);
  const Matrix sums = root.cwiseInverse().asDiagonal() * on_groups(root.asDiagonal() * mean);
  Matrix out(right.rows(), right.cols());
  for (Index i = 0; i < right.rows(); ++i) {
    const Index u = points.group[static_cast<std::size_t>(i)];
    out.row(i) = sums.row(u) + between * (right.row(i) - mean.row(u));
  }
  return out;
}

}  // namespace

Matrix Inverse::solve(const MatrixView& right) const {
  const auto on_groups = [&](const Matrix& b) { return solve_form(*this, b); };
  return equal ? unfolded(*equal, right, on_groups, ridge > 0 ? 1 / ridge : 0.0) : on_groups(right);
}

Matrix Inverse::half_solve(const MatrixView& right) const {
  if (!equal) return half_form(*this, right);
  const Matrix mean = equal->means(right);
  const Matrix sums = half_form(*this, equal->size.cwiseSqrt().asDiagonal() * mean);
  if (!(ridge > 0)) return sums;
  Matrix out(sums.rows() + right.rows(), right.cols());
  out.topRows(sums.rows()) = sums;
  for (Index i = 0; i < right.rows(); ++i)
    out.row(sums.rows() + i) = (right.row(i) - mean.row(equal->group[static_cast<std::size_t>(i)])) / std::sqrt(ridge);
  return out;
}

Matrix Inverse::residual(const MatrixView& right) const {
  const auto on_groups = [&](const Matrix& b) { return residual_form(*this, b); };
  return equal ? unfolded(*equal, right, on_groups, 1) : on_groups(right);
}

Vector Inverse::diagonal() const {
  const Vector of_form = diagonal_form(*this);
  if (!equal) return of_form;
  Vector out(std::ssize(equal->group));
  for (Index i = 0; i < out.size(); ++i) {
    const Index u = equal->group[static_cast<std::size_t>(i)];
    out[i] = of_form[u] / equal->size[u] + (ridge > 0 ? (1 - 1 / equal->size[u]) / ridge : 0.0);
  }
  return out;
}

double Inverse::mean_variance(double mean_inverse) const {
  constexpr double large = 1e10;
  return ridge > large * mean_kernel ? mean_kernel : ridge * (1 - ridge * mean_inverse);
}

double Inverse::log_determinant() const {
  const double between = equal ? static_cast<double>(std::ssize(equal->group) - equal->size.size()) : 0.0;
  return by_form(
      *this, [&](const auto& f) { return f.log_determinant() + (between > 0 ? between * std::log(ridge) : 0.0); },
      [](const PseudoInverse& p) { return p.values.array().log().sum(); });
}

}  // namespace fieldscan::theory
