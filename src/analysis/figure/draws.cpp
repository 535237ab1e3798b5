#include "draws.hpp"

namespace fieldscan::analysis {
namespace {

/// The values of the data draws of a number, ascending in the draw.
std::vector<double> values_of_draws(const Quantity& number) {
  const std::vector<Cell> cells = influence_of_members(number);
  const auto n = static_cast<double>(cells.size());
  std::vector<double> values;
  for (std::size_t begin = 0; begin < cells.size();) {
    std::size_t end = begin;
    double sum = 0;
    for (; end < cells.size() && cells[end].draw == cells[begin].draw; ++end) sum += cells[end].value;
    values.push_back(number.value + n / static_cast<double>(end - begin) * sum);
    begin = end;
  }
  return values.size() > 1 ? values : std::vector<double>{};
}

}  // namespace

void add_draws(const Along& along, const DrawnCurve& like, Panel& panel) {
  DrawnCurve draws = like;
  draws.with = "each data draw";
  draws.style = DrawnCurve::Style::draws;
  for (const auto& [x, y, seen, placed] : along.numbers) {
    if (!y.has_value()) continue;
    for (const double value : values_of_draws(y)) {
      draws.x.push_back(x);
      for (auto* list : {&draws.y, &draws.low, &draws.high}) list->push_back(value);
      draws.censored.push_back(false);
    }
  }
  if (draws.x.empty()) return;
  panel.curves.push_back(std::move(draws));
  panel.add_remark(
      "Faint points: every data draw by itself, of what is formed from several draws its pseudo-value, which may be "
      "negative");
}

}  // namespace fieldscan::analysis
