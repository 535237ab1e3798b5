#pragma once
#include <memory>

#include "fieldscan/data/input/file.hpp"
#include "parsed.hpp"

namespace fieldscan::scan {

/// What all blocks of a file share while they are read.
struct Reading {
  const Node& root;
  Report& report;
  std::set<std::string> used;             ///< names mentioned in expressions, statements and `where`
  std::filesystem::path folder;           ///< of the scan file: where relative paths start
  data::DataFiles known;                  ///< files that are not looked at again
  data::DataFiles files = {};             ///< that the points name
  std::set<std::string> unreadable = {};  ///< paths that were reported
  std::set<std::string> unbuilt_theories;
  double points = 0, variants = 0;  ///< combinations of the blocks so far
};

inline constexpr std::array<std::string_view, 10> block_keys{"name",  "let",      "grid",    "zip",    "fixed",
                                                             "where", "ensemble", "observe", "theory", "times"};

/// Reads a block of `scan` (nullptr: the file has none, and is one point) into axes and variants.
Block read_block(const Node* node, Reading& reading);

/// The sections that make a point.
bool is_point_section(std::string_view path);

}  // namespace fieldscan::scan
