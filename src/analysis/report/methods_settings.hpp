#pragma once
#include <map>
#include <set>
#include <string>

#include "../table/table.hpp"

/// The settings of a campaign, as the paragraph on methods has them.
namespace fieldscan::analysis {

/// Numbers by their value, then words.
struct BySize {
  bool operator()(const std::string& a, const std::string& b) const;
};
using SettingValues = std::set<std::string, BySize>;
/// Settings by path, with all values that points have.
using Settings = std::map<std::string, SettingValues>;

/// The settings of the points that one kind of trainer trains, or none does, fields at their defaults left out; and how
/// many points these are. Values of axes stand with the digits that networks were trained with.
std::map<std::string, Settings> settings_of(const Table& table, std::map<std::string, std::size_t>& points);

/// A value as the identity of a point has it, in the words of a reader: "sphere@1" is sphere, "[48]" is 48,
/// "{1:0.7,3:0.3,}" is {1: 0.7, 3: 0.3}.
std::string plain_value(const std::string& canonical);

/// "network.width = 32 | 64"; of more than six values their number and range.
std::string setting_text(const std::string& path, const SettingValues& values);

}  // namespace fieldscan::analysis
