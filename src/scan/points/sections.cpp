#include "sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "../expression/constant.hpp"
#include "../schema/decode.hpp"
#include "../schema/point_schema.hpp"
#include "../schema/words.hpp"
#include "../text/number.hpp"
#include "axis.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t most_theories = 100, most_times = 100000;

void read_count(const Node* node, const std::string& path, double low, int& out, Report& report) {
  if (!node) return;
  if (const auto value = whole(*node, report, path, low)) out = static_cast<int>(*value);
}

void read_until(const Node& node, Until& until, Report& report) {
  if (!node.is_mapping()) {
    report.error("FS0201", node.place, "ensemble.until", fmt::format("found {}; `until` is a mapping", describe(node)),
                 "{observable: error_test, relative_error: 0.02}");
    return;
  }
  for (const auto& entry : node.entries)
    if (std::ranges::find(until_keys, entry.key) == until_keys.end())
      unknown_key(report, entry.key, entry.place, "ensemble.until", until_keys);
  if (const Node* name = node.get("observable")) {
    const auto found = find_observable(name->text);
    std::vector<std::string_view> names;
    for (const auto& o : all_observables()) names.push_back(o.name);
    if (!found)
      report.error("FS0301", name->place, "ensemble.until.observable",
                   fmt::format("unknown observable '{}'", name->text), suggestion(name->text, names, "observables"));
    else if (info(*found).source != Source::network || info(*found).form != Form::scalar)
      report.error("FS0306", name->place, "ensemble.until.observable",
                   fmt::format("'{}' is no number of a single network", name->text), "for example: error_test");
    until.observable = name->text;
  }
  if (const Node* error = node.get("relative_error"))
    if (const auto value = constant(*error, report, "ensemble.until.relative_error")) {
      if (!(*value > 0 && *value < 1))
        report.error("FS0202", error->place, "ensemble.until.relative_error",
                     fmt::format("found {}; it lies between 0 and 1", error->text));
      until.relative_error = *value;
    }
  read_count(node.get("batch"), "ensemble.until.batch", 2, until.batch, report);
  read_count(node.get("max"), "ensemble.until.max", 2, until.max, report);
}

void read_ensemble_node(const Node& node, Ensemble& out, Report& report) {
  if (!node.is_mapping()) {
    report.error("FS0201", node.place, "ensemble", fmt::format("found {}; `ensemble` is a mapping", describe(node)),
                 "{data_draws: 20, initialisations: 4}");
    return;
  }
  for (const auto& entry : node.entries)
    if (std::ranges::find(ensemble_keys, entry.key) == ensemble_keys.end())
      unknown_key(report, entry.key, entry.place, "ensemble", ensemble_keys);
  read_count(node.get("data_draws"), "ensemble.data_draws", 1, out.data_draws, report);
  read_count(node.get("initialisations"), "ensemble.initialisations", 1, out.initialisations, report);
  read_count(node.get("chains"), "ensemble.chains", 1, out.initialisations, report);
  read_count(node.get("theory_draws"), "ensemble.theory_draws", 0, out.theory_draws, report);
  if (const Entry* chains = node.find("chains"); chains && node.get("initialisations"))
    report.error("FS0306", chains->place, "ensemble.chains",
                 "`chains` and `initialisations` are two words for the same number", "keep one of them");
  if (const Node* until = node.get("until")) {
    if (!out.until) out.until = Until{};
    read_until(*until, *out.until, report);
  }
  for (const char* key : {"batch", "max"})
    if (const Entry* entry = node.find(key)) {
      if (out.until)
        read_count(&entry->value, fmt::format("ensemble.{}", key), 2,
                   std::string_view(key) == "max" ? out.until->max : out.until->batch, report);
      else
        report.error("FS0306", entry->place, fmt::format("ensemble.{}", key),
                     fmt::format("`{}` means nothing without `until`", key),
                     "add until: {observable: error_test, relative_error: 0.02}");
    }
}

bool is_kind(std::string_view word) {
  return std::ranges::find(theory_schema().kinds, word, &KindInfo::kind) != theory_schema().kinds.end();
}

