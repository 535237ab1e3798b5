#include "fieldscan/data/target/hermite.hpp"

#include <algorithm>
#include <cmath>

#include "direction.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/data/domain.hpp"
#include "level_power.hpp"

namespace fieldscan::data {
namespace {

// ⟨g²⟩: Σ c_k² for normal inputs, by Parseval over the levels on the sphere, over the reference sample otherwise.
double mean_square(const Hermite& target, const Domain& domain, const Hermite::Function& function) {
  if (std::holds_alternative<Gaussian>(domain.input)) {
    double sum = 0;
    for (const double c : target.coefficients) sum += c * c;
    return sum;
  }
  if (std::holds_alternative<Sphere>(domain.input)) {
    double sum = 0;
    for (const auto& [level, power] : hermite_level_power(target.coefficients, domain.dimension)) sum += power;
    return sum;
  }
  const Matrix x = reference_sample(domain);
  return function({.x = x}).total.squaredNorm() / static_cast<double>(x.rows());
}

}  // namespace

Matrix hermite_values(const VectorView& u, int degree) {
  Matrix he(u.size(), degree + 1);
  he.col(0).setOnes();
  if (degree >= 1) he.col(1) = u;
  // √(k+1) he_{k+1} = u he_k − √k he_{k−1}
  for (int k = 1; k < degree; ++k)
    for (Index n = 0; n < u.size(); ++n)
      he(n, k + 1) = std::fma(u(n), he(n, k), -std::sqrt(double(k)) * he(n, k - 1)) / std::sqrt(k + 1.0);
  return he;
}

Values Hermite::Function::operator()(const Examples& examples) const {
  const Matrix he = hermite_values(project(examples.x, weight), static_cast<int>(coefficients.size()) - 1);
  const auto count = std::count_if(coefficients.begin(), coefficients.end(), [](double c) { return c != 0; });
  Values values{.total = Vector::Zero(he.rows()), .modes = Matrix(he.rows(), count)};
  Index column = 0;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    if (coefficients[k] == 0) continue;
    values.modes.col(column) = coefficients[k] * he.col(static_cast<Index>(k));
    values.total += values.modes.col(column++);
  }
  return values;
}

Hermite::Function Hermite::function(const Domain& domain, const TargetKey& key) const {
  const Vector w = random_direction(target_stream<Hermite>(key, draw), domain.dimension);
  const double moment = second_moment_along(domain, w);
  if (!(moment > 0)) throw NumericalError("target hermite: the inputs have no variance along the target's direction");
  Function result{.weight = w / std::sqrt(moment), .coefficients = coefficients};
  if (normalise) {
    const double square = mean_square(*this, domain, result);
    if (!(square > 0)) throw NumericalError("target hermite: it vanishes on the inputs and can not be normalised");
    for (double& c : result.coefficients) c /= std::sqrt(square);
  }
  return result;
}

std::vector<double> Hermite::mode_numbers() const {
  std::vector<double> numbers;
  for (std::size_t k = 0; k < coefficients.size(); ++k)
    if (coefficients[k] != 0) numbers.push_back(static_cast<double>(k));
  return numbers;
}

std::optional<std::string> Hermite::problem() const {
  if (mode_numbers().empty()) return "every entry of `coefficients` is 0 (there is no target); give c_0, c_1, …";
  if (coefficients.size() > 65) return "`coefficients` goes beyond order 64 (where the polynomials lose their digits)";
  return std::nullopt;
}

}  // namespace fieldscan::data
