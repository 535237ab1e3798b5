#include "axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "../expression/constant.hpp"
#include "../schema/decode.hpp"
#include "../schema/words.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t most_values_of_axis = 1000000;
constexpr std::array<std::string_view, 4> spacings{"linspace", "logspace", "range", "powers"};

/// The two ends of a spacing.
std::optional<std::pair<double, double>> ends(const Node& node, Report& report, const std::string& path,
                                              std::string_view what) {
  if (!node.is_sequence() || node.items.size() != 2) {
    report.error("FS0210", node.place, path, fmt::format("{} takes its two ends", what),
                 fmt::format("{{{}: [first, last], …}}", what));
    return std::nullopt;
  }
  const auto a = constant(node.items[0], report, path), b = constant(node.items[1], report, path);
  if (!a || !b) return std::nullopt;
  return std::pair(*a, *b);
}

/// Checks the keys of a spacing and reads the number beside its ends.
std::optional<double> companion(const Node& node, std::string_view kind, std::string_view key, Report& report,
                                const std::string& path) {
  const std::array<std::string_view, 2> allowed{kind, key};
  bool fits = true;
  for (const auto& entry : node.entries)
    if (std::ranges::find(allowed, entry.key) == allowed.end()) {
      fits = false;
      report.error("FS0102", entry.place, path, fmt::format("unknown key '{}' beside {}", entry.key, kind),
                   suggestion(entry.key, allowed));
    }
  const Node* value = node.get(key);
  if (!value) {
    if (fits)
      report.error("FS0103", node.place, path, fmt::format("'{}' is missing beside {}", key, kind),
                   key == "num" ? "num: how many values" : "step: the distance of neighbours");
    return std::nullopt;
  }
  return key == "num" ? whole(*value, report, path, 2) : constant(*value, report, path);
}

using Numbers = std::optional<std::vector<double>>;

/// Whether a spacing has no more values than a list may have; says how many it has.
bool few_enough(double count, const Node& node, Report& report, const std::string& path) {
  if (count <= static_cast<double>(most_values_of_axis)) return true;
  report.error("FS0221", node.place, path, fmt::format("a list of {:.10g} values", count),
               fmt::format("at most {}", most_values_of_axis));
  return false;
}

Numbers linspace(const Node& node, Report& report, const std::string& path) {
  const auto ab = ends(*node.get("linspace"), report, path, "linspace");
  const auto num = companion(node, "linspace", "num", report, path);
  if (!ab || !num || !few_enough(*num, *node.get("num"), report, path)) return std::nullopt;
  std::vector<double> values;
  for (double k = 0; k < *num; ++k) values.push_back(round12(ab->first + (ab->second - ab->first) * k / (*num - 1)));
  return values;
}

Numbers logspace(const Node& node, Report& report, const std::string& path) {
  const Node& list = *node.get("logspace");
  const auto ab = ends(list, report, path, "logspace");
  const auto num = companion(node, "logspace", "num", report, path);
  if (!ab) return std::nullopt;
  for (int end = 0; end < 2; ++end)
    if (const double value = end ? ab->second : ab->first; !(value > 0)) {
      report.error("FS0215", list.items[static_cast<std::size_t>(end)].place, path,
                   fmt::format("logspace takes its two ends as values, not as exponents; found {}, must be > 0",
                               shortest(value)),
                   fmt::format("for {} … {} write {{logspace: [{}, {}], …}}", shortest(std::pow(10, ab->first)),
                               shortest(std::pow(10, ab->second)), shortest(std::pow(10, ab->first)),
                               shortest(std::pow(10, ab->second))));
      return std::nullopt;
    }
  if (!num || !few_enough(*num, *node.get("num"), report, path)) return std::nullopt;
  std::vector<double> values;
  const double a = std::log(ab->first), b = std::log(ab->second);
  for (double k = 0; k < *num; ++k)
    values.push_back(round12(k == 0 ? ab->first : k == *num - 1 ? ab->second : std::exp(a + (b - a) * k / (*num - 1))));
  return values;
}

