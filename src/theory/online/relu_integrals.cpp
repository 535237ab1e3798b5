#include <array>
#include <cstddef>

#include "fieldscan/core/solve/legendre.hpp"
#include "integrals.hpp"

// ⟨θ_i θ_j r_k r_l⟩ of rectifiers r = max(u, 0), θ = r′, by Price's theorem: with the covariances between {i, j} and
// {k, l} multiplied by s, the average at s = 0 is a product of two, and
//
//     dI4/ds = Σ_{a ∈ {i, j}, b ∈ {k, l}} C_ab ⟨∂_a ∂_b (θ_i θ_j r_k r_l)⟩_s
//
// where ∂θ is a δ function: its pre-activation is zero, and the other three are normal with the covariance that this
// leaves.

namespace fieldscan::theory {

namespace {

constexpr double pi = std::numbers::pi;
const double root_two_pi = std::sqrt(2 * pi);

/// A covariance of at most four pre-activations.
struct Small {
  std::size_t size = 0;
  std::array<std::array<double, 4>, 4> at = {};
};

/// Density of u_a at zero.
double density(const Small& c, std::size_t a) { return 1 / (root_two_pi * std::sqrt(c.at[a][a])); }

/// Covariance of two given that u_a = 0.
double given(const Small& c, std::size_t a, std::size_t p, std::size_t q) {
  return c.at[p][q] - c.at[p][a] * c.at[a][q] / c.at[a][a];
}
Small all_given(const Small& c, std::size_t a) {
  Small out{.size = c.size - 1};
  for (std::size_t p = 0, row = 0; p < c.size; ++p) {
    if (p == a) continue;
    for (std::size_t q = 0, column = 0; q < c.size; ++q)
      if (q != a) out.at[row][column++] = given(c, a, p, q);
    ++row;
  }
  return out;
}

double correlation(double pp, double qq, double pq) {
  const double scale = std::sqrt(std::max(pp, 0.0) * std::max(qq, 0.0));
  return scale > 0 ? std::clamp(pq / scale, -1.0, 1.0) : 0;
}

/// ⟨θ θ⟩ of two variances and their covariance.
double both_positive(double pp, double qq, double pq) { return 0.25 + std::asin(correlation(pp, qq, pq)) / (2 * pi); }

/// ⟨θ_p r_q⟩
double positive_times_rectified(double pp, double qq, double pq) {
  return std::sqrt(std::max(qq, 0.0)) * (1 + correlation(pp, qq, pq)) / (2 * root_two_pi);
}

/// ⟨θ_0 θ_1 r_2⟩ = Σ_b C_2b ⟨∂_b (θ_0 θ_1 θ_2)⟩, by Stein's lemma.
double two_positive_times_rectified(const Small& c) {
  double sum = 0;
  for (std::size_t b = 0; b < 3; ++b) {
    if (!(c.at[b][b] > 0)) continue;
    const std::size_t p = (b + 1) % 3, q = (b + 2) % 3;
    sum += c.at[2][b] * density(c, b) * both_positive(given(c, b, p, p), given(c, b, q, q), given(c, b, p, q));
  }
  return sum;
}

/// The covariance with all that joins the first `steps` pre-activations to the others times s.
Small joined(Small c, std::size_t steps, double s) {
  for (std::size_t a = 0; a < steps; ++a)
    for (std::size_t b = steps; b < c.size; ++b) c.at[a][b] *= s, c.at[b][a] *= s;
  return c;
}

/// ⟨∂_a ∂_b⟩ of θ's of the first pre-activations and rectifiers of the last two, or of the square of the last.
double mixed_derivative(const Small& c, std::size_t steps, std::size_t a, std::size_t b) {
  const Small rest = all_given(c, a);
  const std::size_t left = steps - 1, at_b = b - 1;
  const auto& r = rest.at;
  if (c.size - steps == 1)  // ∂ r² = 2 r
    return density(c, a) * 2 *
           (left == 0 ? std::sqrt(std::max(r[0][0], 0.0)) / root_two_pi
                      : positive_times_rectified(r[0][0], r[1][1], r[0][1]));
  const std::size_t other = 2 * left + 1 - at_b;  // of the two rectifiers, at `left` and `left` + 1
  if (left == 0) return density(c, a) * positive_times_rectified(r[at_b][at_b], r[other][other], r[at_b][other]);
  Small ordered{.size = 3};
  const std::array<std::size_t, 3> order = {0, at_b, other};
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t q = 0; q < 3; ++q) ordered.at[p][q] = r[order[p]][order[q]];
  return density(c, a) * two_positive_times_rectified(ordered);
}

double integrate_joining(const Small& c, std::size_t steps, double apart) {
  static const solve::LegendreRule rule = solve::legendre_rule(40);
  double sum = apart;
  for (Index node = 0; node < rule.node.size(); ++node) {
    // s = sin(πv/2) on v ∈ [0, 1]: what is singular at s = 1 becomes smooth.
    const double v = 0.5 * (1 + rule.node[node]), s = std::sin(0.5 * pi * v);
    const double weight = 0.5 * pi / rule.scale[node] * std::cos(0.5 * pi * v);
    const Small now = joined(c, steps, s);
    for (std::size_t a = 0; a < steps; ++a)
      for (std::size_t b = steps; b < c.size; ++b) sum += weight * c.at[a][b] * mixed_derivative(now, steps, a, b);
  }
  return sum;
}

}  // namespace

double ReluIntegrals::pair(Index i, Index k) const {
  const double c = at(i, k), root = std::sqrt(std::max(at(i, i) * at(k, k) - c * c, 0.0));
  return (root + std::atan2(root, -c) * c) / (2 * pi);
}

double ReluIntegrals::slopes(Index i, Index k) const { return both_positive(at(i, i), at(k, k), at(i, k)); }

double ReluIntegrals::drive(Index i, Index j, Index k) const {
  const double root = std::sqrt(std::max(at(i, i) * at(k, k) - at(i, k) * at(i, k), 0.0));
  const double along = at(i, i) > 0 ? at(i, j) * root / (2 * pi * at(i, i)) : 0;
  return along + at(j, k) * slopes(i, k);
}

double ReluIntegrals::noise(Index i, Index j, Index k, Index l) const {
  std::array<Index, 4> of = {};
  std::size_t steps = 0, size = 0;
  of[steps++] = i;
  if (j != i) of[steps++] = j;
  size = steps;
  of[size++] = k;
  if (l != k) of[size++] = l;
  Small c{.size = size};
  for (std::size_t p = 0; p < size; ++p)
    for (std::size_t q = 0; q < size; ++q) c.at[p][q] = at(of[p], of[q]);
  const double apart = (i == j ? 0.5 : slopes(i, j)) * (k == l ? 0.5 * at(k, k) : pair(k, l));
  return integrate_joining(c, steps, apart);
}

}  // namespace fieldscan::theory
