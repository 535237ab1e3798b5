#include "definition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "curve_number.hpp"
#include "groups.hpp"

namespace fieldscan::analysis {
namespace {

/// Keys keep what tells the numbers apart. What all have in common comes from the definition's own `where`: a slope
/// taken at width 1024 can be compared with one taken at another width.
void forget_what_is_common(std::vector<DefinedNumber>& numbers) {
  if (numbers.empty()) return;
  const auto first = numbers.front().key;
  for (const auto& entry : first) {
    const bool common = std::ranges::all_of(numbers, [&](const DefinedNumber& number) {
      const auto found = number.key.find(entry.first);
      return found != number.key.end() && found->second == entry.second;
    });
    if (common)
      for (DefinedNumber& number : numbers) number.key.erase(entry.first);
  }
}

/// The value at the one site of a group. Several sites differ in what is neither an axis nor in `by`: none of them is
/// meant.
Quantity value_of_group(const Context& context, const scan::Define& d, const scan::Mentions& of,
                        const std::vector<Site>& sites) {
  if (sites.size() == 1) return evaluate(context, of, sites.front(), d.from);
  return no_quantity(
      fmt::format("{} is the value of one point, and {} points have it: say which by `where`, or tell "
                  "them apart by `by`",
                  d.name, sites.size()));
}

void evaluate_one(Context& context, const scan::Define& d) {
  const scan::Mentions formula = context.resolve(d.of.text);
  Selection selection{.formulas = {d.from.empty() ? formula : as_predicted(formula, d.from)},
                      .where = std::nullopt,
                      .names = d.by,
                      .at = d.at.text,
                      .theory = d.from,
                      .theories = {}};
  if (!d.from.empty()) selection.theories.push_back(d.from);
  if (!d.where.empty()) selection.where = context.resolve(d.where.text);
  std::set<std::string> free;
  const std::string axis = along_of(d);
  if (!axis.empty()) {
    selection.names.push_back(axis);
    free.merge(full_names(context, {axis}));
  }
  const scan::Mentions& of = selection.formulas[0];
  std::vector<DefinedNumber> numbers;
  std::vector<Group> groups = group_sites(context, select_sites(context, selection), free, d.by);
  if (!axis.empty()) groups = split_blocks(context, groups, context.resolve(axis));
  for (Group& group : groups) {
    DefinedNumber number{.site = group.sites.front(), .key = group.key, .quantity = {}};
    if (std::holds_alternative<scan::PointValue>(d.kind)) {
      number.quantity = value_of_group(context, d, of, group.sites);
    } else {
      const scan::Mentions along = context.resolve(axis);
      const Power power =
          std::holds_alternative<scan::Slope>(d.kind) && has_root(of) ? Power::signed_square : Power::plain;
      number.quantity = number_of_curve(d, make_curve(context, of, along, group.sites, d.from, power), context.seed);
    }
    numbers.push_back(std::move(number));
  }
  forget_what_is_common(numbers);
  context.definitions[d.name] = std::move(numbers);
}

}  // namespace

void evaluate_definitions(Context& context, const std::vector<scan::Define>& definitions) {
  for (const scan::Define& d : definitions) try {
      evaluate_one(context, d);
    } catch (const std::exception& error) {  // the others are evaluated; a test of this one says why
      const std::string problem = fmt::format("{} can not be evaluated: {}", d.name, error.what());
      context.definitions[d.name] = {{.site = {}, .key = {}, .quantity = no_quantity(problem)}};
    }
}

}  // namespace fieldscan::analysis
