#include "targets.hpp"

#include <algorithm>
#include <set>

#include "fieldscan/core/error.hpp"
#include "fieldscan/data/draw.hpp"

namespace fieldscan::analysis {
namespace {

/// The draws that a theory of the point has a predictor of.
std::set<std::int64_t> predicted_draws(const TablePoint& point) {
  std::set<std::int64_t> draws;
  for (const auto& [name, series] : point.theories)
    for (const Member& member : series->members)
      if (std::ranges::find(member.arrays, Observable::predictor, &Array::observable) != member.arrays.end())
        draws.insert(member.draw);
  return draws;
}

/// [test point], of several outputs [test point, output].
Array target_of(const data::Draw& draw) {
  const MatrixView target = draw.test.target;
  Array out{.observable = Observable::target, .shape = {target.rows()}, .data = {}};
  if (target.cols() != 1) out.shape.push_back(target.cols());
  for (Index i = 0; i < target.rows(); ++i)
    for (Index c = 0; c < target.cols(); ++c) out.data.push_back(target(i, c));
  return out;
}

}  // namespace

Table with_targets(Table table) {
  for (TablePoint& point : table.points) {
    if (scan::trains(point.point.spec)) continue;
    const theory::Setting setting = scan::setting_of(point.point);
    for (const std::int64_t draw : predicted_draws(point)) try {
        Member member{.draw = draw, .reason = {}, .rows = {}, .arrays = {}};
        member.arrays.push_back(target_of(data::make_draw(setting.data, setting.seed, draw)));
        point.measured.members.push_back(std::move(member));
      } catch (const EnvironmentError&) {  // its files are gone
        break;
      }
  }
  return table;
}

}  // namespace fieldscan::analysis
