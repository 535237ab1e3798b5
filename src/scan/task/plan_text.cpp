#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/task/plan.hpp"

namespace fieldscan::scan {
namespace {

std::string scopes_text(const std::vector<TheoryScope>& scopes) {
  std::string out;
  for (const auto& scope : scopes)
    for (const auto& reason : scope.reasons)
      out += fmt::format("    {}: applies at {} of {} points; elsewhere not, because {}\n", scope.name, scope.applies,
                         scope.points, reason);
  return out.empty() ? "" : "  theories that do not apply everywhere\n" + out;
}

std::string duration(double seconds) {
  if (seconds < 120) return fmt::format("{:.2g} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

std::string size(double bytes) {
  return bytes < 1e9 ? fmt::format("{:.0f} MB", bytes / 1e6) : fmt::format("{:.1f} GB", bytes / 1e9);
}

std::string tests_text(const std::vector<TestOutlook>& tests) {
  std::string out = tests.empty() ? "" : "  tests: what they need, and what is there\n";
  for (const TestOutlook& test : tests) {
    out += fmt::format("    {}\n", printable(test.name));
    for (const std::string& sentence : test.sentences) out += fmt::format("      {}\n", printable(sentence));
  }
  return out;
}

std::string tests_json(const std::vector<TestOutlook>& tests) {
  std::string out;
  for (const TestOutlook& test : tests)
    out += fmt::format("{}{{\"name\": {}, \"needed\": {}, \"members\": {}, \"decidable\": {}, \"options\": \"{}\"}}",
                       out.empty() ? "" : ", ", json_quoted(test.name), test.needed, test.members, test.decidable,
                       test.options);
  return "[" + out + "]";
}

std::string axis_text(const AxisInfo& axis) {
  std::string values;
  for (std::size_t k = 0; k < axis.values.size(); ++k) {
    if (axis.values.size() > 12 && k == 6) {
      values += ", …";
      k = axis.values.size() - 2;
    }
    const double* number = std::get_if<double>(&axis.values[k]);
    values += (k ? ", " : "") + (number ? shortest(*number) : shortened(std::get<std::string>(axis.values[k]), 60));
  }
  return fmt::format("    {}{}: {} ({} values)\n", axis.path, axis.zipped ? " (zipped)" : "", values,
                     axis.values.size());
}

}  // namespace

std::string plan_text(const Scan& scan, const Plan& plan, const std::function<DoneCounts()>& done) {
  std::string out =
      fmt::format("{}: {} points, {} of them with networks\n", scan.name(), plan.points, plan.trained_points);
  for (const auto& block : scan.blocks()) {
    out += fmt::format("  {}: {} combinations\n", block.name, block.combinations);
    for (const auto& axis : block.axes) out += axis_text(axis);
  }
  for (const auto& file : scan.data_files())
    out += fmt::format("  data                    {}\n", data::describe(*file));
  const std::uint64_t replicas = plan.replicas, draws = plan.prediction_draws;
  const std::string_view at_most = plan.ends_sooner.empty() ? "" : "at most ";
  const bool grows = std::ranges::find(plan.ends_sooner, "ensemble.until") != plan.ends_sooner.end();
  out += fmt::format("  replicas to train       {}{}\n  predictions             {} ({} evaluations)\n",
                     grows ? at_most : "", replicas, plan.predictions, draws);
  if (done) {
    const DoneCounts counts = done();
    out += fmt::format("  done already            {} replicas, {} evaluations of predictions\n", counts.replicas,
                       counts.predictions);
  }
  out += fmt::format("  work, roughly           {}{} on one core ({:.2g} core hours{})\n", at_most,
                     duration(plan.core_seconds), plan.core_seconds / 3600,
                     plan.measured ? ", by what earlier runs here took" : "");
  out += fmt::format("  longest replica         {}{}\n  memory of one task      {}\n", at_most,
                     duration(plan.longest_seconds), size(plan.largest_bytes));
  if (!plan.ends_sooner.empty())
    out += fmt::format("  at most: {} may end it sooner\n", fmt::join(plan.ends_sooner, ", "));
  out += scopes_text(plan.theories);
  for (const auto& note : plan.notes) out += fmt::format("  {}\n", note);
  if (!plan.groups.empty()) out += "  dimensionless groups over the points\n";
  for (const auto& group : plan.groups) {
    const std::string range = group.low == group.high ? fmt::format("{:.3g}", group.low)
                                                      : fmt::format("{:.3g} … {:.3g}", group.low, group.high);
    out += fmt::format("    {:<14} {:<20} {}\n", group.name, range, group.meaning);
  }
  return out + tests_text(plan.tests) + regimes_text(plan.regimes);
}

std::string plan_json(const Scan& scan, const Plan& plan, const std::function<DoneCounts()>& done) {
  std::string groups;
  for (const auto& group : plan.groups)
    groups += fmt::format("{}\"{}\": [{}, {}]", groups.empty() ? "" : ", ", group.name, shortest(group.low),
                          shortest(group.high));
  std::string theories;
  for (const auto& scope : plan.theories)
    theories += fmt::format("{}\"{}\": {{\"points\": {}, \"applies\": {}}}", theories.empty() ? "" : ", ", scope.name,
                            scope.points, scope.applies);
  std::string counts;
  if (done) {
    const DoneCounts d = done();
    counts = fmt::format(", \"replicas_done\": {}, \"predictions_done\": {}", d.replicas, d.predictions);
  }
  std::string early;
  for (const auto& word : plan.ends_sooner) early += fmt::format("{}\"{}\"", early.empty() ? "" : ", ", word);
  return fmt::format(
      "{{\"name\": \"{}\", \"points\": {}, \"trained_points\": {}, \"replicas\": {}, \"predictions\": {}, "
      "\"prediction_evaluations\": {}, \"core_seconds\": {:.6g}, \"longest_seconds\": {:.6g}, "
      "\"largest_bytes\": {:.6g}, \"ends_sooner\": [{}], \"groups\": {{{}}}, \"theories\": {{{}}}, \"tests\": {}, \"regimes\": "
      "{}{}}}\n",
      scan.name(), plan.points, plan.trained_points, plan.replicas, plan.predictions, plan.prediction_draws,
      plan.core_seconds, plan.longest_seconds, plan.largest_bytes, early, groups, theories, tests_json(plan.tests),
      regimes_json(plan.regimes), counts);
}

}  // namespace fieldscan::scan
