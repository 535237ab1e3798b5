#include <fmt/format.h>

#include <algorithm>

#include "../expression/constant.hpp"
#include "../points/axis.hpp"
#include "../points/block.hpp"
#include "../points/sections.hpp"
#include "../schema/decode.hpp"
#include "../schema/point_schema.hpp"
#include "../schema/words.hpp"
#include "../statement/statements.hpp"
#include "../text/number.hpp"
#include "../text/parse_yaml.hpp"
#include "check_points.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

constexpr double most_blocks = 1000;
constexpr double most_block_values = 2e7;  ///< values of the file, read again for every block

void apply_overrides(Node& root, const std::vector<std::string>& overrides, Report& report) {
  for (const auto& text : overrides) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      report.error("FS0112", {}, text, fmt::format("--set {}: no '='", text), "--set network.width=64");
      continue;
    }
    const std::string path = text.substr(0, equals);
    Node value = parse_value(text.substr(equals + 1), report, path);
    if (value.kind == Node::Kind::null)
      report.error("FS0112", {}, path, fmt::format("--set {}: no value", text), "--set network.width=64");
    else if (!put(root, path, std::move(value), {}))
      report.error("FS0112", {}, path, fmt::format("--set {}: nothing can be set there", text),
                   "paths are those of the file: network.width, ensemble.data_draws");
  }
}

void check_top(const Node& root, Report& report) {
  const auto sections = section_names();
  for (const auto& entry : root.entries)
    if (std::ranges::find(sections, entry.key) == sections.end())
      unknown_key(report, entry.key, entry.place, "", sections);
  const Node* version = root.get("fieldscan");
  if (!version)
    report.error("FS0108", root.place, "fieldscan", "the version of the scan language is missing",
                 "start with 'fieldscan: 1'");
  else if (version->text != "1")
    report.error("FS0108", version->place, "fieldscan",
                 fmt::format("found {}; this program reads version 1 of the scan language", describe(*version)),
                 "fieldscan: 1");
  const Node* data = root.get("data");
  if (!data || (data->is_mapping() && !data->get("input")))
    report.error("FS0103", data ? data->place : root.place, "data.input", "'input' is missing in data",
                 "data: {input: {kind: sphere, dim: 8}, …}");
}

/// The sections as they stand, also where an axis or a block replaces what they say. What is missing may come from
/// those.
void check_sections(const Node& root, Report& report) {
  Node sections{.kind = Node::Kind::mapping, .place = root.place};
  for (const auto& entry : root.entries)
    if (is_point_section(entry.key)) sections.entries.push_back(entry);
  Report own;
  std::vector<Deferred> deferred;
  PointSpec spec;
  Decoder(own, deferred).structure(sections, point_schema().fields, &spec, "");
  for (const auto& d : own.sorted())
    if (d.code != "FS0103") report.error(d.code.c_str(), d.place, d.path, d.message, d.help);
}

std::string read_name(const Node& root, const std::string& file, Report& report) {
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
  };
  const Node* name = root.get("name");
  if (!name) {
    std::string stem = file.substr(std::min(file.size(), file.find_first_not_of('.', file.rfind('/') + 1)));
    stem = stem.substr(0, stem.rfind('.'));
    if (stem.size() > longest_name)
      report.error("FS0109", {1, 1}, "name",
                   fmt::format("the file's name, of {} letters, is too long for a folder", stem.size()),
                   "name: width-corrections");
    return stem.empty() || !std::ranges::all_of(stem, fits) ? "scan" : stem;
  }
  if (!name->is_scalar() || name->text.empty() || name->text[0] == '.' || name->text.size() > longest_name ||
      !std::ranges::all_of(name->text, fits))
    report.error("FS0109", name->place, "name",
                 fmt::format("found {}; a name becomes a folder: letters, digits, '-', '_' and '.', at most {}",
                             describe(*name), longest_name),
                 "name: width-corrections");
  return name->text;
}

