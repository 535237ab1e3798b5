#include "groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sites.hpp"

namespace fieldscan::analysis {
namespace {

/// Axes that move together with one that is free: zipped in the same block.
void free_zipped(const Table& table, std::set<std::string>& free, const std::set<std::string>& kept) {
  for (const auto& block : table.blocks) {
    const bool moves =
        std::ranges::any_of(block, [&](const auto& axis) { return axis.zipped && free.contains(axis.path); });
    for (const auto& axis : block)
      if (moves && axis.zipped && !kept.contains(axis.path)) free.insert(axis.path);
  }
}

using Key = std::map<std::string, std::string>;

Key key_of(const Context& context, const Site& site, const std::set<std::string>& names) {
  Key key;
  for (const std::string& name : names) {
    const std::string label = label_at(context, site, name);
    if (!label.empty()) key[name] = label;
  }
  return key;
}

/// Names along which the abscissa varies while all others stay.
std::set<std::string> moved_by(const Context& context, const std::vector<Site>& sites,
                               const std::set<std::string>& names, const scan::Mentions& versus) {
  std::set<std::string> moving;
  for (const std::string& name : names) {
    std::set<std::string> others = names;
    others.erase(name);
    std::map<Key, double> seen;
    for (const Site& site : sites) {
      const double x = evaluate(context, versus, site).value;
      const auto [entry, is_new] = seen.emplace(key_of(context, site, others), x);
      if (!is_new && entry->second != x) moving.insert(name);
    }
  }
  return moving;
}

std::string short_name(const Table& table, const std::string& name) {
  const auto axis = std::ranges::find(table.axes, name, &Axis::path);
  return axis == table.axes.end() ? name.substr(name.rfind('.') + 1) : axis->short_name;
}

/// The first field, not an axis, by which points differ; empty where there is none.
std::string field_apart(const Context& context, const Site& a, const Site& b) {
  const Table& table = *context.table;
  for (const scan::NamedValue& field : table.points.at(a.point).point.names) {
    const bool axis = std::ranges::find(table.axes, field.path, &Axis::path) != table.axes.end();
    if (!axis && label_at(context, a, field.path) != label_at(context, b, field.path)) return field.path;
  }
  return "";
}

/// The fields that keep apart what different blocks have at one abscissa.
std::set<std::string> fields_apart(const Context& context, const Group& group, const scan::Mentions& versus) {
  const auto block_of = [&](const Site& site) { return context.table->points.at(site.point).point.block; };
  std::set<std::string> apart;
  std::map<double, std::vector<Site>> seen;
  for (const Site& site : group.sites) {
    std::vector<Site>& same = seen[evaluate(context, versus, site).value];
    for (const Site& other : same)
      if (block_of(other) != block_of(site) && key_of(context, other, apart) == key_of(context, site, apart))
        if (const std::string field = field_apart(context, other, site); !field.empty()) apart.insert(field);
    same.push_back(site);
  }
  return apart;
}

void add_labels(const Table& table, std::vector<Group>& groups) {
  std::map<std::string, std::set<std::string>> values;
  for (const Group& group : groups)
    for (const auto& [name, label] : group.key) values[name].insert(label);
  for (Group& group : groups)
    for (const auto& [name, label] : group.key)
      if (values[name].size() > 1)
        group.label += fmt::format("{}{} = {}", group.label.empty() ? "" : ", ", short_name(table, name), label);
}

}  // namespace

std::vector<Group> split_blocks(const Context& context, const std::vector<Group>& groups,
                                const scan::Mentions& versus) {
  if (context.table->blocks.size() < 2) return groups;
  std::vector<Group> result;
  for (const Group& group : groups) {
    const std::set<std::string> apart = fields_apart(context, group, versus);
    std::map<Key, std::size_t> position;
    for (const Site& site : group.sites) {
      Key key = key_of(context, site, apart);
      const auto [entry, is_new] = position.emplace(key, result.size());
      key.insert(group.key.begin(), group.key.end());
      if (is_new) result.push_back({std::move(key), "", {}});
      result[entry->second].sites.push_back(site);
    }
  }
  return result;
}

std::vector<Group> group_sites(const Context& context, const std::vector<Site>& sites, std::set<std::string> free,
                               const std::vector<std::string>& by, const scan::Mentions* versus) {
  const Table& table = *context.table;
  const std::set<std::string> kept = full_names(context, by);
  free_zipped(table, free, kept);
  std::set<std::string> names = kept;
  for (const Axis& axis : table.axes) names.insert(axis.path);
  names.insert("time");
  for (const Site& site : sites)
    if (!site.dimension.empty()) names.insert(site.dimension);
  std::erase_if(names, [&](const std::string& name) { return free.contains(name) && !kept.contains(name); });
  if (versus) {
    const std::set<std::string> mentioned = names_in(*versus);
    const bool on_axis = mentioned.contains("time") || std::ranges::any_of(mentioned, [&](const std::string& name) {
                           return std::ranges::find(table.axes, name, &Axis::path) != table.axes.end() ||
                                  (!sites.empty() && name == sites[0].dimension);
                         });
    if (!on_axis)
      for (const std::string& name : moved_by(context, sites, names, *versus))
        if (!kept.contains(name)) names.erase(name);
  }
  std::vector<Group> groups;
  std::map<Key, std::size_t> position;
  for (const Site& site : sites) {
    const Key key = key_of(context, site, names);
    const auto [entry, is_new] = position.emplace(key, groups.size());
    if (is_new) groups.push_back({key, "", {}});
    groups[entry->second].sites.push_back(site);
  }
  if (versus) groups = split_blocks(context, groups, *versus);
  add_labels(table, groups);
  return groups;
}

}  // namespace fieldscan::analysis