/// The name of a theory: `name`, else its kind.
std::string name_of(const Node& item) {
  if (item.is_scalar()) return item.text;
  if (const Node* name = item.get("name"); name && name->is_scalar()) return name->text;
  if (const Node* kind = item.get("kind"); kind && kind->is_scalar()) return kind->text;
  return item.entries.empty() ? "" : item.entries.front().key;
}

/// `role`, and the ridge of a reference: a theory at another ridge than the trainer's describes other networks.
void read_role(const Node& item, TheoryUse& use, Report& report) {
  const Node *role = item.get("role"), *ridge = item.get("ridge");
  if (role) {
    const auto word = role->is_scalar() ? from_word<Role>(role->text) : std::nullopt;
    if (!word)
      report.error("FS0107", role->place, "theory.role",
                   fmt::format("found {}; `role` is description or reference", describe(*role)),
                   role->is_scalar() ? suggestion(role->text, words(Role{})) : "role: reference");
    use.role = word.value_or(Role::description);
  }
  if (!ridge) return;
  const auto value = constant(*ridge, report, "theory.ridge");
  if (value && !(*value >= 0))
    report.error("FS0202", ridge->place, "theory.ridge", fmt::format("found {}; a ridge is at least 0", ridge->text));
  if (role && use.role == Role::description)
    report.error("FS0306", ridge->place, "theory.ridge", "a theory that describes the networks has their ridge",
                 "role: reference, or leave `ridge` out");
  use.role = Role::reference;
  use.ridge = value;
}

/// A function, a constant or a time: a theory of that name could not be told from it.
bool is_word_of_expressions(std::string_view name) {
  constexpr std::array<std::string_view, 10> words{"pi",   "true", "false",     "start",          "end",
                                                   "best", "all",  "deviation", "error_ensemble", "rms"};
  return std::ranges::find(words, name) != words.end() || std::ranges::find(functions(), name) != functions().end();
}

/// What results, columns and dimensions are called: a theory of that name could not be told from them. The predictor of
/// `error_mean` would be error_mean_predictor, which networks have: files call numbers theory_observable.
bool is_word_of_results(std::string_view name) {
  constexpr std::array<std::string_view, 33> words{
      "measured", "nan",     "inf",     "infinity",  "null",           "none",      "data",   "scan",       "test",
      "tests",    "figures", "define",  "theory",    "theories",       "block",     "point",  "step",       "steps",
      "epochs",   "compute", "draw",    "data_draw", "initialisation", "chain",     "source", "observable", "members",
      "asked",    "flag",    "outcome", "value",     "standard_error", "error_mean"};
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(words, lower) != words.end();
}

/// error_mean_predictor of `yard` and predictor of `yard_error_mean` would be one name in files.
bool clash(std::string_view one, std::string_view other) {
  constexpr std::string_view between = "_error_mean";
  if (one.size() > other.size()) std::swap(one, other);
  return other.size() == one.size() + between.size() && other.starts_with(one) && other.ends_with(between);
}

void check_name(const std::string& name, Place place, const std::vector<TheoryUse>& others, Report& report) {
  if (std::ranges::find(others, name, &TheoryUse::name) != others.end())
    report.error("FS0302", place, "theory", fmt::format("two theories are called '{}'", name),
                 "give one of them a `name`");
  else if (const auto same = std::ranges::find_if(others, [&](const TheoryUse& use) { return clash(use.name, name); });
           same != others.end())
    report.error("FS0302", place, "theory",
                 fmt::format("'{}' beside '{}': exports could not tell their numbers apart, which are called "
                             "theory_observable",
                             name, same->name),
                 "give one of them another `name`");
  else if (!is_identifier(name) || find_observable(name) || is_dimension(name) || is_word_of_expressions(name) ||
           is_word_of_results(name))
    report.error(
        "FS0302", place, "theory", fmt::format("'{}' can not be the name of a theory", name),
        fmt::format(
            "a word of letters, digits and '_', at most {}, that is no observable, dimension, function or time, and no word of results and their columns",
            longest_name));
}

}  // namespace

Ensemble read_ensemble(const std::vector<const Node*>& nodes, Report& report) {
  Ensemble ensemble;
  for (const Node* node : nodes)
    if (node) read_ensemble_node(*node, ensemble, report);
  return ensemble;
}

