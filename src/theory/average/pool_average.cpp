#include "fieldscan/theory/average/all_rows.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/root.hpp"
#include "pool_numbers.hpp"

namespace fieldscan::theory {

namespace {

/// ŵ_i = c/(λ̂_i + c).
Eigen::ArrayXd missed(const VectorView& eigenvalue, double c) { return c / (eigenvalue.array() + c); }

}  // namespace

// Solves M (1 − ⟨ŵ⟩) + κ ⟨ŵ⟩/c = P by bisection in the logarithm of c; the left side falls.
double matched_ridge(double count, double trace, double points, double ridge,
                     const std::function<double(double c)>& mean_missed) {
  const auto too_small = [&](double log_c) {
    const double c = std::exp(log_c), mean = mean_missed(c);
    return count * (1 - mean) + ridge * mean / c > points;
  };
  const auto log_c =
      solve::bisect(too_small, -700, std::log(2 * (trace + ridge) / points), {.relative = 1e-14, .steps = 200});
  return std::exp(solve::found(log_c, "the renormalised ridge of a file").middle());
}

double matched_ridge(const VectorView& eigenvalue, double points, double ridge) {
  return matched_ridge(static_cast<double>(eigenvalue.size()), eigenvalue.sum(), points, ridge,
                       [&](double c) { return missed(eigenvalue, c).mean(); });
}

int tested_rows(const Setting& setting) {
  const data::Spec& data = setting.data;
  const bool some = data.test_set == data::TestSet::shared && !data.test_size.is_word();
  return some ? data.test_size.number() : all_held_out;
}

PoolModes pool_of(const Setting& setting) {
  return {
      .input = setting.data.input,
      .target = setting.data.target,
      .validation_size = setting.data.validation_size,
      .seed = static_cast<std::int64_t>(setting.seed),
      .points = std::clamp(8 * setting.data.train_size.number(), 2048, 4096),
      .test_from = setting.data.test_from == data::TestFrom::pool ? data::TestFrom::pool : data::TestFrom::automatic};
}

EmpiricalModes empirical_modes(const MatrixView& kernel) {
  const double count = static_cast<double>(kernel.rows());
  Eigenpairs pairs = eigenpairs(kernel);
  // Rounding: the rank of a kernel of few features stays what it is.
  const double rounding = 1e-15 * count * std::max(pairs.values[0], 0.0);
  return {.eigenvalue = (pairs.values.array() > rounding).select(pairs.values / count, 0.0),
          .vectors = std::move(pairs.vectors)};
}

Vector empirical_power(const EmpiricalModes& modes, const VectorView& function) {
  return (modes.vectors.transpose() * function).cwiseAbs2() / static_cast<double>(function.size());
}

DataAverage average_over_pool(const VectorView& eigenvalue, const VectorView& power, double points, double ridge,
                              double noise_variance) {
  const double count = static_cast<double>(eigenvalue.size());
  assert(points > 0 && points < count && "fewer training points than rows of the pool");
  if (ridge == 0 && static_cast<double>((eigenvalue.array() > 0).count()) <= points) {
    // Few features, which the pool knows: least squares.
    const Spectrum own{.eigenvalue = eigenvalue, .degeneracy = Vector::Ones(eigenvalue.size())};
    DataAverage out = average_over_data(own, power, 0, points, 0, noise_variance);
    const double total = power.sum();
    out.learnability = Vector::Constant(1, total > 0 ? power.dot(out.learnability) / total : 0.0);
    return out;
  }
  const double c = matched_ridge(eigenvalue, points, ridge), total = power.sum();
  const Eigen::ArrayXd w = missed(eigenvalue, c);
  const PoolSums<double> sums{.c = c,
                              .mean = w.mean(),
                              .square = w.square().mean(),
                              .log_sum = (eigenvalue.array() + c).log().sum(),
                              .power = total,
                              .once = (power.array() * w).sum(),
                              .twice = (power.array() * w.square()).sum()};
  const PoolNumbers<double> n = pool_numbers(sums, count, points, ridge, noise_variance);
  return {.kappa_eff = n.kappa_eff,
          .learnability = Vector::Constant(1, total > 0 ? pool_learnability(sums) : 0.0),
          .overfitting = n.overfitting,
          .bias = n.bias,
          .error_total = n.error_total,
          .error_test = n.error_test,
          .error_train = n.error_train,
          .posterior_variance = n.posterior_variance,
          .label_form = n.label_form,
          .log_determinant = n.log_determinant};
}

PoolRows pool_rows(const PoolModes& modes, double points) {
  data::Spec spec{.input = modes.input, .target = modes.target};
  spec.validation_size = modes.validation_size;
  spec.test_from = modes.test_from;
  spec.test_size = 1;
  const auto pool = data::load_pool(spec);
  const Index all = pool->train.rows() - modes.validation_size, rows = std::min<Index>(modes.points, all);
  if (static_cast<double>(rows) <= points)
    throw NumericalError("the file has no more rows than training points: its distribution is not known");
  spec.train_size = static_cast<int>(rows);
  const Index held_out = pool->test.rows();
  const Index tested = modes.tested == all_held_out ? held_out : modes.tested;
  return {data::make_draw(spec, pool, static_cast<std::uint64_t>(modes.seed), 0), static_cast<double>(all),
          static_cast<double>(std::min(tested, held_out))};
}

AllRows all_rows_of(const Setting& setting) {
  const PoolModes pool = pool_of(setting);
  return {.input = pool.input,
          .target = pool.target,
          .validation_size = pool.validation_size,
          .seed = pool.seed,
          .top = std::max(setting.data.train_size.number() / 4 * 5, 512),
          .test_from = pool.test_from};
}

PoolRows every_row(const AllRows& file, double points) {
  return pool_rows({.input = file.input,
                    .target = file.target,
                    .validation_size = file.validation_size,
                    .seed = file.seed,
                    .points = std::numeric_limits<int>::max(),
                    .test_from = file.test_from,
                    .tested = file.tested},
                   points);
}

double all_rows_bytes(double rows, double top) { return 8 * rows * (rows + 4 * top); }

PoolExpansion expand_pool(const PoolModes& modes, const ModesWanted& wanted, InitialOutput initial) {
  const auto [draw, all_rows, tested] = pool_rows(modes, wanted.points);
  const Index rows = draw.train.x.rows();
  const Kernels kernel = kernels(wanted.kernel, draw.train.x);
  EmpiricalModes empirical = empirical_modes(selected(wanted, kernel));
  PoolExpansion out{.eigenvalue = std::move(empirical.eigenvalue),
                    .vectors = std::move(empirical.vectors),
                    .target = draw.train.target,
                    .initial = {},
                    .initial_image = {},
                    .components = {},
                    .all_rows = all_rows,
                    .tested = tested};
  if (initial == InitialOutput::kept) {  // ⟨f₀²⟩ of mode i is uᵀKu/M
    out.initial_image = kernel.nngp * out.vectors;
    out.initial = out.initial_image.cwiseProduct(out.vectors).colwise().sum().transpose() / static_cast<double>(rows);
  }
  for (std::size_t k = 0; k < draw.mode_numbers.size(); ++k) {
    const auto component = draw.train.modes.col(static_cast<Index>(k));
    if (component.squaredNorm() > 0) out.components[draw.mode_numbers[k]] = component;
  }
  return out;
}

}  // namespace fieldscan::theory
