#include <fmt/format.h>

#include "list.hpp"

namespace fieldscan::analysis {
namespace {

std::string list_of(const std::vector<scan::Formula>& formulas) {
  std::string text;
  for (const auto& f : formulas) text += (text.empty() ? "" : ", ") + f.text;
  return text;
}

std::string claim_of(const scan::Test& t) {
  std::string of = list_of(t.of);
  const std::string versus = list_of(t.versus);
  const std::string within = t.within ? " within " + text_of(*t.within) : "";
  switch (t.kind) {
    case scan::Test::Kind::agreement:
      return t.between.empty() ? fmt::format("{} agrees with {}{}", of, t.with.text, within)
                               : fmt::format("{} is the same for all {}{}", of, t.between, within);
    case scan::Test::Kind::chi2:
      return fmt::format("{} differs from {} by its statistical error alone", of, t.with.text);
    case scan::Test::Kind::power_law:
      return fmt::format(
          "{} is a power law in {}{}", of, versus,
          t.expect ? fmt::format(" with exponent {}{}", t.expect->text, t.within ? " ± " + text_of(*t.within) : "")
                   : "");
    case scan::Test::Kind::scaling_law:
      return fmt::format("{} follows a joint scaling law ({}) in {}", of, t.form.empty() ? "sum" : t.form, versus);
    case scan::Test::Kind::collapse:
      return fmt::format("{} against {} is one curve{}", of, versus, within);
    case scan::Test::Kind::bound:
      return of + (t.above ? fmt::format(" lies above {:g}", *t.above) : "") + (t.above && t.below ? " and" : "") +
             (t.below ? fmt::format(" lies below {:g}", *t.below) : "");
    case scan::Test::Kind::monotone:
      return fmt::format("{} goes {} with {}", of, t.direction.empty() ? "up" : t.direction, versus);
    case scan::Test::Kind::linear:
      return fmt::format("{} is linear in {}{}", of, versus, within);
    case scan::Test::Kind::conservation:
      return fmt::format("{} stays what it is at the start{}", of, within);
  }
  return of;
}

}  // namespace

std::string sentence_of(const scan::Test& test) {
  std::string text = claim_of(test);
  if (test.window)
    text += fmt::format(", {} from {:g} to {:g}", list_of(test.versus), test.window->first, test.window->second);
  if (!test.where.empty()) text += ", where " + test.where.text;
  if (!test.at.empty()) text += ", at " + test.at;
  return text;
}

}  // namespace fieldscan::analysis
