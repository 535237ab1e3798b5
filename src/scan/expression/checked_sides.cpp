#include "checked_sides.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "condition.hpp"
#include "fieldscan/core/text.hpp"
#include "tokens.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::string_view placeholder = "__comparison_";
/// So many comparisons at once may have no finite sides: all that they could be are tried.
constexpr std::size_t most_open = 8;

/// Rounding of what is computed decides no comparison: 0.3 >= 0.1*3.
bool is_equal(double left, double right) {
  constexpr double rounding = 1e-14;
  const bool finite = std::isfinite(left) && std::isfinite(right);
  return left == right || (finite && std::abs(left - right) <= rounding * std::min(std::abs(left), std::abs(right)));
}

/// Whether a side is more than a name or a number.
bool may_fail(std::string_view side) { return tokenize(side).size() > 2; }

}  // namespace

CheckedSides::Part CheckedSides::part_of(std::string_view text, Scope scope, const std::vector<Atom>& atoms) {
  Part part{.expression = Expression::compile(text, scope), .slots = {}};
  for (const Atom& atom : part.expression.atoms()) {
    const auto found = std::ranges::find(atoms, atom.text, &Atom::text);
    part.slots.push_back(static_cast<std::size_t>(found - atoms.begin()));
    if (found == atoms.end()) part.slots.back() += std::stoul(atom.text.substr(placeholder.size()));
  }
  return part;
}

std::optional<CheckedSides> CheckedSides::of(std::string_view text, Scope scope, const std::vector<Atom>& atoms) {
  CheckedSides out;
  out.atoms_ = atoms.size();
  std::string rest;
  std::size_t done = 0;
  for (const NumberComparison& c : number_comparisons(text)) {
    if (!may_fail(c.left) && !may_fail(c.right)) continue;
    rest += text.substr(done, c.begin - done);
    rest += fmt::format(" {}{} ", placeholder, out.comparisons_.size());
    done = c.end;
    out.comparisons_.push_back({.left = part_of(c.left, scope, atoms),
                                .right = part_of(c.right, scope, atoms),
                                .sign = std::string(c.sign),
                                .offset = c.begin});
  }
  if (out.comparisons_.empty()) return std::nullopt;
  rest += text.substr(done);
  out.rest_ = part_of(rest, scope, atoms);
  return out;
}

double CheckedSides::Part::at(std::span<const double> values) const {
  std::vector<double> own;
  own.reserve(slots.size());
  for (const std::size_t slot : slots) own.push_back(values[slot]);
  return expression.evaluate(std::span<const double>(own));
}

bool CheckedSides::Part::is_sound(double value, std::span<const double> values) const {
  const auto infinite = [&](std::size_t slot) { return std::isinf(values[slot]); };
  return std::isfinite(value) || (std::isinf(value) && std::ranges::any_of(slots, infinite));
}

/// "width = 8, depth = 2" of the numbers that it mentions.
std::string CheckedSides::Part::where_text(std::span<const double> values) const {
  std::string text;
  for (std::size_t k = 0; k < slots.size(); ++k)
    text += fmt::format("{}{} = {}", k ? ", " : "", expression.atoms()[k].text, shortest(values[slots[k]]));
  return text;
}

double CheckedSides::truth(const Comparison& comparison, double left, double right) {
  const std::string& sign = comparison.sign;
  const bool equal = is_equal(left, right);
  const bool holds = sign == "=="   ? equal
                     : sign == "!=" ? !equal
                     : sign == "<"  ? left < right && !equal
                     : sign == "<=" ? left < right || equal
                     : sign == ">"  ? left > right && !equal
                                    : left > right || equal;
  return holds ? 1 : 0;
}

void CheckedSides::refuse(const Comparison& comparison, std::span<const double> values) {
  const bool of_left = !comparison.left.is_sound(comparison.left.at(values), values);
  const Part& side = of_left ? comparison.left : comparison.right;
  const double value = side.at(values);
  const std::string where = side.where_text(values);
  throw ExpressionError("FS0411", comparison.offset,
                        fmt::format("'{}' is {}{}: compared with something it says nothing", side.expression.text(),
                                    std::isnan(value) ? "no number" : "infinite", where.empty() ? "" : " at " + where),
                        "exclude such points before, as in \"width > 8 && log(width - 8) > 1\"");
}

double CheckedSides::evaluate(std::span<const double> values) const {
  std::vector<double> all(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(atoms_));
  std::vector<std::size_t> open;
  for (std::size_t k = 0; k < comparisons_.size(); ++k) {
    const Comparison& c = comparisons_[k];
    const double left = c.left.at(values), right = c.right.at(values);
    if (!c.left.is_sound(left, values) || !c.right.is_sound(right, values)) open.push_back(k);
    all.push_back(truth(c, left, right));
  }
  if (open.empty()) return rest_.at(all);
  if (open.size() > most_open) refuse(comparisons_[open.front()], values);
  const auto value_if = [&](std::size_t holding) {
    for (std::size_t b = 0; b < open.size(); ++b) all[atoms_ + open[b]] = (holding >> b) & 1U ? 1 : 0;
    return rest_.at(all);
  };
  const double value = value_if(0);
  for (std::size_t holding = 1; holding < std::size_t{1} << open.size(); ++holding)
    if (value_if(holding) != value) refuse(comparisons_[open.front()], values);
  return value;
}

}  // namespace fieldscan::scan