Numbers range(const Node& node, Report& report, const std::string& path) {
  const auto ab = ends(*node.get("range"), report, path, "range");
  const auto step = companion(node, "range", "step", report, path);
  if (!ab || !step) return std::nullopt;
  const double count = std::floor((ab->second - ab->first) / *step * (1 + 1e-12) + 1e-9) + 1;
  if (!(*step != 0) || !(count >= 1)) {
    report.error("FS0217", node.get("step")->place, path,
                 fmt::format("a step of {} does not lead from {} to {}", shortest(*step), shortest(ab->first),
                             shortest(ab->second)),
                 "both ends belong to the range; the step has the sign of last − first");
    return std::nullopt;
  }
  if (!few_enough(count, *node.get("step"), report, path)) return std::nullopt;
  std::vector<double> values;
  for (double k = 0; k < count; ++k) values.push_back(round12(ab->first + *step * k));
  return values;
}

Numbers powers(const Node& node, Report& report, const std::string& path) {
  constexpr std::array<std::string_view, 3> allowed{"powers", "from", "to"};
  for (const auto& entry : node.entries)
    if (std::ranges::find(allowed, entry.key) == allowed.end()) {
      report.error("FS0102", entry.place, path, fmt::format("unknown key '{}' beside powers", entry.key),
                   suggestion(entry.key, allowed));
      return std::nullopt;
    }
  const Node *from = node.get("from"), *to = node.get("to");
  if (!from || !to) {
    report.error("FS0103", node.place, path, fmt::format("'{}' is missing beside powers", from ? "to" : "from"),
                 "{powers: 2, from: 64, to: 4096}");
    return std::nullopt;
  }
  const auto base = constant(*node.get("powers"), report, path), first = constant(*from, report, path),
             last = constant(*to, report, path);
  if (!base || !first || !last) return std::nullopt;
  if (!(*base > 1) || !(*first > 0) || !(*last >= *first)) {
    report.error("FS0217", node.place, path,
                 fmt::format("no powers of {} lead from {} to {}", shortest(*base), shortest(*first), shortest(*last)),
                 "the base is > 1, and 0 < from ≤ to");
    return std::nullopt;
  }
  const double end = *last * (1 + 1e-9);
  if (!few_enough(std::floor(std::log(end / *first) / std::log(*base)) + 1, node, report, path)) return std::nullopt;
  std::vector<double> values;
  for (double k = 0, value = *first; value <= end; value = *first * std::pow(*base, ++k))
    values.push_back(round12(value));
  return values;
}

AxisEntry number_entry(double value, Place place, const FieldInfo* field, bool rounds) {
  if (rounds && field && field->schema.takes_integer()) value = round_half_up(value);
  AxisEntry entry{.value = value, .scalar = true};
  entry.node = Node{.kind = Node::Kind::scalar, .place = place, .text = shortest(value)};
  return entry;
}

bool is_word_of(const FieldInfo* field, const std::string& text) {
  return field && takes_word(field->schema) &&
         std::ranges::find(field->schema.words, text) != field->schema.words.end();
}

std::optional<AxisEntry> scalar_entry(const Node& item, const FieldInfo* field, Report& report,
                                      const std::string& path) {
  if (is_word_of(field, item.text)) return AxisEntry{.value = item.text, .node = item, .scalar = true};
  if (field && field->schema.type == Type::boolean && (item.text == "true" || item.text == "false"))
    return AxisEntry{.value = item.text == "true" ? 1.0 : 0.0, .node = item, .scalar = true};
  if (field && (field->schema.is_choice() || field->schema.type == Type::text))
    return AxisEntry{.value = item.text, .node = item};
  if (item.is_plain())
    if (const auto number = parse_number(item.text)) return number_entry(round12(*number), item.place, field, false);
  if (field && !takes_number(field->schema))
    return AxisEntry{.value = item.text, .node = item};  // decoding says what is wrong
  if (const auto problem = truth_problem(field ? item.text : "")) {
    report.error("FS0201", item.place, path, problem->message, problem->help);
    return std::nullopt;
  }
  const auto expression = compile(item, Scope::point, report, path);
  if (!expression) return std::nullopt;
  if (!expression->is_constant()) return AxisEntry{.value = item.text, .node = item};
  const double value = expression->evaluate(std::span<const double>{});
  if (!std::isfinite(value)) {
    report.error("FS0411", item.place, path, fmt::format("'{}' is not a finite number", item.text));
    return std::nullopt;
  }
  const AxisEntry entry = number_entry(round12(value), item.place, field, true);
  if (entry.value != AxisValue(round12(value)))
    report.warning("FS0621", item.place, path,
                   fmt::format("'{}' is {}, and {} is a whole number: {} is taken", item.text, shortest(round12(value)),
                               path, entry.node.text),
                   "write a whole number, or floor(…), ceil(…), round(…), to say which is meant");
  return entry;
}

