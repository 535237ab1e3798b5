#include "fieldscan/network/order_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace fieldscan::network {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

bool is_order_parameters(const Array& array) { return array.observable == Observable::order_parameters; }

/// [N × (M + N)]
Eigen::Map<RowMajor> matrix_of(Array& array) { return {array.data.data(), array.shape[0], array.shape[1]}; }

/// All units: those matched to a direction, in the order of the directions, then the others.
std::vector<Index> matched_order(const Matrix& overlaps) {
  std::vector<Index> order;
  for (const auto& unit : match_units(overlaps))
    if (unit) order.push_back(*unit);
  const auto matched = static_cast<std::ptrdiff_t>(order.size());
  for (Index unit = 0; unit < overlaps.rows(); ++unit)
    if (std::find(order.begin(), order.begin() + matched, unit) == order.begin() + matched) order.push_back(unit);
  return order;
}

}  // namespace

std::vector<std::optional<Index>> match_units(const Matrix& overlaps) {
  std::vector<std::pair<Index, Index>> pairs;
  for (Index unit = 0; unit < overlaps.rows(); ++unit)
    for (Index direction = 0; direction < overlaps.cols(); ++direction) pairs.emplace_back(unit, direction);
  std::ranges::stable_sort(pairs, std::greater{},
                           [&](const auto& pair) { return std::abs(overlaps(pair.first, pair.second)); });
  std::vector<std::optional<Index>> unit_of(static_cast<std::size_t>(overlaps.cols()));
  std::vector<bool> taken(static_cast<std::size_t>(overlaps.rows()));
  for (const auto& [unit, direction] : pairs) {
    auto& chosen = unit_of[static_cast<std::size_t>(direction)];
    if (chosen || taken[static_cast<std::size_t>(unit)]) continue;
    chosen = unit;
    taken[static_cast<std::size_t>(unit)] = true;
  }
  return unit_of;
}

double specialisation_of(const Matrix& overlaps) {
  const auto unit_of = match_units(overlaps);
  double matched = 0;
  for (Index direction = 0; direction < overlaps.cols(); ++direction)
    if (const auto unit = unit_of[static_cast<std::size_t>(direction)]) matched += std::abs(overlaps(*unit, direction));
  const Index pairs = std::min(overlaps.rows(), overlaps.cols()), others = overlaps.size() - pairs;
  const double unmatched = overlaps.cwiseAbs().sum() - matched;
  return matched / static_cast<double>(pairs) - (others > 0 ? unmatched / static_cast<double>(others) : 0);
}

Array order_parameters(const Matrix& overlaps, const Matrix& own) {
  const Index units = own.rows(), count = overlaps.cols();
  Array array{.observable = Observable::order_parameters,
              .shape = {units, count + units},
              .data = std::vector<double>(static_cast<std::size_t>(units * (count + units)))};
  matrix_of(array).leftCols(count) = overlaps;
  matrix_of(array).rightCols(units) = own;
  return array;
}

void order_units(std::vector<Array>& arrays) {
  const auto last = std::find_if(arrays.rbegin(), arrays.rend(), is_order_parameters);
  if (last == arrays.rend()) return;
  const Index count = last->shape[1] - last->shape[0];
  const std::vector<Index> rows = matched_order(matrix_of(*last).leftCols(count));
  std::vector<Index> columns(static_cast<std::size_t>(count));
  std::iota(columns.begin(), columns.end(), 0);
  for (const Index unit : rows) columns.push_back(count + unit);
  for (Array& array : arrays) {
    if (!is_order_parameters(array)) continue;
    const RowMajor before = matrix_of(array);
    matrix_of(array) = before(rows, columns);
  }
}

}  // namespace fieldscan::network
