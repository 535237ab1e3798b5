#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fieldscan/theory/predict.hpp"
#include "measured.hpp"
#include "reach.hpp"

/// What is said of statements that can never be decided.
namespace fieldscan::scan {

namespace {

/// What becomes of a statement: tests are decided, figures drawn, definitions have values.
std::string never(const std::string& statement) {
  const char* what = statement.starts_with("the figure")       ? "drawn"
                     : statement.starts_with("the definition") ? "given a value"
                                                               : "decided";
  return fmt::format("{} can never be {}", statement, what);
}

}  // namespace

std::string Reach::predicted_instead(Observable observable) const {
  std::vector<std::string> names;
  for (const auto& [name, choices] : parsed_.symbols.theories)
    if (std::ranges::any_of(choices, [&](const theory::AnyTheory& theory) {
          const auto predicted = theory::observables_of(theory);
          return std::ranges::find(predicted, observable) != predicted.end();
        }))
      names.push_back(fmt::format("{}.{}", name, word(observable)));
  return names.empty() ? "" : fmt::format("; predicted: {}", fmt::join(names, ", "));
}

void Reach::report_missing(const Wanted& wanted, const Source& source) const {
  const Demand::Part& part = *wanted.part;
  const std::string statement = never(wanted.demand->statement);
  const auto say = [&](const std::string& message, const std::string& help) {
    if (part.if_absent == Severity::error)
      report_.error("FS0516", part.formula.place, part.key, message, help);
    else
      report_.warning("FS0516", part.formula.place, part.key, message, help);
  };
  if (!source.measured)
    return say(fmt::format("{}: the theory '{}' is listed at none of its points", statement, source.theory),
               "list it under `theory` of that block, or choose the points of a block that has it by `where`");
  const Observable observable = *source.measured;
  const std::string predicted = predicted_instead(observable);
  if (!wanted.trains)
    return say(fmt::format("{}: '{}' is a number of trained networks, and at its points none are trained", statement,
                           source.text),
               "give a trainer, for example training: {kind: hmc}" + predicted);
  say(fmt::format("{}: '{}' is not measured at any of its points", statement, source.text),
      how_to_measure(observable) + predicted);
}

void Reach::report(const Wanted& wanted) const {
  for (const Source& source : wanted.sources)
    if (!source.there) return report_missing(wanted, source);
  if (std::ranges::any_of(wanted.beside, [](const Source& source) { return !source.there; })) return;  // told there
  std::vector<std::string> texts;
  for (const auto* sources : {&wanted.beside, &wanted.sources})
    for (const Source& source : *sources)
      texts.push_back(source.theory.empty() ? source.text : fmt::format("{} of {}", source.text, source.theory));
  report_.error("FS0516", wanted.part->formula.place, wanted.part->key,
                fmt::format("{}: no point has all of '{}'", never(wanted.demand->statement), fmt::join(texts, "', '")),
                "they must be measured or predicted in one and the same block of the scan");
}

}  // namespace fieldscan::scan
