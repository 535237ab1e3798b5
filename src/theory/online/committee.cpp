#include "fieldscan/theory/online/committee.hpp"

#include <utility>

#include "integrals.hpp"

namespace fieldscan::theory {

namespace {

ErfIntegrals integrals_of(const network::Erf& erf, const MatrixView& c) { return {c, 2 * erf.scale * erf.scale}; }
ReluIntegrals integrals_of(const network::Relu&, const MatrixView& c) { return {c}; }
LinearIntegrals integrals_of(const network::Linear&, const MatrixView& c) { return {c}; }

template <class Use>
auto with_integrals(const CommitteeUnit& unit, const MatrixView& c, Use&& use) {
  return std::visit([&](const auto& one) { return use(integrals_of(one, c)); }, unit);
}

/// Of all units, those of the student first.
Matrix covariance(const Committee& state) {
  const Index own = state.own.rows(), all = own + state.teacher.rows();
  Matrix c(all, all);
  c.topLeftCorner(own, own) = state.own;
  c.topRightCorner(own, all - own) = state.cross;
  c.bottomLeftCorner(all - own, own) = state.cross.transpose();
  c.bottomRightCorner(all - own, all - own) = state.teacher;
  return c;
}

/// e with g − f = Σ_a e_a φ(u_a).
Vector signed_amplitudes(const Committee& state) {
  Vector e(state.amplitude.size() + state.teacher_share.size());
  e << -state.amplitude, state.teacher_share;
  return e;
}

/// Σ_a e_a I3(i, j, a) for units i of the student and all j.
template <class Integrals>
Matrix drives(const Integrals& integrals, const Vector& e, Index own) {
  Matrix out = Matrix::Zero(own, e.size());
  for (Index i = 0; i < own; ++i)
    for (Index j = 0; j < e.size(); ++j)
      for (Index a = 0; a < e.size(); ++a) out(i, j) += e[a] * integrals.drive(i, j, a);
  return out;
}

/// ⟨φ′_i φ′_k δ²⟩
template <class Integrals>
double kick(const Integrals& integrals, const Vector& e, double label_variance, Index i, Index k) {
  double sum = label_variance * integrals.slopes(i, k);
  for (Index a = 0; a < e.size(); ++a)
    for (Index b = a; b < e.size(); ++b) sum += (a == b ? 1 : 2) * e[a] * e[b] * integrals.noise(i, k, a, b);
  return sum;
}

template <class Integrals>
CommitteeSlope slope_of(const Integrals& integrals, const Committee& state, const CommitteeRates& rates) {
  const Index own = state.own.rows(), others = state.teacher.rows();
  const Vector e = signed_amplitudes(state);
  const Vector& v = state.amplitude;
  CommitteeSlope out{Matrix::Zero(own, own), Matrix::Zero(own, others), Vector::Zero(own)};
  if (rates.amplitude != 0)
    for (Index i = 0; i < own; ++i)
      for (Index a = 0; a < e.size(); ++a) out.amplitude[i] += rates.amplitude * e[a] * integrals.pair(i, a);
  if (rates.drift == 0) return out;
  const Matrix drive = rates.drift * (v.asDiagonal() * drives(integrals, e, own));
  out.cross = drive.rightCols(others);
  out.own = drive.leftCols(own) + drive.leftCols(own).transpose();
  if (rates.noise == 0) return out;
  for (Index i = 0; i < own; ++i)
    for (Index k = i; k < own; ++k) {
      out.own(i, k) += rates.noise * v[i] * v[k] * kick(integrals, e, rates.label_variance, i, k);
      out.own(k, i) = out.own(i, k);
    }
  return out;
}

}  // namespace

double committee_error(const CommitteeUnit& unit, const Committee& state) {
  const Vector e = signed_amplitudes(state);
  const Matrix c = covariance(state);
  return with_integrals(unit, c, [&](const auto& integrals) {
    double sum = 0;
    for (Index a = 0; a < e.size(); ++a)
      for (Index b = a; b < e.size(); ++b) sum += (a == b ? 1 : 2) * e[a] * e[b] * integrals.pair(a, b);
    return std::max(sum, 0.0);  // rounding below zero where both agree
  });
}

CommitteeSlope committee_slope(const CommitteeUnit& unit, const Committee& state, const CommitteeRates& rates) {
  const Matrix c = covariance(state);
  return with_integrals(unit, c, [&](const auto& integrals) { return slope_of(integrals, state, rates); });
}

double integral_pair(const CommitteeUnit& unit, const MatrixView& c, Index i, Index k) {
  return with_integrals(unit, c, [&](const auto& integrals) { return integrals.pair(i, k); });
}
double integral_slopes(const CommitteeUnit& unit, const MatrixView& c, Index i, Index k) {
  return with_integrals(unit, c, [&](const auto& integrals) { return integrals.slopes(i, k); });
}
double integral_drive(const CommitteeUnit& unit, const MatrixView& c, Index i, Index j, Index k) {
  return with_integrals(unit, c, [&](const auto& integrals) { return integrals.drive(i, j, k); });
}
double integral_noise(const CommitteeUnit& unit, const MatrixView& c, Index i, Index j, Index k, Index l) {
  return with_integrals(unit, c, [&](const auto& integrals) { return integrals.noise(i, j, k, l); });
}

}  // namespace fieldscan::theory
