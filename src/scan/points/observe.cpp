#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "../expression/constant.hpp"
#include "../schema/words.hpp"
#include "../text/number.hpp"
#include "axis.hpp"
#include "fieldscan/core/text.hpp"
#include "sections.hpp"

namespace fieldscan::scan {
namespace {

std::optional<Observable> observable_of(const Node& word, Report& report) {
  const auto found = find_observable(word.text);
  if (!found) {
    std::vector<std::string_view> names;
    for (const auto& o : all_observables()) names.push_back(o.name);
    report.error("FS0301", word.place, "observe", fmt::format("unknown observable '{}'", word.text),
                 suggestion(word.text, names, "observables"));
    return std::nullopt;
  }
  if (info(*found).source == Source::theory) {
    report.error("FS0303", word.place, "observe",
                 fmt::format("'{}' is only predicted, by theories; networks do not have it", word.text),
                 "remove it: theories give all they have");
    return std::nullopt;
  }
  return found;
}

/// `on`: train, test, or a number, alone or as {test: 64}: so many points of the test set.
void read_on(const Node& given, training::View& view, Report& report) {
  const auto& about = info(view.observable);
  const Node* inner = given.is_mapping() && given.entries.size() == 1 ? given.get("test") : nullptr;
  const Node& node = inner && parse_number(inner->text) ? *inner : given;
  const bool number = node.is_plain() && parse_number(node.text);
  const auto set = number ? training::PointSet::test : from_word<training::PointSet>(node.text);
  if (!node.is_scalar() || !set) {
    report.error("FS0303", node.place, "observe.on",
                 fmt::format("found {}; `on` is train, test or a number of test points, {{test: 64}}", describe(node)));
    return;
  }
  if (!training::has_points(view.observable)) {
    const std::string_view own = about.name.ends_with("_train") ? "train" : "test";
    if (number || node.text != own)
      report.error("FS0303", node.place, "observe.on",
                   fmt::format("'{}' is not measured on points that can be chosen", about.name), "leave `on` out");
    return;
  }
  view.on = *set;
  if (number)
    if (const auto count = whole(node, report, "observe.on", 1)) view.points = static_cast<Index>(*count);
}

/// Which kernels an entry is about: one, or both.
enum class Kernels { one, both };

/// `of`: which kernel, or [ntk, nngp]: the second is then observed under a name of its own.
Kernels read_of(const Node& node, training::View& view, Report& report) {
  const bool both = node.is_sequence() && node.items.size() == 2 && training::has_kernel(view.observable) &&
                    std::ranges::all_of(node.items, [](const Node& one) {
                      return one.is_scalar() && from_word<training::EmpiricalKernel>(one.text);
                    });
  if (both && node.items[0].text != node.items[1].text && training::beside_nngp(view.observable)) {
    view.kernel = training::EmpiricalKernel::ntk;
    return Kernels::both;
  }
  const auto kernel = node.is_scalar() ? from_word<training::EmpiricalKernel>(node.text) : std::nullopt;
  if (!training::has_kernel(view.observable))
    report.error("FS0303", node.place, "observe.of",
                 fmt::format("'{}' is no number of a kernel that can be chosen", info(view.observable).name),
                 "leave `of` out");
  else if (!kernel)
    report.error("FS0303", node.place, "observe.of",
                 fmt::format("found {}; `of` is the kernel, ntk or nngp, or both: [ntk, nngp]", describe(node)));
  else
    view.kernel = *kernel;
  return Kernels::one;
}

void read_at(const Node& node, training::View& view, training::ObservePlan& out, Report& report) {
  const Observable observable = view.observable;
  constexpr std::array<std::string_view, 4> words{"start", "end", "best", "all"};
  if (node.is_sequence() && !node.items.empty()) {
    training::View all = view;
    for (const Node& one : node.items) {
      training::View here = view;
      read_at(one, here, out, report);
      if (here.moments == training::Moments::all) all.moments = here.moments;
    }
    view = all;
    return;
  }
  if (node.is_mapping()) {
    out.times = merge(out.times, read_times(node, report), node.place, report);
    if (training::has_moments(observable))
      view.moments = training::Moments::all;
    else if (info(observable).form == Form::array)
      out.predictor_on_grid = true;
    return;
  }
  if (!node.is_scalar() || std::ranges::find(words, node.text) == words.end()) {
    report.error(
        "FS0303", node.place, "observe.at",
        fmt::format(
            "found {}; `at` is start, end, best, all, a list of these, or {{steps: […]}}, {{epochs: […]}}, {{time: […]}}",
            describe(node)),
        node.is_scalar() ? suggestion(node.text, words) : "");
    return;
  }
  if (training::has_moments(observable)) {
    view.moments = node.text == "end" ? training::Moments::end : training::Moments::all;
    return;
  }
  const bool array = info(observable).form == Form::array || info(observable).source == Source::ensemble;
  if (array && node.text != "end") out.predictor_on_grid = true;
}

void read_bins(const Entry& entry, Bins& bins, Report& report) {
  if (entry.key == "bins") {
    if (const auto count = whole(entry.value, report, "observe.bins", 1, 1e5)) bins.count = static_cast<int>(*count);
    return;
  }
  const auto& ends = entry.value.items;
  const auto low = ends.size() == 2 ? parse_number(ends[0].text) : std::nullopt;
  const auto high = ends.size() == 2 ? parse_number(ends[1].text) : std::nullopt;
  if (!low || !high || !(*low < *high))
    report.error("FS0303", entry.value.place, "observe.range",
                 fmt::format("found {}; `range` is two numbers, the smaller first", describe(entry.value)),
                 "range: [-2, 2]");
  else
    bins = {.count = bins.count, .low = *low, .high = *high};
}

/// `beyond`: from which |m| on a unit counts to the droplets.
void read_beyond(const Node& node, std::optional<double>& beyond, Report& report) {
  const auto value = node.is_scalar() ? parse_number(node.text) : std::nullopt;
  if (!value || !(*value > 0))
    report.error(
        "FS0303", node.place, "observe.beyond",
        fmt::format("found {}; `beyond` is a positive number, the |m| from which on a unit counts", describe(node)),
        "beyond: 0.5");
  else if (beyond && *beyond != *value)
    report.error("FS0303", node.place, "observe.beyond", "'droplet_fraction' stands twice, with different `beyond`",
                 "keep one, or use two blocks of the scan");
  else
    beyond = *value;
}

constexpr const char* members_help = "observe: [{kind: error_ensemble, members: [1, 3, 10]}]";

/// `members`: of how many networks the means are, whose error is formed.
void read_members(const Node& node, std::vector<double>& members, Report& report) {
  const auto values =
      node.is_scalar() ? std::optional<std::vector<double>>() : read_numbers(node, report, "observe.members");
  if (node.is_sequence() && !values) return;  // told
  const bool counts = values && !values->empty() &&
                      std::ranges::all_of(*values, [](double m) { return m >= 1 && m <= 1e9 && is_whole(m); });
  if (!counts) {
    report.error("FS0303", node.place, "observe.members",
                 fmt::format("found {}; `members` are numbers of networks, at least 1", describe(node)), members_help);
    return;
  }
  members.insert(members.end(), values->begin(), values->end());
  std::ranges::sort(members);
  members.erase(std::unique(members.begin(), members.end()), members.end());
}

/// `replicas`: so many, counted draw by draw, or {data_draws: 5, initialisations: 4}: so many of either level.
void read_replicas(const Node& node, Observable observable, training::ObservePlan& out, Report& report) {
  training::Limit limit{.observable = observable};
  if (!node.is_mapping()) {
    const auto count = whole(node, report, "observe.replicas", 1);
    if (!count) return;
    limit.replicas = static_cast<std::int64_t>(*count);
    out.limits.push_back(limit);
    return;
  }
  constexpr std::array<std::string_view, 3> keys{"data_draws", "initialisations", "chains"};
  for (const Entry& entry : node.entries)
    if (std::ranges::find(keys, entry.key) == keys.end())
      unknown_key(report, entry.key, entry.place, "observe.replicas", keys);
  const auto level = [&](std::string_view key, std::string_view other) -> std::int64_t {
    const Node* given = node.get(key) ? node.get(key) : other.empty() ? nullptr : node.get(other);
    if (!given) return std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(whole(*given, report, fmt::format("observe.replicas.{}", key), 1).value_or(1));
  };
  limit.draws = level("data_draws", "");
  limit.initialisations = level("initialisations", "chains");
  out.limits.push_back(limit);
}

/// Keeps a view; rows have no room for two of one observable.
void add_view(const training::View& view, Place place, training::ObservePlan& out, Report& report) {
  const auto same = std::ranges::find(out.views, view.observable, &training::View::observable);
  if (same != out.views.end() && *same != view)
    report.error("FS0303", place, "observe",
                 fmt::format("'{}' stands twice, with different `on`, `of` or `at`", info(view.observable).name),
                 "keep one, or use two blocks of the scan");
  else if (same == out.views.end() && (training::has_points(view.observable) || training::has_moments(view.observable)))
    out.views.push_back(view);
}

/// A key that this observable does not have: one of another observable, or of none.
void foreign_key(Observable observable, const Entry& entry, Report& report) {
  const bool known = std::ranges::find(observe_keys, entry.key) != observe_keys.end();
  if (!known) return unknown_key(report, entry.key, entry.place, "observe", observe_keys);
  const std::string_view owner = entry.key == "beyond"    ? "droplet_fraction"
                                 : entry.key == "members" ? "error_ensemble"
                                                          : "overlap_histogram";
  report.error("FS0303", entry.place, "observe." + entry.key,
               fmt::format("`{}` belongs to '{}', not to '{}'", entry.key, owner, info(observable).name),
               fmt::format("leave `{}` out", entry.key));
}

void need_beyond(Observable observable, const Node& item, Report& report) {
  if (observable == Observable::error_ensemble && !item.get("members"))
    report.error("FS0310", item.place, "observe",
                 "'error_ensemble' is the error of the mean of m networks, and `members`, the m, are missing",
                 fmt::format("{}; in statements also error_ensemble(20)", members_help));
  if (observable == Observable::droplet_fraction && !item.get("beyond"))
    report.error("FS0310", item.place, "observe",
                 "'droplet_fraction' is the share of units with |m| beyond a threshold, and `beyond` is missing",
                 droplet_help);
}

void read_entry(const Node& item, training::ObservePlan& out, Report& report) {
  if (item.is_scalar()) {
    const auto observable = observable_of(item, report);
    if (!observable) return;
    out.observables.push_back(*observable);
    need_beyond(*observable, item, report);
    return;
  }
  const Node* kind = item.get("kind");
  if (!kind || !kind->is_scalar()) {
    report.error(
        "FS0106", item.place, "observe",
        fmt::format("found {}; an entry of `observe` is an observable, or a mapping with `kind`", describe(item)),
        "{kind: predictor, at: all}");
    return;
  }
  const auto observable = observable_of(*kind, report);
  if (!observable) return;
  out.observables.push_back(*observable);
  need_beyond(*observable, item, report);
  // The variance of the kernel is that of stored kernels: where and when these are formed is said with it.
  const bool of_ntk = *observable == Observable::ntk_variance;
  training::View view = training::default_view(of_ntk ? Observable::ntk_empirical : *observable);
  Kernels kernels = Kernels::one;
  for (const auto& entry : item.entries) {
    if (entry.key == "kind") continue;
    if (entry.key == "on")
      read_on(entry.value, view, report);
    else if (entry.key == "of")
      kernels = read_of(entry.value, view, report);
    else if (entry.key == "at")
      read_at(entry.value, view, out, report);
    else if (entry.key == "replicas" && info(*observable).source == Source::ensemble && !of_ntk) {
      report.error("FS0303", entry.place, "observe.replicas",
                   fmt::format("'{}' is formed from several networks: `replicas` limits what is kept of one",
                               info(*observable).name),
                   "{kind: predictor, replicas: 20}");
    } else if (entry.key == "replicas") {
      read_replicas(entry.value, view.observable, out, report);
    } else if (*observable == Observable::error_ensemble && entry.key == "members") {
      read_members(entry.value, out.members, report);
    } else if (*observable == Observable::overlap_histogram && (entry.key == "bins" || entry.key == "range")) {
      read_bins(entry, out.overlap_bins, report);
    } else if (*observable == Observable::droplet_fraction && entry.key == "beyond") {
      read_beyond(entry.value, out.droplet_beyond, report);
    } else {
      foreign_key(*observable, entry, report);
    }
  }
  add_view(view, item.place, out, report);
  if (kernels == Kernels::one) return;
  view.observable = *training::beside_nngp(view.observable);
  out.observables.push_back(view.observable);
  add_view(view, item.place, out, report);
}

}  // namespace

void read_observe(const Node& node, training::ObservePlan& plan, Report& report, std::map<std::string, Place>& places) {
  const std::vector<Node> items = node.is_sequence() ? node.items : std::vector<Node>{node};
  for (const auto& item : items) {
    read_entry(item, plan, report);
    const Node* kind = item.is_scalar() ? &item : item.get("kind");
    if (kind && kind->is_scalar()) places.emplace("observe." + kind->text, item.place);
  }
}

}  // namespace fieldscan::scan
