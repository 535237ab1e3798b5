#include "symbols.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "../expression/condition.hpp"
#include "../schema/words.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/training/clock.hpp"
#include "needs.hpp"

namespace fieldscan::scan {
namespace {

/// Calls visit for every dimension of the observables, and time.
template <class Visit>
void for_each_dimension(Visit&& visit) {
  visit(std::string_view("time"));
  for (const auto& about : all_observables()) {
    std::string_view rest = about.dimension;
    while (!rest.empty()) {
      const auto comma = rest.find(", ");
      visit(rest.substr(0, comma));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 2);
    }
  }
}

[[noreturn]] void fail(const char* code, const Atom& atom, const std::string& message, const std::string& help = "") {
  throw ExpressionError(code, atom.offset, message, help);
}

/// The theory of a name; throws where the scan has none of that name.
const std::vector<theory::AnyTheory>& theory_of(const Symbols& symbols, const std::string& name, const Atom& atom) {
  if (const auto found = symbols.theories.find(name); found != symbols.theories.end()) return found->second;
  if (symbols.unbuilt_theories.contains(name))
    fail("FS0105", atom, fmt::format("the theory '{}' is known, but this version can not compute it", name));
  std::vector<std::string_view> names;
  for (const auto& [known, choices] : symbols.theories) names.push_back(known);
  names.insert(names.end(), symbols.unbuilt_theories.begin(), symbols.unbuilt_theories.end());
  fail("FS0507", atom, fmt::format("no theory of this scan is called '{}'", name),
       names.empty() ? "list it under `theory`" : suggestion(name, names, "theories of this scan"));
}

ResolvedName prediction(const Symbols& symbols, const std::string& theory_name, const std::string& word,
                        const Atom& atom) {
  const auto& choices = theory_of(symbols, theory_name, atom);
  const auto observable = find_observable(word);
  std::vector<std::string_view> predicted;
  for (const auto& choice : choices)
    for (const Observable o : theory::observables_of(choice)) predicted.push_back(info(o).name);
  const bool given = std::ranges::find(predicted, word) != predicted.end();
  const bool formed = observable && info(*observable).formed_from == Observable::predictor &&
                      std::ranges::find(predicted, std::string_view("predictor")) != predicted.end();
  if (!given && !formed)
    fail("FS0508", atom, fmt::format("the theory '{}' does not predict '{}'", theory_name, word),
         suggestion(word, predicted, "it predicts"));
  return {.kind = ResolvedName::Kind::prediction,
          .text = atom.text,
          .name = word,
          .theory = theory_name,
          .observable = observable};
}

std::string field_of(const Symbols& symbols, const std::string& name, const Atom& atom, const char* code) {
  if (symbols.paths.contains(name)) return name;
  if (const auto found = symbols.short_names.find(name); found != symbols.short_names.end()) {
    if (found->second.size() == 1) return *found->second.begin();
    std::vector<std::string_view> paths(found->second.begin(), found->second.end());
    fail("FS0408", atom, fmt::format("'{}' can be {}", name, join_or(paths)), "write the full path");
  }
  std::vector<std::string_view> candidates(symbols.paths.begin(), symbols.paths.end());
  for (const auto& [short_name, paths] : symbols.short_names) candidates.push_back(short_name);
  for (const auto& definition : symbols.definitions) candidates.push_back(definition);
  for (const auto& about : all_observables()) candidates.push_back(about.name);
  for (const auto& [theory_name, choices] : symbols.theories) candidates.push_back(theory_name);
  candidates.insert(candidates.end(), symbols.unbuilt_theories.begin(), symbols.unbuilt_theories.end());
  for_each_dimension([&](std::string_view dimension) { candidates.push_back(dimension); });
  if (symbols.theories.contains(name))
    fail(code, atom, fmt::format("'{}' is a theory, not a number", name),
         fmt::format("write {}.error_test, or deviation({})", name, name));
  if (symbols.unbuilt_theories.contains(name))
    fail("FS0105", atom, fmt::format("the theory '{}' is known, but this version can not compute it", name));
  constexpr std::array<std::string_view, 4> of_ensemble{"data_draws", "initialisations", "chains", "theory_draws"};
  if (std::ranges::find(of_ensemble, std::string_view(name).substr(name.rfind('.') + 1)) != of_ensemble.end())
    fail(code, atom, fmt::format("'{}' is of the ensemble, and no field of a point", name),
         "all points have the same ensemble");
  const auto near = nearest(name, candidates);
  fail(code, atom, fmt::format("unknown name '{}'", name),
       quotes_missing(atom) + (near.empty()
                                   ? "names are axes, fields, observables, theory.observable and what `define` defines"
                                   : fmt::format("did you mean '{}'?", fmt::join(near, "' or '"))));
}

/// Steps, epochs and compute are the time in other units, where no axis or variable has that name.
bool is_clock(const Symbols& symbols, const std::string& name) {
  return from_word<training::ClockUnit>(name) && !symbols.axes.contains(name) && !symbols.paths.contains(name);
}

ResolvedName plain(const Symbols& symbols, const Atom& atom) {
  const std::string& name = atom.text;
  if (symbols.paths.contains(name) && name.find('.') != std::string::npos)
    return {.kind = ResolvedName::Kind::field, .text = name, .name = name};
  if (const auto dot = name.find('.'); dot != std::string::npos) {
    const std::string head = name.substr(0, dot), tail = name.substr(dot + 1);
    if (symbols.theories.contains(head) || symbols.unbuilt_theories.contains(head) || find_observable(tail))
      return prediction(symbols, head, tail, atom);
  }
  if (is_dimension(name)) return {.kind = ResolvedName::Kind::dimension, .text = name, .name = name};
  if (const auto observable = find_observable(name)) {
    const auto& about = info(*observable);
    if (about.source == Source::theory)
      fail("FS0509", atom, fmt::format("'{}' is only predicted; networks do not have it", name),
           fmt::format("write THEORY.{}", name));
    if (name == "error_ensemble" && !symbols.members)
      fail("FS0509", atom, "error_ensemble needs the number of networks that are averaged",
           "error_ensemble(20), or observe: [{kind: error_ensemble, members: [1, 3, 10]}] and the dimension members");
    return {.kind = ResolvedName::Kind::observable, .text = name, .name = name, .observable = observable};
  }
  if (symbols.definitions.contains(name)) return {.kind = ResolvedName::Kind::definition, .text = name, .name = name};
  if (is_clock(symbols, name)) return {.kind = ResolvedName::Kind::dimension, .text = name, .name = name};
  return {.kind = ResolvedName::Kind::field, .text = name, .name = field_of(symbols, name, atom, "FS0407")};
}

/// error_test(best): the name before the bracket, which must have times.
ResolvedName at_time(const Symbols& symbols, const Atom& atom) {
  Atom alone = atom;
  alone.text = atom.text.substr(0, atom.text.find('('));
  ResolvedName name = plain(symbols, alone);
  const bool timed = name.kind == ResolvedName::Kind::observable || name.kind == ResolvedName::Kind::prediction;
  if (!timed || name.observable == Observable::predictor)
    fail("FS0509", atom,
         fmt::format("'{}' has no times to choose from: only observables and predictions have", alone.text),
         "error_test(best), ntk.error_test(end)");
  name.text = atom.text;
  name.at = atom.at;
  return name;
}

}  // namespace