std::vector<TheoryUse> read_theories(const Node& node, Report& report, std::set<std::string>& unbuilt,
                                     std::map<std::string, Place>& places) {
  constexpr std::array<std::string_view, 3> also{"name", "role", "ridge"};
  std::vector<TheoryUse> uses;
  const std::vector<Node> items = node.is_sequence() ? node.items : std::vector<Node>{node};
  if (items.size() > most_theories) {
    report.error("FS0221", node.place, "theory", fmt::format("{} theories", items.size()),
                 fmt::format("at most {}", most_theories));
    return uses;
  }
  for (const auto& item : items) {
    Report own;  // what is wrong here may have been told of another block already
    const std::string name = name_of(item);
    const Node* kind = item.is_scalar() ? &item : item.get("kind");
    if (kind && find_not_built("theory", kind->text)) unbuilt.insert(name);
    std::vector<Deferred> deferred;
    TheoryUse use{.name = name, .theory = {}};
    Decoder(own, deferred).choice(item, theory_schema(), &use.theory, "theory", also);
    for (const auto& d : deferred)
      own.error("FS0412", d.place, "theory",
                fmt::format("'{}' depends on the point; the fields of a theory are numbers", d.expression.text()),
                "list the theory once per value, each with a `name`");
    if (const auto problem = first_problem(theory_schema(), &use.theory, "theory"))
      own.error("FS0113", item.place, "theory", problem->text);
    read_role(item, use, own);
    report.take(own);
    if (own.error_count() > 0) {
      if (kind && is_kind(kind->text)) unbuilt.insert(name);
      continue;
    }
    check_name(name, item.place, uses, report);
    places.emplace("theory." + name, item.place);
    uses.push_back(std::move(use));
  }
  return uses;
}

training::TimeGrid read_times(const Node& node, Report& report) {
  training::TimeGrid grid;
  const Node* values = &node;
  if (node.is_mapping() && node.entries.size() == 1)
    if (const auto unit = from_word<training::TimeUnit>(node.entries.front().key)) {
      grid.unit = *unit;
      values = &node.entries.front().value;
    }
  auto numbers = read_numbers(*values, report, "times");
  if (!numbers) return grid;
  // Steps and epochs of a spacing are rounded as those of an axis are.
  if (values->is_mapping() && grid.unit != training::TimeUnit::time)
    for (double& value : *numbers) value = round_half_up(value);
  if (numbers->size() > most_times) {
    report.error("FS0221", values->place, "times", fmt::format("a grid of {} times", numbers->size()),
                 fmt::format("at most {}", most_times));
    return grid;
  }
  for (std::size_t k = 0; k < numbers->size(); ++k) {
    const bool rising = k == 0 || (*numbers)[k] > (*numbers)[k - 1];
    if (!((*numbers)[k] >= 0) || !rising || (grid.unit != training::TimeUnit::time && !is_whole((*numbers)[k]))) {
      report.error(
          "FS0304", values->is_sequence() ? values->items[k].place : values->place, "times",
          fmt::format("{} in a grid of {}", shortest((*numbers)[k]), word(grid.unit)),
          "times are at least 0 and rise; steps and epochs are whole numbers, those of a spacing rounded: fewer of them where "
          "two fall together");
      break;
    }
    grid.values.push_back((*numbers)[k]);
  }
  return grid;
}

training::TimeGrid merge(const training::TimeGrid& a, const training::TimeGrid& b, Place place, Report& report) {
  if (b.values.empty()) return a;
  if (a.values.empty()) return b;
  if (a.unit != b.unit) {
    report.error("FS0304", place, "times", fmt::format("one grid in {} and one in {}", word(a.unit), word(b.unit)),
                 "all times of a scan have one unit: time, steps or epochs");
    return a;
  }
  training::TimeGrid grid{.unit = a.unit, .values = a.values};
  grid.values.insert(grid.values.end(), b.values.begin(), b.values.end());
  std::ranges::sort(grid.values);
  grid.values.erase(std::unique(grid.values.begin(), grid.values.end()), grid.values.end());
  return grid;
}

}  // namespace fieldscan::scan
