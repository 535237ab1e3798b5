#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "../points/block.hpp"
#include "../points/check_point.hpp"
#include "../points/sections.hpp"
#include "../points/variant.hpp"
#include "../schema/point_schema.hpp"
#include "../statement/statements.hpp"
#include "../text/parse_yaml.hpp"
#include "check_points.hpp"
#include "fieldscan/core/text.hpp"
#include "top.hpp"

namespace fieldscan::scan {
namespace {

/// The sections of a block that may also stand for the whole scan.
void read_sections(const Node* node, const Node& root, Block& block, Reading& reading) {
  Report& report = reading.report;
  const auto own = [&](const char* key) { return node && node->get(key) ? node->get(key) : root.get(key); };
  for (const char* section : {"ensemble", "theory", "times", "observe"})
    if (const Node* given = own(section)) block.places[section] = given->place;
  block.ensemble = read_ensemble({root.get("ensemble"), node ? node->get("ensemble") : nullptr}, report);
  if (const Node* ensemble = own("ensemble"))
    if (const Node* until = ensemble->get("until")) block.places["ensemble.until"] = until->place;
  if (const Node* theory = own("theory"))
    block.theories = read_theories(*theory, report, reading.unbuilt_theories, block.places);
  if (const Node* times = own("times")) block.asked.times = read_times(*times, report);
  if (const Node* observe = own("observe"))
    read_observe(*observe, block.asked, report, block.places);
  else
    block.asked.observables = {Observable::error_train, Observable::error_test};
}

/// What stands at the end of a path.
std::string last_of(const std::string& path) { return path.substr(path.rfind('.') + 1); }

/// The first value of every field that has the name of a clock.
using ClockFields = std::map<std::string, AxisValue>;

/// Fields steps and epochs in which points differ keep their names: else these are the time in other units.
void keep_names_of_fields(const Variant& variant, ClockFields& first, Symbols& symbols) {
  for (const auto& name : variant.names) {
    const std::string last = last_of(name.path);
    if (!is_time(last)) continue;
    const auto [known, is_new] = first.emplace(last, name.value);
    if (!is_new && known->second != name.value) symbols.axes.insert(last);
  }
  for (const Assignment& assignment : variant.program) symbols.axes.insert(last_of(assignment.what.path));
}

void add_symbols(const Block& block, ClockFields& clocks, Symbols& symbols) {
  for (const auto& variant : block.variants) keep_names_of_fields(variant, clocks, symbols);
  for (const auto& axis : block.axes) {
    symbols.paths.insert(axis.path);
    symbols.axes.insert(last_of(axis.path));
  }
  for (const auto& [name, place] : block.variables) symbols.paths.insert(name);
  for (const auto& variant : block.variants)
    for (const auto& name : variant.names) symbols.paths.insert(name.path);
  for (const auto& variant : block.variants) symbols.flags.insert(variant.flags.begin(), variant.flags.end());
  symbols.members = symbols.members || !block.asked.members.empty();
  for (const auto& use : block.theories) symbols.theories[use.name].push_back(use.theory);
}

/// Fields and axes whose every value is a word.
std::set<std::string> words_of(const std::vector<Block>& blocks) {
  std::set<std::string> words, numbers;
  const auto add = [&](const std::string& path, const AxisValue& value) {
    (std::holds_alternative<std::string>(value) ? words : numbers).insert(path);
  };
  for (const Block& block : blocks) {
    std::set<std::string> of_axes;
    for (const auto& axis : block.axes)
      for (const auto& entry : axis.entries) add(axis.path, entry.value), of_axes.insert(axis.path);
    for (const auto& variant : block.variants)
      for (const auto& name : variant.names)
        if (!of_axes.contains(name.path)) add(name.path, name.value);
  }
  std::erase_if(words, [&](const std::string& path) { return numbers.contains(path); });
  return words;
}

/// A word that is a theory and a field of the points at once would be the one here, and the other there.
void check_theory_names(const std::vector<Block>& blocks, const Symbols& symbols, Report& report) {
  for (const Block& block : blocks)
    for (const TheoryUse& use : block.theories)
      if (symbols.paths.contains(use.name) || symbols.short_names.contains(use.name))
        report.error("FS0302", place_of(block, "theory." + use.name), "theory",
                     fmt::format("'{}' is also the name of a field or variable of the points", use.name),
                     "give the theory, or the variable, another name");
}

/// The paths of all fields that points may have, whichever kinds they hold.
void add_possible_paths(const std::vector<FieldInfo>& fields, const std::string& above, Symbols& symbols) {
  for (const FieldInfo& field : fields) {
    const std::string path = above.empty() ? std::string(field.name) : fmt::format("{}.{}", above, field.name);
    symbols.paths.insert(path);
    add_possible_paths(field.schema.fields, path, symbols);
    for (const KindInfo& kind : field.schema.kinds) add_possible_paths(kind.fields, path, symbols);
  }
}

/// Where points could not be made it is not known which of all possible fields they have, and so which names are
/// ambiguous, words or flags; all else is said of statements.
void read_statements_alone(const Node& root, const Symbols& symbols, std::set<std::string> used, Report& report) {
  constexpr std::array<std::string_view, 4> of_names{"FS0404", "FS0408", "FS0413", "FS0512"};
  Report own;
  read_statements(root, symbols, own, used);
  for (const Diagnostic& d : own.sorted())
    if (d.severity == Severity::error && std::ranges::find(of_names, d.code) == of_names.end())
      report.error(d.code.c_str(), d.place, d.path, d.message, d.help);
}

/// The names of expressions in sections from which no points could be made.
void refuse_unknown_names(const std::vector<Deferred>& expressions, const Symbols& symbols, Report& report) {
  std::vector<std::string_view> candidates;
  for (const auto& [name, paths] : symbols.short_names) candidates.push_back(name);
  for (const Deferred& deferred : expressions)
    for (const Atom& atom : deferred.expression.atoms()) {
      if (symbols.paths.contains(atom.text) || symbols.short_names.contains(atom.text)) continue;
      Place place = deferred.place;
      if (place.line) place.column += static_cast<int>(atom.offset);
      const auto near = nearest(atom.text, candidates);
      report.error("FS0407", place, deferred.path, unknown_name(atom, deferred.field),
                   near.empty() ? "" : fmt::format("did you mean {}?", join_or(near)));
    }
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
  for (const Observable observable : all.at_all_times)
    if (training::has_moments(observable)) observe_at_all_times(observable, block.plan.views);
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
  rename_replicas(root, report);
  spell_output_scale(root, report);
  check_top(root, report);
  const std::vector<Deferred> expressions = check_sections(root, report);
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
  ClockFields clocks;
  for (const Node* node : nodes) {
    parsed->blocks.push_back(read_block(node, reading));
    read_sections(node, root, parsed->blocks.back(), reading);
    add_symbols(parsed->blocks.back(), clocks, parsed->symbols);
  }
  parsed->files = std::move(reading.files);
  Symbols& symbols = parsed->symbols;
  symbols.unbuilt_theories = reading.unbuilt_theories;
  const bool complete = std::ranges::none_of(parsed->blocks, [](const Block& b) { return b.variants.empty(); });
  if (!complete) add_possible_paths(point_schema().fields, "", symbols);
  make_short_names(symbols);
  symbols.words = words_of(parsed->blocks);
  if (!complete) refuse_unknown_names(expressions, symbols, report);
  check_theory_names(parsed->blocks, symbols, report);
  register_definitions(root, symbols, report);
  Statements statements;
  const std::set<std::string> used_by_points = reading.used;
  if (complete)
    statements = read_statements(root, symbols, report, reading.used);
  else
    read_statements_alone(root, symbols, reading.used, report);
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
