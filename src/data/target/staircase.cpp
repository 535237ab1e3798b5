#include "fieldscan/data/target/staircase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace fieldscan::data {

Values Staircase::Function::operator()(const Examples& examples) const {
  const Matrix& x = examples.x;
  Values values{.total = Vector::Zero(x.rows()), .modes = Matrix(x.rows(), static_cast<Index>(sets.size()))};
  for (std::size_t j = 0; j < sets.size(); ++j) {
    auto term = values.modes.col(static_cast<Index>(j));
    term.setConstant(weights[j]);
    for (const int i : sets[j]) term.array() *= x.col(i).array();
    values.total += term;
  }
  return values;
}

Staircase::Function Staircase::function(const Domain&, const TargetKey&) const {
  double largest = 0, square = 0;  // in units of the largest: their squares may be too large or small to be numbers
  for (std::size_t j = 0; j < terms(); ++j) largest = std::max(largest, std::abs(coefficient(j)));
  for (std::size_t j = 0; j < terms(); ++j) square += std::pow(coefficient(j) / largest, 2);
  const double scale = normalise ? 1 / std::sqrt(square) : 1;
  Function made;
  for (std::size_t j = 0; j < terms(); ++j) {
    if (coefficient(j) == 0) continue;
    made.weights.push_back(normalise ? scale * (coefficient(j) / largest) : coefficient(j));
    made.sets.emplace_back(sets.empty() ? std::vector<int>(j + 1) : sets[j]);
    if (sets.empty()) std::iota(made.sets.back().begin(), made.sets.back().end(), 0);
  }
  return made;
}

int Staircase::largest() const {
  if (sets.empty()) return order - 1;
  int most = -1;
  for (const auto& set : sets)
    for (const int i : set) most = std::max(most, i);
  return most;
}

std::vector<double> Staircase::mode_numbers() const {
  std::vector<double> numbers;
  for (std::size_t j = 0; j < terms(); ++j)
    if (coefficient(j) != 0) numbers.push_back(static_cast<double>(j + 1));
  return numbers;
}

std::optional<std::string> Staircase::problem() const {
  if (!sets.empty() && order != Staircase{}.order && order != static_cast<int>(sets.size()))
    return "`sets` lists the terms, `order` counts those of x_0 + x_0 x_1 + …: give one of them";
  if (!coefficients.empty() && coefficients.size() != terms())
    return fmt::format("{} coefficients for {} terms; give one per term", coefficients.size(), terms());
  if (!coefficients.empty() && std::ranges::all_of(coefficients, [](double c) { return c == 0; }))
    return "all coefficients are 0";
  std::set<std::set<int>> seen;
  for (std::size_t j = 0; j < sets.size(); ++j) {
    const std::set<int> members(sets[j].begin(), sets[j].end());
    if (members.empty()) return fmt::format("term {} of `sets` has no coordinate", j + 1);
    if (members.size() < sets[j].size()) return fmt::format("term {} of `sets` names a coordinate twice", j + 1);
    if (!seen.insert(members).second)
      return fmt::format("term {} of `sets` is an earlier one again; add up their coefficients", j + 1);
  }
  return std::nullopt;
}

}  // namespace fieldscan::data
