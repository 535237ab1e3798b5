#pragma once
#include <memory>

#include "fieldscan/data/input/file.hpp"
#include "parsed.hpp"

namespace fieldscan::scan {

/// What all blocks of a file share while they are read.
struct Reading {
  const Node& root;
  Report& report;
  std::set<std::string> used;  ///< names mentioned in expressions, statements and `where`
  std::map<std::string, std::shared_ptr<const data::FileFacts>> files;
  std::set<std::string> unbuilt_theories;
  double points = 0, variants = 0;  ///< combinations of the blocks so far
};

/// Reads a block of `scan` (nullptr: the file has none, and is one point) into axes and variants.
Block read_block(const Node* node, Reading& reading);

/// The sections that make a point.
bool is_point_section(std::string_view path);

}  // namespace fieldscan::scan
