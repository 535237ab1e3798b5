#include "fieldscan/data/domain.hpp"

#include <algorithm>
#include <cassert>

#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/random.hpp"

namespace fieldscan::data {
namespace {

constexpr Index reference_points = 16384;

Matrix reference_rows(const Pool& pool) {
  const Index count = std::min(pool.train.rows(), reference_points);
  std::vector<Index> rows(static_cast<std::size_t>(count));
  for (Index k = 0; k < count; ++k) rows[static_cast<std::size_t>(k)] = k * pool.train.rows() / count;
  return pool_rows(pool, pool.train, rows);
}

}  // namespace

Matrix reference_sample(const Domain& domain) {
  return std::visit(
      [&](const auto& input) -> Matrix {
        if constexpr (Distribution<std::decay_t<decltype(input)>>) {
          const Stream stream(0, Purpose::train_inputs, "reference\n" + canonical_text("input", domain.input), 0, 0);
          return input.draw(stream, 0, reference_points);
        } else {
          assert(domain.pool && "a file's domain has its pool");
          return reference_rows(*domain.pool);
        }
      },
      domain.input);
}

double second_moment_along(const Domain& domain, const VectorView& w) {
  if (const auto* gaussian = std::get_if<Gaussian>(&domain.input)) return w.cwiseAbs2().dot(gaussian->variances());
  if (const auto* pairs = std::get_if<ModularPairs>(&domain.input))
    return w.squaredNorm() + 2 * w.head(pairs->modulus).sum() * w.tail(pairs->modulus).sum() / pairs->modulus;
  if (!std::holds_alternative<File>(domain.input)) return w.squaredNorm();
  const Matrix x = reference_sample(domain);
  return (x * w).squaredNorm() / static_cast<double>(x.rows());
}

}  // namespace fieldscan::data