/// The seed of the file, of what is random beside the points; what is wrong with it is said where the points are read.
std::int64_t seed_of(const Node& root) {
  const Node* seed = root.get("seed");
  Report ignored;
  const auto number = seed ? constant(*seed, ignored, "seed") : std::nullopt;
  return number && *number >= 0 && *number <= 9e15 ? static_cast<std::int64_t>(*number) : 1;
}

std::vector<const Node*> block_nodes(const Node& root, Report& report) {
  const Node* scan = root.get("scan");
  if (!scan) return {nullptr};
  if (scan->is_mapping()) return {scan};
  std::vector<const Node*> nodes;
  if (!scan->is_sequence()) {
    report.error("FS0201", scan->place, "scan",
                 fmt::format("found {}; `scan` is a block, or a list of blocks", describe(*scan)),
                 "scan: {grid: {network.width: [64, 128]}}");
    return {};
  }
  if (scan->items.empty())
    report.error("FS0212", scan->place, "scan", "`scan` is a list without blocks",
                 "remove it: without `scan` there is one point");
  const double values = static_cast<double>(count_nodes(root)), blocks = static_cast<double>(scan->items.size());
  if (blocks > most_blocks || blocks * values > most_block_values) {
    report.error("FS0221", scan->place, "scan", fmt::format("{} blocks in a file of {} values", blocks, values),
                 fmt::format("at most {}, and fewer in a large file: several values of an axis stand in one block",
                             most_blocks));
    return {};
  }
  for (const auto& item : scan->items)
    if (item.is_mapping())
      nodes.push_back(&item);
    else
      report.error("FS0201", item.place, "scan", fmt::format("found {}; a block is a mapping", describe(item)),
                   "- grid: {network.width: [64, 128]}");
  return nodes;
}

/// The sections of a block that may also stand for the whole scan.
void read_sections(const Node* node, const Node& root, Block& block, Reading& reading) {
  Report& report = reading.report;
  const auto own = [&](const char* key) { return node && node->get(key) ? node->get(key) : root.get(key); };
  block.ensemble = read_ensemble({root.get("ensemble"), node ? node->get("ensemble") : nullptr}, report);
  if (const Node* theory = own("theory")) block.theories = read_theories(*theory, report, reading.unbuilt_theories);
  if (const Node* times = own("times")) block.asked.times = read_times(*times, report);
  if (const Node* observe = own("observe"))
    read_observe(*observe, block.asked, report);
  else
    block.asked.observables = {Observable::error_train, Observable::error_test};
}

void add_symbols(const Block& block, Symbols& symbols) {
  for (const auto& axis : block.axes) symbols.paths.insert(axis.path);
  for (const auto& [name, place] : block.variables) symbols.paths.insert(name);
  for (const auto& variant : block.variants)
    for (const auto& name : variant.names) symbols.paths.insert(name.path);
  for (const auto& use : block.theories) symbols.theories[use.name].push_back(use.theory);
}

void make_short_names(Symbols& symbols) {
  for (const auto& path : symbols.paths)
    if (const auto dot = path.rfind('.'); dot != std::string::npos)
      symbols.short_names[path.substr(dot + 1)].insert(path);
}

bool has_sampler(const Block& block) {
  return std::ranges::any_of(block.variants, [](const Variant& v) { return training::is_sampler(v.spec.training); });
}

void observe_at_all_times(Observable observable, std::vector<training::View>& views) {
  auto view = std::ranges::find(views, observable, &training::View::observable);
  if (view == views.end()) view = views.insert(view, training::default_view(observable));
  view->moments = training::Moments::all;
}

/// What each block records: what is listed, what the statements and the stopping rule need, and the diagnosis of
/// chains.
void make_plan(Block& block, const Needs& needs) {
  Needs all = needs;
  for (const Observable observable : block.asked.observables) need(observable, all);
  if (block.ensemble.until)
    if (const auto observable = find_observable(block.ensemble.until->observable)) need(*observable, all);
  if (has_sampler(block)) all.observables.insert({Observable::rhat, Observable::ess, Observable::acceptance});
  block.plan = block.asked;
  block.plan.observables.assign(all.observables.begin(), all.observables.end());
  block.plan.predictor_on_grid = block.plan.predictor_on_grid || all.predictor_on_grid;
  if (all.ntk_on_grid) observe_at_all_times(Observable::ntk_empirical, block.plan.views);
}

