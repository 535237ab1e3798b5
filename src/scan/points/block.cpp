#include "block.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../schema/decode.hpp"
#include "../schema/point_schema.hpp"
#include "../schema/words.hpp"
#include "axis.hpp"
#include "block_parts.hpp"
#include "fieldscan/core/text.hpp"
#include "sections.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array<std::string_view, 6> point_sections{"data", "network", "ridge", "training", "precision", "seed"};
constexpr std::size_t most_dimensions = 64, most_variables = 1000, most_paths = 1000;

std::string_view head(std::string_view path) { return path.substr(0, path.find('.')); }

void all_paths(const std::vector<FieldInfo>& fields, const std::string& prefix, std::set<std::string>& out) {
  for (const auto& field : fields) {
    const std::string path = prefix.empty() ? std::string(field.name) : prefix + "." + std::string(field.name);
    out.insert(path);
    all_paths(field.schema.fields, path, out);
    for (const auto& kind : field.schema.kinds) all_paths(kind.fields, path, out);
  }
}

class BlockReader {
 public:
  BlockReader(const Node* node, Reading& reading) : node_(node), reading_(reading), report_(reading.report) {}

  Block run() {
    out_.place = node_ ? node_->place : Place{1, 1};
    for (const auto section : point_sections)
      if (const Entry* entry = reading_.root.find(section)) {
        const bool structure = section == "data" || section == "network";
        if (!structure || entry->value.is_mapping()) tree_.entries.push_back(*entry);
      }
    if (node_)
      for (const auto& entry : node_->entries)
        if (std::ranges::find(block_keys, entry.key) == block_keys.end())
          unknown_key(report_, entry.key, entry.place, "scan", block_keys);
    read_variables(reading_.root.get("let"));
    if (node_) {
      read_variables(node_->get("let"));
      read_fixed();
      gather_axes();
    }
    read_axes();
    read_where();
    if (!too_many_) make_variants(parts_, reading_);
    for (const auto& [name, value] : variables_) out_.variables.push_back({name, value.place});
    return std::move(out_);
  }

 private:
  bool is_variable(std::string_view path) const { return parts_.is_variable(path); }

  void read_variables(const Node* let) {
    if (!let) return;
    if (!let->is_mapping()) {
      report_.error("FS0201", let->place, "let",
                    fmt::format("found {}; `let` maps names to numbers or expressions", describe(*let)),
                    "let: {alpha: 1}");
      return;
    }
    if (let->entries.size() > most_variables) {
      report_.error("FS0221", let->place, "let", fmt::format("{} variables", let->entries.size()),
                    fmt::format("at most {}", most_variables));
      return;
    }
    for (const auto& entry : let->entries) {
      if (!is_identifier(entry.key) || find_observable(entry.key) || is_dimension(entry.key) ||
          is_point_section(entry.key) || entry.key == "pi" || entry.key == "true" || entry.key == "false")
        report_.error("FS0606", entry.place, "let", fmt::format("'{}' can not be the name of a variable", entry.key),
                      "a new word of letters, digits and '_', at most 100: no section, observable or dimension");
      else
        parts_.set_variable(entry.key, entry.value);
    }
  }

  /// Whether a path can stand in grid, zip and fixed; says why not.
  bool check_path(const std::string& path, Place place) {
    if (is_variable(path)) return true;
    if (std::ranges::find(block_keys, path) != block_keys.end() && path != "name") {
      report_.error("FS0211", place, path, fmt::format("'{}' is not a field of the points", path),
                    fmt::format("write `{}` beside `grid`, in the block itself", path));
      return false;
    }
    if (path == "data" || path == "network") {
      report_.error("FS0211", place, path, fmt::format("'{}' is a section", path),
                    fmt::format("name one of its fields: {}.…", path));
      return false;
    }
    if (is_point_section(path)) return true;
    if (report_.full()) {
      report_.leave_out();
      return false;
    }
    std::set<std::string> known;
    all_paths(point_schema().fields, "", known);
    std::vector<std::string_view> whole, candidates;
    for (const auto& candidate : known) {
      candidates.push_back(candidate);
      if (candidate.substr(candidate.rfind('.') + 1) == path) whole.push_back(candidate);
    }
    for (const auto& variable : variables_) candidates.push_back(variable.first);
    const std::string help = whole.empty() ? suggestion(path, candidates,
                                                        "a path begins with data, network, ridge, training, precision "
                                                        "or seed; or declare the name under `let`; known")
                                           : fmt::format("write the full path: {}", join_or(whole));
    report_.error("FS0211", place, path,
                  fmt::format("'{}' is neither a field of the points nor a variable of `let`", path), help);
    return false;
  }

  void set(const std::string& path, const Node& value, Place place) { parts_.set(path, value, place, report_); }

  bool few_paths(const Node& mapping, const char* key) {
    const std::size_t count = mapping.entries.size() + fixed_.size() + raw_.size();
    if (count <= most_paths) return true;
    report_.error("FS0221", mapping.place, key, fmt::format("{} paths in one block", count),
                  fmt::format("at most {}", most_paths));
    return false;
  }

