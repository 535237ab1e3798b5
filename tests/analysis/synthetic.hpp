#pragma once
#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "../../src/analysis/formula/formula.hpp"
#include "fieldscan/core/random.hpp"

/// Campaigns of known truth, without a store: tables made of random numbers, and names resolved by hand.
namespace fieldscan::analysis::synthetic {

struct Shape {
  std::vector<double> widths{64, 128, 256, 512, 1024};
  int draws = 24;
  int initialisations = 4;
  int test_points = 40;
  bool sampler = true;
};

/// x_ri = mean + between draws + between initialisations + rest.
struct Spread {
  double draws = 0, initialisations = 0, rest = 0;
};

inline double normal(std::uint64_t seed, const std::string& what, std::int64_t r, std::int64_t i, std::uint64_t k = 0) {
  return Stream(seed, Purpose::test, what, static_cast<std::uint64_t>(r + 1), static_cast<std::uint64_t>(i + 1))
      .normal(k);
}

inline TablePoint make_point(double width) {
  TablePoint point;
  point.point.names = {{"network.width", width}, {"data.train_size", 16.0}};
  point.point.id = {0, static_cast<std::uint64_t>(width)};
  point.point.spec.training = training::Hmc{};
  return point;
}

inline Table make_table(const Shape& shape) {
  Table table;
  table.axes = {{"network.width", "width"}};
  for (double width : shape.widths) {
    table.points.push_back(make_point(width));
    TablePoint& point = table.points.back();
    point.measured.sampler = shape.sampler;
    for (int r = 0; r < shape.draws; ++r)
      for (int i = 0; i < shape.initialisations; ++i)
        point.measured.members.push_back(
            {.draw = r, .initialisation = i, .outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}});
  }
  return table;
}

/// A theory given the data draw, at a point.
inline Series& add_theory(TablePoint& point, const std::string& name, int draws, Level level = Level::draw) {
  auto series = std::make_shared<Series>();
  series->level = level;
  for (int r = 0; r < draws; ++r)
    series->members.push_back(
        {.draw = r, .initialisation = 0, .outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}});
  point.theories[name] = series;
  return *series;
}

/// error_test of the networks: truth(width)·(1 + spread), of the theory at the same draws: theory_factor·truth·(1 + the
/// draws' part).
inline void add_errors(Table& table, std::uint64_t seed, const Spread& spread, double theory_factor = 1,
                       int theory_draws = 24) {
  for (TablePoint& point : table.points) {
    const double width = std::get<double>(point.point.names[0].value), truth = 0.3;
    const std::string key = std::to_string(width);
    for (Member& m : point.measured.members) {
      const double x = truth * (1 + spread.draws * normal(seed, "draw", m.draw, 0) +
                                spread.initialisations * normal(seed, "init", 0, m.initialisation) +
                                spread.rest * normal(seed, "rest" + key, m.draw, m.initialisation));
      m.rows.push_back({.observable = Observable::error_test, .value = x});
    }
    for (Member& m : add_theory(point, "nngp", theory_draws).members)
      m.rows.push_back({.observable = Observable::error_test,
                        .value = theory_factor * truth * (1 + spread.draws * normal(seed, "draw", m.draw, 0))});
  }
}

/// Predictors f_ri(x) = p_r(x) + amplitude·width^exponent·s_r(x) + noise·n_ri(x) with |s| = 1 on average, the theory's
/// p_r, and the target.
inline void add_predictors(Table& table, std::uint64_t seed, int test_points, double amplitude, double exponent,
                           double noise) {
  for (TablePoint& point : table.points) {
    const double width = std::get<double>(point.point.names[0].value);
    const double shift = amplitude * std::pow(width, exponent);
    Series theory;
    const auto block = [&](Observable o, auto value) {
      Array array{.observable = o, .shape = {test_points}, .data = {}};
      for (int x = 0; x < test_points; ++x) array.data.push_back(value(static_cast<std::uint64_t>(x)));
      return array;
    };
    int draws = 0;
    for (Member& m : point.measured.members) {
      draws = std::max(draws, static_cast<int>(m.draw) + 1);
      const std::string key = "noise" + std::to_string(width);
      m.arrays.push_back(block(Observable::predictor, [&](std::uint64_t x) {
        return normal(seed, "mean", m.draw, 0, x) + shift * normal(seed, "shape", m.draw, 0, x) +
               noise * normal(seed, key, m.draw, m.initialisation, x);
      }));
      if (m.initialisation == 0)
        m.arrays.push_back(
            block(Observable::target, [&](std::uint64_t x) { return normal(seed, "target", m.draw, 0, x); }));
    }
    for (Member& m : add_theory(point, "nngp", draws).members)
      m.arrays.push_back(
          block(Observable::predictor, [&](std::uint64_t x) { return normal(seed, "mean", m.draw, 0, x); }));
  }
}

inline scan::ResolvedName resolve(const scan::Atom& atom) {
  using Kind = scan::ResolvedName::Kind;
  if (!atom.at.empty()) {  // error_test(best)
    scan::ResolvedName timed = resolve(scan::Atom{.text = atom.text.substr(0, atom.text.find('('))});
    timed.text = atom.text;
    timed.at = atom.at;
    return timed;
  }
  scan::ResolvedName name{.kind = Kind::field,
                          .text = atom.text,
                          .name = atom.text,
                          .theory = {},
                          .observable = {},
                          .members = 0,
                          .sides = {}};
  const auto dot = atom.text.find('.');
  if (atom.kind == scan::Atom::Kind::deviation) {
    name.kind = Kind::deviation;
    name.theory = atom.arguments.at(0);
  } else if (atom.kind == scan::Atom::Kind::error_ensemble) {
    name.kind = Kind::error_ensemble;
    name.members = std::stod(atom.arguments.at(0));
  } else if (const auto observable = find_observable(atom.text)) {
    name.kind = Kind::observable;
    name.observable = observable;
  } else if (dot != std::string::npos && find_observable(atom.text.substr(dot + 1))) {
    name.kind = Kind::prediction;
    name.theory = atom.text.substr(0, dot);
    name.observable = find_observable(atom.text.substr(dot + 1));
  } else if (atom.text == "time" || atom.text == "mode" || atom.text == "members" || atom.text == "compute" ||
             atom.text == "steps") {
    name.kind = Kind::dimension;
  } else if (atom.text == "width") {
    name.name = "network.width";
  } else if (atom.text == "train_size") {
    name.name = "data.train_size";
  } else if (atom.text.find('.') == std::string::npos) {
    name.kind = Kind::definition;
  }
  return name;
}

inline Context make_context(const Table& table) {
  const auto mentions = [](const std::string& formula) {
    scan::Mentions m{.expression = scan::Expression::compile(formula, scan::Scope::statement), .atoms = {}};
    for (const scan::Atom& atom : m.expression.atoms()) m.atoms.push_back(resolve(atom));
    return m;
  };
  return {.table = &table,
          .resolve = mentions,
          .resolve_name = [mentions](const std::string& name) { return mentions(name).atoms.at(0); },
          .seed = 1,
          .definitions = {}};
}

}  // namespace fieldscan::analysis::synthetic