BlockInfo info_of(const Block& block, const Node* node, std::size_t number, const Symbols& symbols) {
  BlockInfo about;
  const Node* name = node ? node->get("name") : nullptr;
  about.name = name && name->is_scalar() ? name->text : fmt::format("block {}", number + 1);
  about.combinations = combinations(block);
  for (const auto& axis : block.axes) {
    AxisInfo one{.path = axis.path, .short_name = axis.path};
    const std::string last = axis.path.substr(axis.path.rfind('.') + 1);
    const auto same = symbols.short_names.find(last);
    if (same != symbols.short_names.end() && same->second.size() == 1 && !is_dimension(last) &&
        !symbols.paths.contains(last))
      one.short_name = last;
    for (const auto& entry : axis.entries) one.values.push_back(entry.value);
    one.zipped = std::ranges::count(block.axes, axis.dimension, &Axis::dimension) > 1;
    about.axes.push_back(std::move(one));
  }
  return about;
}

void check_unused_variables(const std::vector<Block>& blocks, const std::set<std::string>& used, Report& report) {
  for (const auto& block : blocks)
    for (const auto& [name, place] : block.variables)
      if (!used.contains(name))
        report.error("FS0605", place, "let", fmt::format("the variable '{}' is used nowhere", name),
                     "use it in an expression, or remove it");
}

}  // namespace

ReadResult read_scan(const std::string& text, const std::string& file, const std::vector<std::string>& overrides,
                     const data::DataFiles& known) {
  Report report;
  Node root = parse_yaml(text, report);
  if (!root.is_mapping()) return {std::nullopt, report.sorted()};
  apply_overrides(root, overrides, report);
  check_top(root, report);
  check_sections(root, report);
  auto parsed = std::make_shared<Scan::Parsed>();
  parsed->text = text;
  parsed->overrides = overrides;
  parsed->name = read_name(root, file, report);
  Reading reading{.root = root,
                  .report = report,
                  .used = {},
                  .folder = std::filesystem::path(file).parent_path(),
                  .known = known,
                  .unbuilt_theories = {}};
  const auto nodes = block_nodes(root, report);
  for (const Node* node : nodes) {
    parsed->blocks.push_back(read_block(node, reading));
    read_sections(node, root, parsed->blocks.back(), reading);
    add_symbols(parsed->blocks.back(), parsed->symbols);
  }
  parsed->files = std::move(reading.files);
  Symbols& symbols = parsed->symbols;
  symbols.unbuilt_theories = reading.unbuilt_theories;
  make_short_names(symbols);
  register_definitions(root, symbols, report);
  // Where points could not be made, their names are not known: complaints about names in statements would only repeat
  // that.
  const bool complete = std::ranges::none_of(parsed->blocks, [](const Block& b) { return b.variants.empty(); });
  Statements statements;
  const std::set<std::string> used_by_points = reading.used;
  if (complete) statements = read_statements(root, symbols, report, reading.used);
  if (complete) check_unused_variables(parsed->blocks, reading.used, report);
  for (auto& block : parsed->blocks) make_plan(block, statements.needs);
  for (std::size_t k = 0; k < parsed->blocks.size(); ++k)
    parsed->infos.push_back(info_of(parsed->blocks[k], nodes[k], k, symbols));
  parsed->seed = seed_of(root);
  if (complete && !nodes.empty()) check_points(*parsed, statements, used_by_points, report);
  parsed->definitions = std::move(statements.definitions);
  parsed->tests = std::move(statements.tests);
  parsed->figures = std::move(statements.figures);
  if (report.error_count()) return {std::nullopt, report.sorted()};
  return {Scan(std::move(parsed)), report.sorted()};
}

}  // namespace fieldscan::scan