  void read_fixed() {
    const Node* fixed = node_->get("fixed");
    if (!fixed) return;
    if (!fixed->is_mapping()) {
      report_.error("FS0201", fixed->place, "fixed",
                    fmt::format("found {}; `fixed` maps paths to values", describe(*fixed)),
                    "fixed: {network.width: 300}");
      return;
    }
    if (!few_paths(*fixed, "fixed")) return;
    for (const auto& entry : fixed->entries)
      if (check_path(entry.key, entry.place)) {
        fixed_.push_back(entry.key);
        set(entry.key, entry.value, entry.place);
      }
  }

  struct Raw {
    const Entry* entry;
    std::size_t dimension;
    bool zipped;
  };

  void gather(const Node& mapping, bool zipped) {
    if (!mapping.is_mapping()) {
      report_.error("FS0201", mapping.place, zipped ? "zip" : "grid",
                    fmt::format("found {}; paths and their values belong here", describe(mapping)),
                    "grid: {network.width: [64, 128]}");
      return;
    }
    if (!few_paths(mapping, zipped ? "zip" : "grid")) return;
    for (const auto& entry : mapping.entries) {
      if (!check_path(entry.key, entry.place)) continue;
      const bool twice =
          std::ranges::find_if(raw_, [&](const Raw& r) { return r.entry->key == entry.key; }) != raw_.end();
      if (twice || std::ranges::find(fixed_, entry.key) != fixed_.end()) {
        report_.error("FS0214", entry.place, entry.key, fmt::format("'{}' is given twice in this block", entry.key),
                      "a path stands once in grid, zip or fixed");
        continue;
      }
      raw_.push_back({&entry, dimensions_, zipped});
      if (!zipped) ++dimensions_;
    }
    if (zipped && !mapping.entries.empty()) ++dimensions_;
  }

  void gather_axes() {
    if (const Node* grid = node_->get("grid")) gather(*grid, false);
    if (const Node* zip = node_->get("zip")) {
      if (zip->is_sequence())
        for (const auto& group : zip->items) gather(group, true);
      else
        gather(*zip, true);
    }
    if (dimensions_ <= most_dimensions) return;
    report_.error("FS0220", node_->place, "scan", fmt::format("a block of {} axes", dimensions_),
                  fmt::format("at most {}", most_dimensions));
    too_many_ = true;
  }

  /// The points as they are with the first value of every axis, for the types of fields. What is wrong with it is said
  /// later.
  PointSpec first_point() {
    Node tree = tree_;
    for (const auto& raw : raw_)
      if (raw.entry->value.is_sequence() && !raw.entry->value.items.empty() && !is_variable(raw.entry->key)) {
        const Node& item = raw.entry->value.items.front();
        const Node* value = item.get("as") ? item.get("value") : nullptr;
        put(tree, raw.entry->key, value ? *value : item, raw.entry->place);
      }
    Report ignored;
    std::vector<Deferred> deferred;
    PointSpec spec;
    Decoder(ignored, deferred).structure(tree, point_schema().fields, &spec, "");
    return spec;
  }

  void read_axes() {
    PointSpec first = first_point();
    out_.sizes.assign(dimensions_, 0);
    out_.structural.assign(dimensions_, false);
    for (const auto& raw : raw_) {
      const std::string& path = raw.entry->key;
      const Located place = is_variable(path) ? Located{} : locate(point_schema(), &first, path);
      Axis axis{.path = path, .place = raw.entry->place, .dimension = raw.dimension};
      axis.entries = read_axis(raw.entry->value, place.field, report_, path);
      // Another header is another look at the file.
      axis.structural = path == "data.input.header" ||
                        std::ranges::any_of(axis.entries, [](const AxisEntry& e) { return !e.scalar; });
      if (axis.entries.size() == 1 && !raw.zipped)
        report_.warning("FS0604", raw.entry->value.place, path, fmt::format("the axis '{}' has one value", path),
                        "put it under `fixed`, or in its section");
      auto& size = out_.sizes[raw.dimension];
      if (size != 0 && size != axis.entries.size() && !axis.entries.empty())
        report_.error("FS0216", raw.entry->value.place, path,
                      fmt::format("'{}' has {} values, its partners in `zip` have {}", path, axis.entries.size(), size),
                      "zipped lists have the same length");
      if (size == 0) size = axis.entries.size();
      if (axis.structural) out_.structural[raw.dimension] = true;
      out_.axes.push_back(std::move(axis));
    }
    // A dimension that selects variants does so with all of its axes.
    for (auto& axis : out_.axes) axis.structural = out_.structural[axis.dimension];
  }

  void read_where() {
    const Node* where = node_ ? node_->get("where") : nullptr;
    if (where && !where->is_scalar())
      report_.error("FS0201", where->place, "where",
                    fmt::format("found {}; `where` is an expression", describe(*where)),
                    "where: \"width != train_size\"");
    else
      parts_.where = where;
  }

  const Node* node_;
  Reading& reading_;
  Report& report_;
  BlockParts parts_;
  Block& out_ = parts_.block;
  Node& tree_ = parts_.tree;
  std::vector<std::pair<std::string, Node>>& variables_ = parts_.variables;
  std::vector<std::string> fixed_;
  std::vector<Raw> raw_;
  std::size_t dimensions_ = 0;
  bool too_many_ = false;
};

}  // namespace

bool is_point_section(std::string_view path) {
  return std::ranges::find(point_sections, head(path)) != point_sections.end();
}

Block read_block(const Node* node, Reading& reading) { return BlockReader(node, reading).run(); }

}  // namespace fieldscan::scan
