#include "words.hpp"
#include "point_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "fieldscan/core/text.hpp"
#include "schema.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array not_built_table{
    NotBuilt{"field", "network.weight_prior", "a prior of the weights other than Gaussian"},
    NotBuilt{"field", "network.outputs",
             "the number of outputs follows from the target: labels with `coding: one_hot`, teacher_network with "
             "`outputs`, modular_sum, or several targets in a list"},
    NotBuilt{"field", "observe.basis", "components other than the target's own"},
};

constexpr std::array synonym_table{
    Synonym{"lambda", "ridge"},
    Synonym{"l2", "ridge"},
    Synonym{"weight_decay", "ridge"},
    Synonym{"kappa", "ridge"},
    Synonym{"regularization", "ridge"},
    Synonym{"regularisation", "ridge"},
    Synonym{"temperature", "ridge"},
    Synonym{"lr", "learning_rate"},
    Synonym{"eta", "learning_rate"},
    Synonym{"rate", "learning_rate"},
    Synonym{"n", "width"},
    Synonym{"hidden", "width"},
    Synonym{"hidden_size", "width"},
    Synonym{"hidden_dim", "width"},
    Synonym{"neurons", "width"},
    Synonym{"units", "width"},
    Synonym{"p", "train_size"},
    Synonym{"n_samples", "train_size"},
    Synonym{"n_train", "train_size"},
    Synonym{"num_train", "train_size"},
    Synonym{"train", "train_size"},
    Synonym{"dataset_size", "train_size"},
    Synonym{"n_test", "test_size"},
    Synonym{"test", "test_size"},
    Synonym{"d", "dim"},
    Synonym{"input_dim", "dim"},
    Synonym{"dimension", "dim"},
    Synonym{"layers", "depth"},
    Synonym{"n_layers", "depth"},
    Synonym{"l", "depth"},
    Synonym{"gamma", "chi"},
    Synonym{"gamma_0", "chi"},
    Synonym{"gamma0", "chi"},
    Synonym{"nonlinearity", "activation"},
    Synonym{"phi", "activation"},
    Synonym{"sigma_w2", "weight_variance"},
    Synonym{"sigma_b2", "bias_variance"},
    Synonym{"sigma_a2", "readout_variance"},
    Synonym{"sigma_w", "weight_variance"},
    Synonym{"sigma_b", "bias_variance"},
    Synonym{"seeds", "initialisations"},
    Synonym{"repeats", "initialisations"},
    Synonym{"replicas", "initialisations"},
    Synonym{"initializations", "initialisations"},
    Synonym{"n_seeds", "initialisations"},
    Synonym{"draws", "data_draws"},
    Synonym{"batch_size", "batch"},
    Synonym{"optimizer", "training"},
    Synonym{"optimiser", "training"},
    Synonym{"trainer", "training"},
    Synonym{"train_epochs", "epochs"},
    Synonym{"model", "network"},
    Synonym{"net", "network"},
    Synonym{"architecture", "network"},
    Synonym{"dataset", "data"},
    Synonym{"theories", "theory"},
    Synonym{"observables", "observe"},
    Synonym{"measure", "observe"},
    Synonym{"sweep", "scan"},
    Synonym{"grid", "scan"},
    Synonym{"axes", "scan"},
    Synonym{"test_cases", "tests"},
    Synonym{"plots", "figures"},
    Synonym{"vars", "let"},
    Synonym{"variables", "let"},
    Synonym{"parameters", "let"},
    Synonym{"version", "fieldscan"},
    Synonym{"dtype", "precision"},
    Synonym{"type", "kind"},
    Synonym{"x", "versus"},
    Synonym{"tolerance", "within"},
    Synonym{"filter", "where"},
    Synonym{"parameterization", "parameterisation"},
    Synonym{"centered", "centred"},
};

constexpr std::array<std::string_view, 16> sections{
    "fieldscan", "name",     "seed",   "let",     "data",  "network", "ridge",  "training",
    "precision", "ensemble", "theory", "observe", "times", "scan",    "define", "tests"};
constexpr std::array<std::string_view, 17> all_sections = [] {
  std::array<std::string_view, 17> list{};
  std::copy(sections.begin(), sections.end(), list.begin());
  list.back() = "figures";
  return list;
}();

/// Every path below a schema that ends in a name, whatever kinds the choices hold.
void collect(const std::vector<FieldInfo>& fields, const std::string& prefix, std::string_view name,
             std::set<std::string>& found) {
  for (const auto& field : fields) {
    const std::string path = prefix.empty() ? std::string(field.name) : prefix + "." + std::string(field.name);
    if (field.name == name) found.insert(path);
    collect(field.schema.fields, path, name, found);
    for (const auto& kind : field.schema.kinds) collect(kind.fields, path, name, found);
  }
}

