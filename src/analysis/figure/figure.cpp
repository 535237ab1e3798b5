#include "figure.hpp"

#include <algorithm>

namespace fieldscan::analysis {

bool DrawnCurve::joined(std::size_t k) const {
  if (k == 0) return false;
  return std::ranges::none_of(gaps, [&](double gap) { return x[k - 1] < gap && gap < x[k]; });
}

std::string DrawnCurve::name() const {
  return quantity.empty() || label.empty() ? quantity + label : quantity + ", " + label;
}

void Panel::add_remark(std::string remark) {
  if (!remark.empty() && std::ranges::find(remarks, remark) == remarks.end()) remarks.push_back(std::move(remark));
}

bool DrawnFigure::empty() const {
  const auto has_no_point = [](const Panel& p) {
    return std::ranges::all_of(p.curves, &std::vector<double>::empty, &DrawnCurve::x);
  };
  return std::ranges::all_of(panels, has_no_point) &&
         std::ranges::all_of(maps, [](const Map& m) { return m.cells.empty(); });
}

}  // namespace fieldscan::analysis
