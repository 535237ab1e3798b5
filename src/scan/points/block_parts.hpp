#pragma once
#include "block.hpp"

namespace fieldscan::scan {

/// A block while it is read: what its points are decoded from.
struct BlockParts {
  Block block = {};
  Node tree{.kind = Node::Kind::mapping};  ///< the sections, with what the block fixes
  std::vector<std::pair<std::string, Node>> variables = {};
  const Node* where = nullptr;

  bool is_variable(std::string_view path) const;
  void set_variable(const std::string& name, const Node& value);
  /// Puts a value where a path leads: a variable, or a field of the tree.
  void set(const std::string& path, const Node& value, Place place, Report& report);
};

/// Decodes and compiles one variant per combination of structural axis values; none where one of them has an error.
void make_variants(BlockParts& parts, Reading& reading);

}  // namespace fieldscan::scan
