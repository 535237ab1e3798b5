#include "tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace fieldscan::scan {

const Entry* Node::find(std::string_view key) const {
  const auto it = std::ranges::find(entries, key, &Entry::key);
  return it == entries.end() ? nullptr : &*it;
}
Entry* Node::find(std::string_view key) {
  const auto it = std::ranges::find(entries, key, &Entry::key);
  return it == entries.end() ? nullptr : &*it;
}
const Node* Node::get(std::string_view key) const {
  const Entry* entry = find(key);
  return entry ? &entry->value : nullptr;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
    case Node::Kind::scalar:
      break;
  }
  const bool number = !node.text.empty() && node.text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  return number ? fmt::format("the number {}", node.text) : fmt::format("the text '{}'", node.text.substr(0, 60));
}

bool put(Node& root, std::string_view path, Node value, Place key_place) {
  Node* node = &root;
  while (true) {
    if (node->is_scalar() && !node->quoted) {
      Node kind{.kind = Node::Kind::mapping, .place = node->place};
      kind.entries.push_back({"kind", node->place, *node});
      *node = std::move(kind);
    }
    if (node->is_sequence()) {
      const auto part = path.substr(0, path.find('.'));
      std::size_t position = 0;
      const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), position);
      if (error != std::errc{} || end != part.data() + part.size() || position >= node->items.size()) return false;
      node = &node->items[position];
      if (part.size() == path.size()) {
        *node = std::move(value);
        return true;
      }
      path.remove_prefix(part.size() + 1);
      continue;
    }
    if (!node->is_mapping()) return false;
    if (Entry* whole = node->find(path)) {
      whole->value = std::move(value);
      return true;
    }
    const auto dot = path.find('.');
    const auto part = path.substr(0, dot);
    if (part.empty()) return false;
    if (dot == std::string_view::npos) {
      node->entries.push_back({std::string(part), key_place, std::move(value)});
      return true;
    }
    Entry* next = node->find(part);
    if (!next) {
      node->entries.push_back({std::string(part), key_place, Node{.kind = Node::Kind::mapping, .place = key_place}});
      next = &node->entries.back();
    }
    node = &next->value;
    path.remove_prefix(dot + 1);
  }
}

std::size_t count_nodes(const Node& node) {
  std::size_t n = 1;
  for (const auto& item : node.items) n += count_nodes(item);
  for (const auto& entry : node.entries) n += count_nodes(entry.value);
  return n;
}

}  // namespace fieldscan::scan
