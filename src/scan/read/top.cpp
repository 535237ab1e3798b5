#include "top.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../expression/constant.hpp"
#include "../points/block.hpp"
#include "../schema/decode.hpp"
#include "../schema/point_schema.hpp"
#include "../schema/words.hpp"
#include "../text/identifier.hpp"
#include "../text/number.hpp"
#include "../text/parse_yaml.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::scan {
namespace {

constexpr double most_blocks = 1000;
constexpr double most_block_values = 2e7;  ///< values of the file, read again for every block

}  // namespace

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

void rename_replicas(Node& root, Report& report) {
  const auto rename = [&](Node& node) {
    for (Entry& entry : node.entries) {
      if (entry.key != "replicas") continue;
      if (node.get("ensemble"))
        report.error("FS0306", entry.place, "replicas", "`replicas` and `ensemble` are two words for one section",
                     "keep one of them");
      else
        entry.key = "ensemble";
    }
    std::erase_if(node.entries, [](const Entry& entry) { return entry.key == "replicas"; });
  };
  rename(root);
  for (Entry& entry : root.entries) {
    if (entry.key != "scan") continue;
    rename(entry.value);
    for (Node& block : entry.value.items) rename(block);
  }
}

void spell_output_scale(Node& root, Report& report) {
  Entry* network = root.find("network");
  Entry* scale = network ? network->value.find("output_scale") : nullptr;
  if (!scale || !scale->value.is_scalar()) return;
  if (network->value.find("chi")) {
    report.error("FS0113", scale->value.place, "network.output_scale",
                 "`output_scale` and `chi` both say how large the output is",
                 "give one of them: χ = σ_a²/(N s²) for f = s Σ a φ");
    std::erase_if(network->value.entries, [](const Entry& entry) { return entry.key == "output_scale"; });
    return;
  }
  if (const auto number = parse_number(scale->value.text); number && !(*number > 0)) {
    report.error("FS0113", scale->value.place, "network.output_scale",
                 fmt::format("`output_scale` is the size of the output, above 0, and {:g} is given", *number),
                 "its sign is that of the readout: network.initial.readout: {values: [-1, …]}");
    std::erase_if(network->value.entries, [](const Entry& entry) { return entry.key == "output_scale"; });
    return;
  }
  scale->key = "chi";
  scale->value.text = fmt::format("network.readout_variance / (network.width * ({})^2)", scale->value.text);
}

std::vector<Deferred> check_sections(const Node& root, Report& report) {
  Node sections{.kind = Node::Kind::mapping, .place = root.place};
  for (const auto& entry : root.entries)
    if (is_point_section(entry.key)) sections.entries.push_back(entry);
  Report own;
  std::vector<Deferred> deferred;
  PointSpec spec;
  Decoder(own, deferred).structure(sections, point_schema().fields, &spec, "");
  for (const auto& d : own.sorted())
    if (d.code != "FS0103") report.error(d.code.c_str(), d.place, d.path, d.message, d.help);
  return deferred;
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

}  // namespace fieldscan::scan
