#include "theory_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "../quantity/convergence.hpp"
#include "../text/csv.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::analysis {

namespace theory_records {
namespace {

constexpr std::array<Outcome, 6> outcomes{Outcome::done,           Outcome::diverged,        Outcome::not_converged,
                                          Outcome::not_applicable, Outcome::numerical_error, Outcome::failed};

/// Of each the largest over all predictions, as NAME_largest: elsewhere their names are those of means.
constexpr std::array<Observable, 7> numbers{
    Observable::condition_number, Observable::jitter,         listed("predictor_error"), Observable::validity,
    listed("solver_residual"),    listed("start_difference"), listed("solver_error")};

/// A number; empty where there is none.
std::string number_text(const std::optional<double>& number) { return number ? shortest(*number) : ""; }

/// The largest row of an observable over all predictions.
std::string largest(const Series& series, Observable observable) {
  return number_text(largest_row(series, observable));
}

/// What solvers left: "not stored" of predictions that earlier versions stored, empty where there was nothing to solve.
std::string residual_of(const TablePoint& point, const std::string& theory, const Series& series) {
  if (!iterates(point, theory)) return "";
  const std::string most = largest(series, listed("solver_residual"));
  return most.empty() ? "not stored" : most;
}

std::string reasons_of(const Series& series) {
  std::set<std::string> reasons;
  for (const Member& member : series.members)
    if (!member.reason.empty()) reasons.insert(member.reason);
  std::string text;
  for (const std::string& reason : reasons) text += (text.empty() ? "" : "; ") + reason;
  return text;
}

}  // namespace
}  // namespace theory_records

std::vector<std::string> theories_in(const DrawnFigure& figure, const Table& table) {
  std::set<std::string> names, known;
  for (const TablePoint& point : table.points)
    for (const auto& [name, series] : point.theories) known.insert(name);
  const auto add = [&](const std::string& text) {
    for (const std::string& name : known)
      if (text == name || text.starts_with(name + ".") || text.starts_with(name + " ") ||
          text.find("(" + name + ")") != std::string::npos)
        names.insert(name);
  };
  for (const Panel& panel : figure.panels)
    for (const DrawnCurve& curve : panel.curves) add(curve.with), add(curve.quantity);
  for (const Map& map : figure.maps) add(map.title.substr(0, map.title.find(':')));
  add(figure.y_label.substr(figure.y_label.rfind(' ') + 1));
  return {names.begin(), names.end()};
}

std::string theory_record(const DrawnFigure& figure, const Table& table) {
  using namespace theory_records;
  const std::vector<std::string> names = theories_in(figure, table);
  if (names.empty()) return "";
  std::string text = "theory,point";
  for (const Axis& axis : table.axes) text += "," + csv_field(axis.path);
  for (const Outcome outcome : outcomes) text += fmt::format(",{}", word_of(outcome));
  text += ",missing,outside_validity";
  for (const Observable o : numbers) text += fmt::format(",{}_largest", info(o).name);
  text += ",validity_smallest,reasons\n";
  for (const std::string& name : names)
    for (const TablePoint& point : table.points) {
      const auto series = point.theories.find(name);
      if (series == point.theories.end()) continue;
      text += fmt::format("{},{}", csv_field(name), point.point.id.hex());
      for (const Axis& axis : table.axes) text += "," + csv_field(axis_label(table, point, axis.path));
      for (const Outcome outcome : outcomes)
        text += fmt::format(",{}", std::ranges::count(series->second->members, outcome, &Member::outcome));
      const auto missing = std::max<std::int64_t>(series->second->wanted - std::ssize(series->second->members), 0);
      text += fmt::format(",{},{}", missing, count_outside(*series->second));
      for (const Observable o : numbers)
        text += "," + (o == listed("solver_residual") ? residual_of(point, name, *series->second)
                                                      : largest(*series->second, o));
      text += "," + number_text(smallest_row(*series->second, Observable::validity)) + "," +
              csv_field(reasons_of(*series->second)) + "\n";
    }
  return text;
}

}  // namespace fieldscan::analysis