std::optional<std::string_view> synonym_of(std::string_view word, std::span<const std::string_view> candidates) {
  std::string low(word);
  std::ranges::transform(low, low.begin(), [](char c) {
    return c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  for (const auto& [foreign, ours] : synonym_table)
    if (foreign == low && std::ranges::find(candidates, ours) != candidates.end()) return ours;
  return std::nullopt;
}

/// What stands at a path of sections and fields; nullptr where nothing does.
const Schema* known_at(const std::string& path) {
  const std::vector<FieldInfo>* fields = &point_schema().fields;
  for (std::size_t from = 0;;) {
    const std::size_t dot = path.find('.', from);
    const auto found = std::ranges::find(*fields, path.substr(from, dot - from), &FieldInfo::name);
    if (found == fields->end()) return nullptr;
    if (dot == std::string::npos) return &found->schema;
    fields = &found->schema.fields;
    from = dot + 1;
  }
}

/// The kinds of the choice at a path that have a field which another kind has not.
std::optional<std::string> kinds_with(std::string_view key, const std::string& path) {
  const Schema* schema = known_at(path);
  std::vector<std::string_view> kinds;
  for (const auto& kind : schema ? schema->kinds : std::vector<KindInfo>{})
    if (std::ranges::find(kind.fields, key, &FieldInfo::name) != kind.fields.end()) kinds.push_back(kind.kind);
  if (kinds.empty()) return std::nullopt;
  return fmt::format("`{}` is a field of {}{}", key, fmt::join(kinds, ", "),
                     key == "loss" ? "; samplers and solved readouts have the square loss" : "");
}

/// The same of a field of that name, or of its plural or singular: one scale, and the `scales` of a combination.
std::optional<std::string> kinds_with_plural(std::string_view key, const std::string& path) {
  const std::string one(key.substr(0, key.size() - (key.ends_with('s') ? 1 : 0)));
  std::string text;
  for (const std::string& name : {one, one + "s"})
    if (const auto kinds = kinds_with(name, path)) text += (text.empty() ? "" : "; ") + *kinds;
  return text.empty() ? std::nullopt : std::optional(text);
}

/// Where else a key is known: a field of another kind, a section, a field of another section.
std::optional<std::string> home_of(std::string_view key, const std::string& path) {
  if (auto kinds = kinds_with_plural(key, path)) return kinds;
  const std::string section = path.substr(0, path.find('.'));
  std::set<std::string> paths;
  collect(point_schema().fields, "", key, paths);
  std::vector<std::string> nearest_first(paths.begin(), paths.end());
  std::ranges::stable_sort(nearest_first, {}, [](const std::string& p) { return std::ranges::count(p, '.'); });
  for (const auto& found : nearest_first) {
    const std::string parent = found.find('.') == std::string::npos ? "" : found.substr(0, found.rfind('.'));
    if (!parent.empty() && parent != path) return fmt::format("it belongs under `{}`: {}", parent, found);
  }
  if (std::ranges::find(all_sections, key) != all_sections.end() && !path.empty())
    return fmt::format("`{}` is a section of its own, at the left margin", key);
  if (key == "data_draws" || key == "initialisations" || key == "chains") return "it belongs under `ensemble`";
  if (key == "grid" || key == "zip" || key == "fixed" || key == "where") return "it belongs under `scan`";
  return std::nullopt;
}

}  // namespace

std::span<const NotBuilt> not_built() { return not_built_table; }
std::span<const Synonym> synonyms() { return synonym_table; }
std::span<const std::string_view> section_names() { return all_sections; }

const NotBuilt* find_not_built(std::string_view category, std::string_view word) {
  for (const auto& entry : not_built_table)
    if (entry.category == category && entry.word == word) return &entry;
  return nullptr;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates, std::string_view label) {
  const auto near = nearest(word, candidates);
  if (!near.empty() && edit_distance(word, near[0]) <= 1) return fmt::format("did you mean '{}'?", near[0]);
  if (const auto ours = synonym_of(word, candidates)) return fmt::format("it is called '{}' here", *ours);
  if (!near.empty()) return fmt::format("did you mean '{}'?", fmt::join(near, "' or '"));
  if (candidates.empty()) return "";
  if (candidates.size() <= 16) return fmt::format("{}: {}", label, fmt::join(candidates, ", "));
  return fmt::format("{}: {} … (`fieldscan explain` lists all)", label, fmt::join(candidates.subspan(0, 12), ", "));
}

void unknown_key(Report& report, std::string_view key, Place place, const std::string& path,
                 std::span<const std::string_view> allowed) {
  if (report.full()) return report.leave_out();
  const std::string full = path.empty() ? std::string(key) : path + "." + std::string(key);
  if (const NotBuilt* entry = find_not_built("field", full)) {
    report.error("FS0105", place, full,
                 fmt::format("'{}' is known ({}), but this version does not have it", full, entry->sentence),
                 "remove it");
    return;
  }
  const std::string where = path.empty() ? "at the top of the file" : fmt::format("in {}", path);
  std::string help = suggestion(key, allowed);
  const bool only_list = !help.starts_with("did you") && !help.starts_with("it is");
  if (const auto colon = key.find(':'); colon != std::string_view::npos)
    help = fmt::format("missing space after ':'? write '{}: {}'", key.substr(0, colon), key.substr(colon + 1));
  else if (only_list)
    if (const auto home = home_of(key, path)) help = *home;
  report.error("FS0102", place, full, fmt::format("unknown key '{}' {}", key, where), help);
}

}  // namespace fieldscan::scan
