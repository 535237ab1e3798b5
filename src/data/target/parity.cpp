#include "fieldscan/data/target/parity.hpp"

#include <fmt/format.h>

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
  if (!set.empty()) return set;
  std::vector<int> first(static_cast<std::size_t>(order));
  std::iota(first.begin(), first.end(), 0);
  return first;
}

Parity::Function Parity::function(const Domain&, const TargetKey&) const { return {coordinates()}; }

std::vector<double> Parity::mode_numbers() const {
  const auto& listed = indices.empty() ? set : indices;
  return {listed.empty() ? static_cast<double>(order) : static_cast<double>(listed.size())};
}

std::optional<std::string> Parity::problem() const {
  if (!set.empty() && !indices.empty()) return "`set` and `indices` are the same: give one of them";
  auto sorted = indices.empty() ? set : indices;
  if (!set.empty() && order != Parity{}.order && order != static_cast<int>(set.size()))
    return "`set` lists the coordinates, `order` counts the first ones: give one of them";
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    return fmt::format("`{}` names a coordinate twice", set.empty() ? "indices" : "set");
  return std::nullopt;
}

}  // namespace fieldscan::data
