#include "fieldscan/data/target/parity.hpp"

#include <algorithm>
#include <numeric>

namespace fieldscan::data {

Values Parity::Function::operator()(const Examples& examples) const {
  Values values{.total = Vector::Ones(examples.x.rows()), .modes = {}};
  for (const int i : coordinates) values.total.array() *= examples.x.col(i).array();
  values.modes = values.total;
  return values;
}

std::vector<int> Parity::coordinates() const {
  if (!indices.empty()) return indices;
  std::vector<int> first(static_cast<std::size_t>(order));
  std::iota(first.begin(), first.end(), 0);
  return first;
}

Parity::Function Parity::function(const Domain&, const TargetKey&) const { return {coordinates()}; }

std::vector<double> Parity::mode_numbers() const {
  return {indices.empty() ? static_cast<double>(order) : static_cast<double>(indices.size())};
}

std::optional<std::string> Parity::problem() const {
  auto sorted = indices;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return "`indices` names a coordinate twice";
  return std::nullopt;
}

}  // namespace fieldscan::data
