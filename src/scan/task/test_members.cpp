#include "test_members.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../points/parsed.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/data/equal_draws.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "fieldscan/training/own_noise.hpp"

namespace fieldscan::scan {
namespace {

using Kind = ResolvedName::Kind;
constexpr std::size_t most_abscissas = 1000;

bool is_measured(const ResolvedName& name) {
  if (name.kind == Kind::rms) return std::ranges::any_of(name.sides, is_measured);
  return name.kind == Kind::deviation ||
         ((name.kind == Kind::observable || name.kind == Kind::error_ensemble) && name.theory.empty());
}

bool of_fields(const Mentions& formula) {
  return std::ranges::all_of(formula.atoms, [](const ResolvedName& name) { return name.kind == Kind::field; });
}

/// The number of a formula of fields at a point; nothing where the point lacks one, or a word meets arithmetic.
std::optional<double> value_at(const Mentions& formula, const Point& point) {
  std::vector<AxisValue> values;
  for (const ResolvedName& name : formula.atoms) {
    const AxisValue* value = find_value(point, name.name);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  try {
    return formula.expression.evaluate(std::span<const AxisValue>(values));
  } catch (const ExpressionError&) {
    return std::nullopt;  // reported with the selections
  }
}

/// Nothing where a text can not be read, which is reported where it stands.
std::optional<Mentions> read(const Symbols& symbols, const std::string& text) {
  if (text.empty() || symbols.theories.contains(text)) return std::nullopt;
  try {
    return mentions(symbols, text);
  } catch (const ExpressionError&) {
    return std::nullopt;
  }
}

/// Whether a theory's numbers differ from data draw to data draw; that of an empty name has none.
bool is_drawn(const Symbols& symbols, const std::string& theory) {
  const auto found = symbols.theories.find(theory);
  return found != symbols.theories.end() && std::ranges::any_of(found->second, [](const theory::AnyTheory& one) {
           return theory::given_of(one) != theory::Given::nothing;
         });
}

std::int64_t least_of(const Test& test) {
  return std::visit([]<class T>(const T&) { return T::members; }, test.kind);
}

std::vector<std::string> formulas_of(const Test& test) {
  std::vector<std::string> texts;
  for (const Formula& of : test.of) texts.push_back(of.text);
  texts.push_back(with_of(test).text);
  for (const Formula& versus : versus_of(test)) texts.push_back(versus.text);
  return texts;
}

}  // namespace

bool draws_are_one(const Point& point, Side side) {
  const data::Spec& data = point.spec.data;
  return data::equal_draws(data) &&
         (side == Side::predicted || !training::has_own_noise(point.spec.training, data::train_points(data)));
}

/// That of predictions is of their draws.
Ensemble ensemble_of(const Point& point, Side side) {
  Ensemble e = point.ensemble;
  if (side == Side::predicted)
    e = {.data_draws = e.theory_draws > 0 ? e.theory_draws : e.data_draws, .initialisations = 1, .until = e.until};
  if (draws_are_one(point, side)) e.data_draws = 1;
  return e;
}

std::int64_t members_of(const Ensemble& e, bool sampler) {
  return sampler ? std::int64_t{e.data_draws} * e.initialisations : std::max(e.data_draws, e.initialisations);
}

bool is_too_few(const Ensemble& e, bool sampler, std::int64_t needed) {
  if (e.until || needed == 0) return false;
  return members_of(e, sampler) < needed || (!sampler && !both_levels_known(e.data_draws, e.initialisations));
}

std::string text_of(const Ensemble& e, bool sampler) {
  return fmt::format("{} data draw{} × {} {}{}", e.data_draws, e.data_draws == 1 ? "" : "s", e.initialisations,
                     sampler ? "chain" : "initialisation", e.initialisations == 1 ? "" : "s");
}

std::string options_for(const Ensemble& e, bool sampler, std::int64_t members) {
  if (sampler)
    return fmt::format("--set ensemble.data_draws={}", (members + e.initialisations - 1) / e.initialisations);
  const bool more_draws = e.data_draws >= e.initialisations;
  const char *larger = more_draws ? "data_draws" : "initialisations",
             *smaller = more_draws ? "initialisations" : "data_draws";
  std::string text;
  if (members_of(e, sampler) < members) text = fmt::format("--set ensemble.{}={}", larger, members);
  if (!both_levels_known(std::max(members, members_of(e, sampler)), std::min(e.data_draws, e.initialisations)))
    text += fmt::format("{}--set ensemble.{}={} (or 1: chance may hide what a few contribute)", text.empty() ? "" : " ",
                        smaller, members_beside);
  return text;
}

std::string options_for(const TestMembers& members) {
  if (!members.same_data) return options_for(members.least, members.sampler, members.needed);
  return fmt::format(
      "a smaller data.train_size, so that draws differ, or of networks --set ensemble.initialisations={}",
      members.needed);
}

MembersOfTests::MembersOfTests(const Symbols& symbols, const std::vector<Test>& tests,
                               const std::vector<Define>& definitions)
    : symbols_(symbols), definitions_(definitions) {
  for (const Test& test : tests) {
    TestMembers members{.test = test.name, .place = test.place};
    const std::string& at = at_of(test).text;
    Asked asked{
        .in_time = !at.empty() && at != "end", .where = read(symbols, test.where.text), .window = window_of(test)};
    bool varies = false;
    std::int64_t needed = least_of(test);
    for (const std::string& text : formulas_of(test)) {
      varies = add(text, 0, asked) || varies;
      if (const auto formula = read(symbols, text)) needed = std::max(needed, members_needed(*formula, needed));
    }
    members.needed = varies ? needed : 0;
    if (symbols_.theories.contains(with_of(test).text)) asked.theories.insert(with_of(test).text);
    for (const Formula& of : test.of)
      if (const auto formula = read(symbols_, of.text))
        for (const ResolvedName& name : formula->atoms)
          if (!name.theory.empty()) asked.theories.insert(name.theory);
    if (versus_of(test).size() == 1)
      if (auto versus = read(symbols, versus_of(test).front().text); versus && of_fields(*versus))
        asked.versus = std::move(versus);
    found_.push_back(std::move(members));
    asked_.push_back(std::move(asked));
  }
}

bool MembersOfTests::add(const std::string& text, int depth, Asked& asked) const {
  constexpr int deepest = 20;  // definitions in a circle are refused elsewhere
  const auto formula = read(symbols_, text);
  if (!formula || depth > deepest) return false;
  bool varies = false;
  for (const ResolvedName& name : formula->atoms) {
    const bool measured = is_measured(name);
    if (measured || is_drawn(symbols_, name.theory)) {
      varies = true;
      asked.direct = asked.direct || depth == 0;
    }
    asked.measured = asked.measured || measured;
    if (name.kind != Kind::definition) continue;
    const auto define = std::ranges::find(definitions_, name.name, &Define::name);
    if (define == definitions_.end()) continue;
    varies =
        (define->from.empty() ? add(define->of.text, depth + 1, asked) : is_drawn(symbols_, define->from)) || varies;
    if (auto where = read(symbols_, define->where.text)) asked.of_definitions.push_back(std::move(*where));
  }
  return varies;
}

/// Of a condition on results it is not known what it selects.
bool MembersOfTests::selects(const Asked& asked, const Point& point) const {
  const auto holds = [&](const Mentions& where) {
    return !of_fields(where) || value_at(where, point).value_or(0) != 0;
  };
  if (asked.measured && !trains(point.spec)) return false;
  if (asked.where && !holds(*asked.where)) return false;
  return asked.direct || asked.of_definitions.empty() || std::ranges::any_of(asked.of_definitions, holds);
}

std::string MembersOfTests::inapplicable(const Asked& asked, const Point& point) {
  for (const TheoryUse& use : point.theories) {
    if (!asked.theories.contains(use.name)) continue;
    if (const auto answer = theory::applicability(use.theory, setting_of(point, use)); !answer.applies)
      return fmt::format("{} applies at none of its points: {}", use.name, answer.because);
  }
  return "";
}

void MembersOfTests::see(const Point& point) {
  for (std::size_t k = 0; k < found_.size(); ++k) {
    TestMembers& members = found_[k];
    const Asked& asked = asked_[k];
    if (!selects(asked, point)) continue;
    if (std::string why = inapplicable(asked, point); !why.empty()) {
      if (members.applicable == 0 && members.inapplicable.empty()) members.inapplicable = std::move(why);
      continue;
    }
    ++members.applicable;
    members.inapplicable.clear();
    if (members.needed == 0) continue;
    const auto x = asked.versus ? value_at(*asked.versus, point) : std::nullopt;
    if (x && asked.window && (*x < asked.window->first || *x > asked.window->second)) continue;
    if (x && members.abscissas.size() < most_abscissas) members.abscissas.insert(*x);
    const bool sampler = asked.measured && !asked.in_time && training::is_sampler(point.spec.training);
    const Side side = asked.measured ? Side::measured : Side::predicted;
    const Ensemble ensemble = ensemble_of(point, side);
    const std::int64_t here = members_of(ensemble, sampler);
    const bool few = is_too_few(ensemble, sampler, members.needed);
    const bool told = members.too_few > 0;  // that one is shown, or one with still fewer
    members.too_few += few ? 1 : 0;
    const bool first = members.points++ == 0;
    if (!first && (told == few ? here >= members.members : told)) continue;
    members.least = ensemble;
    members.sampler = sampler;
    members.same_data = draws_are_one(point, side);
    members.members = here;
  }
}

std::vector<TestMembers> members_of_tests(const Scan& scan) {
  MembersOfTests members(scan.parsed().symbols, scan.tests(), scan.definitions());
  scan.for_each_point([&](const Point& point) {
    members.see(point);
    return true;
  });
  return members.found();
}

}  // namespace fieldscan::scan
