#include "shared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace fieldscan::analysis {

Selection selection_of(const Context& context, const scan::Test& test, const scan::Formula& of,
                       const std::vector<std::string>& names) {
  Selection selection{.formulas = {context.resolve(of.text)},
                      .where = std::nullopt,
                      .names = test.by,
                      .at = scan::at_of(test).text,
                      .theory = {},
                      .theories = {}};
  selection.names.insert(selection.names.end(), names.begin(), names.end());
  for (const auto& formula : scan::versus_of(test)) selection.formulas.push_back(context.resolve(formula.text));
  if (const scan::Reference& with = scan::with_of(test); !with.empty()) {
    if (is_theory(*context.table, with.text))
      selection.theories.push_back(with.text);
    else
      selection.formulas.push_back(context.resolve(with.text));
  }
  if (!test.where.empty()) selection.where = context.resolve(test.where.text);
  return selection;
}

std::vector<Site> in_window(const Context& context, const scan::Test& test, const scan::Mentions& versus,
                            const std::vector<Site>& sites) {
  const std::optional<scan::Window>& window = scan::window_of(test);
  if (!window) return sites;
  std::vector<Site> inside;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, versus, site);  // without one the site says why
    const bool within = x.value >= window->first * (1 - 1e-12) && x.value <= window->second * (1 + 1e-12);
    if (within || !x.has_value()) inside.push_back(site);
  }
  return inside;
}

std::string text_of(const Quantity& quantity) {
  if (!quantity.has_value()) return quantity.problem;
  const Estimate e = estimate(quantity);
  if (quantity.censored != Censored::no)
    return fmt::format("{} {}", quantity.censored == Censored::above ? "above" : "below",
                       e.standard_error > 0 ? with_error(quantity.value, e.standard_error) : number(quantity.value));
  if (!quantity.share || !std::isfinite(e.standard_error)) return with_error(quantity.value, e.standard_error);
  const Interval i = interval(quantity, e);  // a share ± its error may lie beyond what a share can be
  return fmt::format("{:.3g} (95 % interval {:.2g} to {:.2g})", quantity.value, i.low, i.high);
}

std::string stated(const std::string& name, const Quantity& quantity) {
  const std::string text = text_of(quantity);
  if (text == name) return name;
  return fmt::format("{} {} {}", name, quantity.censored == Censored::no ? "=" : "is", text);
}

std::string text_of(const scan::Margin& margin) {
  return margin.relative ? fmt::format("{:g} %", 100 * margin.value) : fmt::format("{:g}", margin.value);
}

Allowed around_zero(const scan::Margin& margin, double reference) {
  const double size = margin.relative ? margin.value * std::abs(reference) : margin.value;
  return {-size, size};
}

std::string why_negative(const scan::Mentions& formula, const Quantity& quantity) {
  const bool alone = formula.atoms.size() == 1 && formula.expression.text() == formula.atoms[0].text;
  if (!alone || !has_root(formula) || !quantity.has_value() || quantity.value >= 0) return "";
  return "negative: the root of a square that is estimated below zero, as noise does where the distance is smaller than "
         "its error";
}

std::string list_of(const std::vector<scan::Formula>& formulas) {
  std::string text;
  for (const auto& f : formulas) text += (text.empty() ? "" : ", ") + f.text;
  return text;
}

std::string within_text(const std::optional<scan::Margin>& within) {
  return within ? " within " + text_of(*within) : "";
}

void add_sentence(std::string& text, const std::string& sentence) {
  if (!sentence.empty()) text += (text.empty() ? "" : "; ") + sentence;
}

void leave_out(Finding& finding, const Missing& left_out) {
  add_sentence(finding.because, left_out.text);
  if (left_out.lack == Lack::no_numbers) finding.outcome = Finding::Outcome::no_numbers;
  finding.basis.marks |= left_out.basis.marks;
}

void tell_soundness(Finding& finding, std::span<const Quantity> numbers) {
  for (const Quantity& number : numbers) {
    finding.unsettled.join(unsettled_of(number));
    finding.basis.join(marked_basis(number));
  }
}

Finding worst_of(const std::vector<Finding>& findings) {
  if (findings.empty()) return nothing_to_judge({"nothing to compare yet"});
  // Of findings that are alike sure, as of numbers without errors, the one furthest out.
  const auto out = [](const Finding& f) {
    return f.judged ? std::max(f.judged->value - f.judged->high, f.judged->low - f.judged->value) : 0.0;
  };
  const auto least_sure =
      std::ranges::min_element(findings, {}, [&](const Finding& f) { return std::tuple(f.inside, f.p, -out(f)); });
  Finding worst = *least_sure;
  worst.inside = std::ranges::all_of(findings, &Finding::inside);
  for (const Finding& f : findings) worst.unsettled.join(f.unsettled), worst.basis.join(f.basis);
  worst.p = std::min(1.0, worst.p * static_cast<double>(findings.size()));
  return worst;
}

}  // namespace fieldscan::analysis