bool is_dimension(std::string_view name) {
  bool found = false;
  for_each_dimension([&](std::string_view dimension) { found = found || dimension == name; });
  return found;
}

bool is_time(std::string_view name) { return name == "time" || from_word<training::ClockUnit>(name); }

ResolvedName resolve(const Symbols& symbols, const Atom& atom) {
  switch (atom.kind) {
    case Atom::Kind::deviation: {
      prediction(symbols, atom.arguments[0], "predictor", atom);
      return {.kind = ResolvedName::Kind::deviation,
              .text = atom.text,
              .name = "deviation",
              .theory = atom.arguments[0],
              .observable = Observable::predictor};
    }
    case Atom::Kind::error_ensemble: {
      if (!atom.theory.empty()) theory_of(symbols, atom.theory, atom);
      const double members = parse_number(atom.arguments[0]).value_or(1);
      if (!(members >= 1) || members != std::floor(members))
        fail("FS0509", atom, fmt::format("error_ensemble of {} networks: a whole number of them, from 1", members),
             "error_ensemble(20)");
      return {.kind = ResolvedName::Kind::error_ensemble,
              .text = atom.text,
              .name = "error_ensemble",
              .theory = atom.theory,
              .observable = Observable::error_ensemble,
              .members = members};
    }
    case Atom::Kind::rms: {
      ResolvedName name{.kind = ResolvedName::Kind::rms, .text = atom.text, .name = "rms"};
      for (const auto& side : atom.arguments) {
        name.sides.push_back(plain(symbols, Atom{.text = side, .offset = atom.offset}));
        const auto kind = name.sides.back().kind;
        if (kind != ResolvedName::Kind::observable && kind != ResolvedName::Kind::prediction)
          fail("FS0509", atom, fmt::format("'{}' in rms() is neither an observable nor a prediction", side),
               "for example: rms(predictor - nngp.predictor)");
      }
      return name;
    }
    case Atom::Kind::name:
      break;
  }
  ResolvedName name = atom.at.empty() ? plain(symbols, atom) : at_time(symbols, atom);
  if (name.observable && info(*name.observable).form == Form::array && name.observable != Observable::predictor)
    fail("FS0509", atom, fmt::format("'{}' is a block of numbers per network, and a statement takes one", name.text),
         "`fieldscan export --format netcdf` has the blocks; `fieldscan explain observables` lists numbers");
  return name;
}

ResolvedName resolve(const Symbols& symbols, const std::string& name) {
  if ((is_dimension(name) && !symbols.paths.contains(name)) ||
      (is_clock(symbols, name) && !symbols.definitions.contains(name)))
    return {.kind = ResolvedName::Kind::dimension, .text = name, .name = name};
  return {
      .kind = ResolvedName::Kind::field, .text = name, .name = field_of(symbols, name, Atom{.text = name}, "FS0510")};
}

Mentions mentions(const Symbols& symbols, const std::string& formula) {
  Mentions out{.expression = Expression::compile(formula, Scope::statement), .atoms = {}};
  for (const auto& atom : out.expression.atoms()) out.atoms.push_back(resolve(symbols, atom));
  return out;
}

Mentions condition(const Symbols& symbols, const std::string& formula) {
  Mentions out = mentions(symbols, formula);
  require_condition(formula, [&](std::string_view name) {
    const auto& atoms = out.atoms;
    const auto found = std::ranges::find(atoms, name, &ResolvedName::text);
    return found != atoms.end() && found->kind == ResolvedName::Kind::field && symbols.flags.contains(found->name);
  });
  return out;
}

}  // namespace fieldscan::scan
