#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "tree.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t node_limit = 200000;

Place place_of(const YAML::Mark& mark) { return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1}; }

/// Thrown inside the event handler to leave the parser; never escapes this file.
struct TooLarge {
  Place place;
};

std::size_t count_nodes(const Node& node) {
  std::size_t n = 1;
  for (const auto& item : node.items) n += count_nodes(item);
  for (const auto& entry : node.entries) n += count_nodes(entry.value);
  return n;
}

/// Moves a copied subtree to where its alias stands, so that diagnostics name the place of use.
void move_to(Node& node, Place place) {
  node.place = place;
  for (auto& item : node.items) move_to(item, place);
  for (auto& entry : node.entries) {
    entry.place = place;
    move_to(entry.value, place);
  }
}

/// Builds our tree from the parser's events, which carry exact places (the library's own nodes lose those of aliases and keys).
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(Report& report) : report_(report) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2)
      report_.error("FS0004", place_of(mark), "", "a second document in one file",
                    "remove the line '---'; one file holds one scan");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(Node{.kind = Node::Kind::null, .place = place_of(mark)}, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node copy;
    if (const auto found = anchors_.find(anchor); found != anchors_.end()) copy = found->second;
    count_ += count_nodes(copy);
    if (count_ > node_limit) throw TooLarge{place_of(mark)};
    move_to(copy, place_of(mark));
    add(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(tag, mark);
    // A plain ~ or null is YAML's way to write nothing.
    const bool quoted = tag != "?";
    Node node{.kind = Node::Kind::scalar, .place = place_of(mark), .text = value, .quoted = quoted};
    if (!quoted && (value == "~" || value == "null" || value == "Null" || value == "NULL" || value.empty()))
      node.kind = Node::Kind::null;
    add(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check_tag(tag, mark);
    open(Node{.kind = Node::Kind::sequence, .place = place_of(mark)}, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check_tag(tag, mark);
    open(Node{.kind = Node::Kind::mapping, .place = place_of(mark)}, anchor);
  }
  void OnMapEnd() override { close(); }
  void OnAnchor(const YAML::Mark&, const std::string&) override {}

  Node take() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool expects_key = true;
    bool bad_key = false;
    std::string key = {};
    Place key_place = {};
  };

  void check_tag(const std::string& tag, const YAML::Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    report_.error("FS0007", place_of(mark), "", fmt::format("a type tag '{}'", tag),
                  "remove it; what a value is follows from its field");
  }
  void open(Node node, YAML::anchor_t anchor) { stack_.push_back({std::move(node), anchor}); }
  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(done.node), done.anchor);
  }
  void add(Node node, YAML::anchor_t anchor) {
    if (++count_ > node_limit) throw TooLarge{node.place};
    if (anchor) anchors_[anchor] = node;
    if (stack_.empty()) {
      if (documents_ <= 1) root_ = std::move(node);
      return;
    }
    Open& top = stack_.back();
    if (top.node.is_sequence())
      top.node.items.push_back(std::move(node));
    else if (top.expects_key)
      add_key(top, node);
    else
      add_value(top, std::move(node));
  }
  void add_key(Open& top, const Node& node) {
    top.expects_key = false;
    top.key = node.text;
    top.key_place = node.place;
    top.bad_key = false;
    if (!node.is_scalar()) {
      report_.error("FS0007", node.place, "", "a key that is not a word", "keys are words: 'key: value'");
      top.bad_key = true;
    } else if (node.text == "<<") {
      report_.error("FS0005", node.place, "", "a merge key '<<' (YAML 1.2 does not have it)",
                    "write the fields out, or set them in `fixed` of a block");
      top.bad_key = true;
    } else if (const Entry* first = top.node.find(node.text)) {
      report_.error("FS0003", node.place, "", fmt::format("duplicate key '{}'", node.text),
                    fmt::format("it is already given in line {}, column {}: keep one of the two", first->place.line,
                                first->place.column));
      top.bad_key = true;
    }
  }
  void add_value(Open& top, Node node) {
    top.expects_key = true;
    if (top.bad_key) return;
    if (node.kind == Node::Kind::null) {
      const auto colon = top.key.find(':');
      const std::string help = colon != std::string::npos
                                   ? fmt::format("missing space after ':'? write '{}: {}'", top.key.substr(0, colon),
                                                 top.key.substr(colon + 1))
                                   : "write a value after ':', or remove the key";
      report_.error("FS0006", top.key_place, top.key, fmt::format("'{}' has no value", top.key), help);
      return;
    }
    top.node.entries.push_back({std::move(top.key), top.key_place, std::move(node)});
  }

  Report& report_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  std::size_t count_ = 0;
  int documents_ = 0;
};

/// The library takes tabs for indentation in places and then reads another structure than the eye does.
void reject_tabs(const std::string& text, Report& report) {
  int line = 1;
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t at = start;
    while (at < text.size() && text[at] == ' ') ++at;
    if (at < text.size() && text[at] == '\t') {
      const auto content = text.find_first_not_of(" \t", at);
      if (content != std::string::npos && text[content] != '\n' && text[content] != '#' && text[content] != '\r')
        report.error("FS0002", {line, static_cast<int>(at - start) + 1}, "", "a tab in the indentation",
                     "indent with spaces");
    }
    const auto end = text.find('\n', start);
    if (end == std::string::npos) break;
    start = end + 1;
    ++line;
  }
}

std::string remedy(const std::string& message) {
  if (message.find("end of map") != std::string::npos || message.find("end of sequence") != std::string::npos)
    return "check the brackets and the indentation of this line and the one before";
  if (message.find("illegal map value") != std::string::npos) return "a text that contains ': ' needs quotes";
  return "see the line above too: the parser notices a slip after it has happened";
}

bool parse_into(Builder& builder, const std::string& text, Report& report) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const TooLarge& large) {
    report.error("FS0008", large.place, "", "the file grows beyond all measure (aliases of aliases?)",
                 "write values out instead of aliases");
  } catch (const YAML::Exception& error) {
    const std::string message = error.msg;
    report.error("FS0001", error.mark.is_null() ? Place{1, 1} : place_of(error.mark), "",
                 fmt::format("not YAML: {}", message), remedy(message));
  }
  return false;
}

}  // namespace

Node parse_yaml(const std::string& text, Report& report) {
  reject_tabs(text, report);
  if (report.error_count()) return {};
  Builder builder(report);
  const bool complete = parse_into(builder, text, report);
  Node root = builder.take();
  if (complete && root.kind == Node::Kind::null) {
    report.error("FS0009", {1, 1}, "", "an empty file", "`fieldscan init` writes a scan to start from");
  } else if (complete && !root.is_mapping()) {
    report.error("FS0009", root.place, "",
                 fmt::format("a scan file is a mapping of sections, this is {}", describe(root)),
                 "start with 'fieldscan: 1'");
  }
  return root;
}

Node parse_value(const std::string& text, Report& report, const std::string& path) {
  Report inner;
  Builder builder(inner);
  parse_into(builder, text, inner);
  for (const auto& d : inner.sorted())
    report.error("FS0112", {}, path, fmt::format("--set {}={}: {}", path, text, d.message), d.help);
  Node node = builder.take();
  move_to(node, {});
  return node;
}

}  // namespace fieldscan::scan
