#include "curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "../text/number.hpp"

namespace fieldscan::analysis {
namespace {

/// Why a site is no point of a curve, and how many are not for that reason.
struct LeftOut {
  std::size_t count = 0;
  Lack lack = Lack::nothing;
};

/// Not applicable where that is so everywhere; without numbers where one of them is.
Lack lack_of(const std::map<std::string, LeftOut>& problems, std::size_t sites) {
  if (problems.size() == 1 && problems.begin()->second.count == sites) return problems.begin()->second.lack;
  const bool without =
      std::ranges::any_of(problems, [](const auto& entry) { return entry.second.lack == Lack::no_numbers; });
  return without ? Lack::no_numbers : Lack::not_yet;
}

/// "no predictor of nngp yet" where that is so everywhere; else "2 of 7 points are left out: …".
std::string words_of_left_out(const std::map<std::string, LeftOut>& problems, const std::vector<Curve::Bound>& bounds,
                              std::size_t sites) {
  if (problems.size() == 1 && problems.begin()->second.count == sites) return problems.begin()->first;
  std::string text;
  for (const auto& [problem, left_out] : problems)
    text += fmt::format("{}{} of {} left out: {}", text.empty() ? "" : "; ", left_out.count, counted(sites, "point"),
                        problem);
  if (!bounds.empty())
    text += fmt::format("{}{} of {} left out: their numbers lie beyond the range that was looked at",
                        text.empty() ? "" : "; ", bounds.size(), counted(sites, "point"));
  return text;
}

/// The points of a curve in any order, and what is none.
struct CurveParts {
  std::vector<std::tuple<double, Quantity, Site>> points;
  std::map<std::string, LeftOut> problems;
  std::vector<Curve::Bound> bounds;
  std::size_t sites = 0;
  Basis basis, left_out_basis;

  void add(const Quantity& x, const Quantity& y, const Site& site) {
    ++sites;
    if (!x.has_value() || !y.has_value()) {
      const Quantity& none = y.has_value() ? x : y;
      LeftOut& left_out = problems[none.problem];
      ++left_out.count;
      left_out.lack = none.lack;
      left_out_basis.join(marked_basis(none));
    } else if (y.censored != Censored::no) {
      bounds.push_back({x.value, y.value, y.censored});
      basis.join(marked_basis(y));
    } else {
      points.emplace_back(x.value, y, site);
      basis.join(marked_basis(y));
    }
  }

  Curve curve(Power power) {
    std::ranges::stable_sort(points, {}, [](const auto& p) { return std::get<0>(p); });
    Curve result;
    result.order = power == Power::signed_square ? 2 : 1;
    for (auto& [x, y, site] : points) {
      result.x.push_back(x);
      result.y.push_back(std::move(y));
      result.sites.push_back(site);
    }
    result.bounds = bounds;
    result.left_out = words_of_left_out(problems, bounds, sites);
    result.lack = lack_of(problems, sites);
    result.basis = basis;
    result.left_out_basis = left_out_basis;
    return result;
  }
};

}  // namespace

Missing Curve::why_none(const std::string& problem) const {
  Basis all = basis;
  all.join(left_out_basis);
  if (left_out.empty()) return {.text = problem, .basis = all};
  return {x.empty() && bounds.empty() ? left_out : problem + "; " + left_out, lack, all};
}

Curve make_curve(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                 const std::vector<Site>& sites, const std::string& theory, Power power) {
  CurveParts parts;
  for (const Site& site : sites)
    parts.add(evaluate(context, versus, site), evaluate(context, of, site, theory, power), site);
  return parts.curve(power);
}

CurvePair make_curves(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                      const std::vector<Site>& sites, const std::string& theory, Power power) {
  const scan::Mentions of_theory = as_predicted(of, theory);
  CurveParts measured, predicted;
  std::string draws;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, versus, site);
    const Pair pair = evaluate_pair(context, {of, site}, {of_theory, site, theory}, power);
    measured.add(x, pair.a, site);
    predicted.add(x, pair.b, site);
    if (draws.empty()) draws = pair.draws;
  }
  return {measured.curve(power), predicted.curve(power), draws};
}

}  // namespace fieldscan::analysis
