#include "fieldscan/data/target/staircase.hpp"

#include <cmath>

namespace fieldscan::data {

Values Staircase::Function::operator()(const Examples& examples) const {
  const Matrix& x = examples.x;
  Values values{.total = Vector::Zero(x.rows()), .modes = Matrix(x.rows(), order)};
  for (int j = 0; j < order; ++j) {
    if (j == 0)
      values.modes.col(0) = scale * x.col(0);
    else
      values.modes.col(j) = values.modes.col(j - 1).cwiseProduct(x.col(j));
    values.total += values.modes.col(j);
  }
  return values;
}

Staircase::Function Staircase::function(const Domain&, const TargetKey&) const {
  return {.order = order, .scale = normalise ? 1 / std::sqrt(static_cast<double>(order)) : 1};
}

std::vector<double> Staircase::mode_numbers() const {
  std::vector<double> numbers;
  for (int j = 1; j <= order; ++j) numbers.push_back(j);
  return numbers;
}

}  // namespace fieldscan::data
