#pragma once
#include <cmath>

#include "fieldscan/core/observable_list.hpp"
#include "rows.hpp"

/// Rows of a predictor that is sampled.
namespace fieldscan::theory {

/// What `Writer::predictor` writes of the mean of independent estimates, with its errors: `predictor_error` beside the
/// array, standard errors of what is linear in the predictor, and of the error against the target, from which the
/// predictor's own noise is taken off. estimates [P*·C × n ≥ 2], one in each column, output by output.
inline void write_sampled_predictor(Result& result, Flag flag, const MatrixView& estimates, const data::Draw& draw,
                                    double time = equilibrium) {
  const MatrixView target = draw.test.target;
  const Index test = target.rows(), outputs = target.cols();
  const auto n = static_cast<double>(estimates.cols()), points = static_cast<double>(test);
  const Vector mean = estimates.rowwise().mean();
  const std::size_t first = result.rows.size();
  Writer(result, time, flag).predictor(mean.reshaped(test, outputs), draw);
  std::vector<double> square(result.rows.size() - first);  // of the deviations of every row
  double noise = 0;
  const Vector slope = 2 / points * (mean - target.reshaped());
  for (Index b = 0; b < estimates.cols(); ++b) {
    Result one;
    Writer(one, equilibrium).predictor(estimates.col(b).reshaped(test, outputs), draw);
    const Vector away = estimates.col(b) - mean;
    noise += away.squaredNorm() / points / (n - 1) / n;
    for (std::size_t k = 0; k < square.size(); ++k) {
      const bool linear = one.rows[k].observable != Observable::error_mean_predictor;
      const double d = linear ? one.rows[k].value - result.rows[first + k].value : slope.dot(away);
      square[k] += d * d;
    }
  }
  for (std::size_t k = 0; k < square.size(); ++k) {
    Row& row = result.rows[first + k];
    row.standard_error = std::sqrt(square[k] / (n - 1) / n);
    if (row.observable == Observable::error_mean_predictor) row.value -= noise;
  }
  Writer(result, time, flag).row(listed("predictor_error"), std::sqrt(noise), 0, std::sqrt(noise / (2 * (n - 1))));
}

}  // namespace fieldscan::theory