std::optional<AxisEntry> mapping_entry(const Node& item, Report& report, const std::string& path) {
  if (item.get("kind") && item.entries.size() == 1) return AxisEntry{.value = item.get("kind")->text, .node = item};
  const Node *name = item.get("as"), *value = item.get("value");
  if (name && value && name->is_scalar() && item.entries.size() == 2)
    return AxisEntry{.value = name->text, .node = *value};
  report.error("FS0218", item.place, path, "a value of an axis that is neither a number nor a word has no name",
               "write {as: NAME, value: …}, so that tests and figures can call it by that name");
  return std::nullopt;
}

void reject_duplicates(const std::vector<AxisEntry>& entries, const Node& node, Report& report,
                       const std::string& path) {
  std::set<AxisValue> seen;
  for (const auto& entry : entries) {
    if (seen.insert(entry.value).second) continue;
    const double* number = std::get_if<double>(&entry.value);
    const std::string shown = number ? shortest(*number) : std::get<std::string>(entry.value);
    report.error("FS0213", node.is_sequence() ? entry.node.place : node.place, path,
                 fmt::format("two values of the axis '{}' fall together at {}", path, shown),
                 "after rounding (12 digits; whole numbers in integer fields) the values must differ");
    return;
  }
}

}  // namespace

std::optional<std::vector<double>> read_spacing(const Node& node, Report& report, const std::string& path) {
  if (node.get("linspace")) return linspace(node, report, path);
  if (node.get("logspace")) return logspace(node, report, path);
  if (node.get("range")) return range(node, report, path);
  if (node.get("powers")) return powers(node, report, path);
  const std::string help = node.entries.empty() ? "" : suggestion(node.entries.front().key, spacings, "spacings");
  report.error("FS0210", node.place, path, fmt::format("found {} where values belong", describe(node)),
               help.empty() ? "a list, or {logspace: [a, b], num: n}" : help);
  return std::nullopt;
}

std::optional<std::vector<double>> read_numbers(const Node& node, Report& report, const std::string& path) {
  if (!node.is_sequence()) return read_spacing(node, report, path);
  std::vector<double> values;
  bool good = true;
  for (const auto& item : node.items) {
    const auto value = constant(item, report, path);
    good = good && value;
    if (value) values.push_back(round12(*value));
  }
  if (!good) return std::nullopt;
  return values;
}

std::vector<AxisEntry> read_axis(const Node& node, const FieldInfo* field, Report& report, const std::string& path) {
  std::vector<AxisEntry> entries;
  if (node.is_mapping()) {
    const auto values = read_spacing(node, report, path);
    if (!values) return {};
    for (const double value : *values) entries.push_back(number_entry(value, node.place, field, true));
  } else if (node.is_sequence()) {
    if (node.items.empty())
      report.error("FS0212", node.place, path, fmt::format("the axis '{}' has no values", path), "list at least one");
    for (const auto& item : node.items) {
      std::optional<AxisEntry> entry;
      if (item.is_scalar())
        entry = scalar_entry(item, field, report, path);
      else if (item.is_mapping())
        entry = mapping_entry(item, report, path);
      else
        report.error("FS0218", item.place, path, "a list as a value of an axis has no name",
                     "write {as: NAME, value: […]}, so that tests and figures can call it by that name");
      if (entry) entries.push_back(std::move(*entry));
    }
  } else {
    report.error(
        "FS0210", node.place, path, fmt::format("found {}; an axis is a list of values, or a spacing", describe(node)),
        fmt::format("one value: put '{}' under `fixed`; several: [a, b, c] or {{logspace: [a, b], num: n}}", path));
  }
  reject_duplicates(entries, node, report, path);
  return entries;
}

}  // namespace fieldscan::scan
