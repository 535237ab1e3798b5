#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "report.hpp"

namespace fieldscan::scan {

struct Entry;

/// A YAML document whose every node knows where it stands.
struct Node {
  enum class Kind { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  Place place = {};
  std::string text = {};  ///< scalar
  bool quoted = false;    ///< scalar in quotes or a block scalar: never a bare number, boolean or null
  std::vector<Node> items;
  std::vector<Entry> entries;  ///< mapping, in the order of the file

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_mapping() const { return kind == Kind::mapping; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_plain() const { return kind == Kind::scalar && !quoted; }
  const Entry* find(std::string_view key) const;
  Entry* find(std::string_view key);
  /// The value under a key, or nullptr.
  const Node* get(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place place;  ///< of the key
  Node value;
};

/// "a mapping", "a list", "the word 'abc'", "the number 3".
std::string describe(const Node& node);

/// How many nodes a tree has, itself included.
std::size_t count_nodes(const Node& node);

/// Puts a value at a dotted path, making mappings on the way; a bare word that stands for a kind becomes {kind: word}.
/// At every mapping the whole remaining path is tried as a key first, so that `scan.grid.network.width` is reached too;
/// in a list a part is a position. Returns false where the path runs into something else.
bool put(Node& root, std::string_view path, Node value, Place key_place);

}  // namespace fieldscan::scan
